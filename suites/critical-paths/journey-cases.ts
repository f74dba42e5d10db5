// What became of each journey, from what Playwright told of its tests. Pure; used by critical-paths.check.ts.
import type { Case, JourneyId } from '../../gates/model.ts';
import type { TestEnd } from '../instruments/journeys/protocol.ts';
import type { Coverage } from './coverage.ts';

/** Longest detail of a case, characters. */
const DETAIL = 300;

/** Whose test a file holds; one file may stand for several. */
export function journeysIn(file: string, coverage: Coverage): readonly JourneyId[] {
  const entries = Object.entries(coverage) as [JourneyId, NonNullable<Coverage[JourneyId]>][];
  return entries.flatMap(([id, kind]) => {
    const isIts = typeof kind === 'object' && 'spec' in kind ? kind.spec === file : /([^/\\]+)\.journey\.[jt]s$/.exec(file)?.[1] === id;
    return isIts ? [id] : [];
  });
}

/** `trouble`: what went wrong beside the tests, as a reason for journeys that have no outcome. */
export function journeyCases(coverage: Coverage, ends: readonly TestEnd[], trouble: readonly string[]): Case[] {
  return (Object.keys(coverage) as JourneyId[]).map((id) => {
    const kind = coverage[id];
    const own = ends.filter(({ file }) => journeysIn(file, coverage).includes(id));
    if (typeof kind === 'object' && 'notRun' in kind) return { id, state: 'not-run', detail: kind.notRun };
    return { id, ...outcomeOf(own, trouble) };
  });
}

type Outcome = Pick<Case, 'state' | 'detail'>;

/** The worst of its tests. */
function outcomeOf(ends: readonly TestEnd[], trouble: readonly string[]): Outcome {
  if (ends.length === 0) return { state: 'not-run', detail: clip(trouble[0] ?? 'Playwright found no test of it.') };
  const tests = Map.groupBy(ends, ({ file, title }) => `${file}\n${title}`);
  const outcomes = [...tests.values()].map(testOutcome);
  for (const state of ['failed', 'not-run', 'flaky'] as const) {
    const found = outcomes.find((one) => one.state === state);
    if (found !== undefined) return found;
  }
  return { state: 'ok', detail: '' };
}

function testOutcome(tries: readonly TestEnd[]): Outcome {
  const last = tries.toSorted((a, b) => a.attempt - b.attempt).at(-1);
  const failed = tries.find(({ status }) => status === 'failed' || status === 'timed-out');
  if (last?.status === 'passed') return failed === undefined ? { state: 'ok', detail: '' } : { state: 'flaky', detail: `At first: ${wordsFor(failed)}` };
  if (failed !== undefined) return { state: 'failed', detail: wordsFor(last?.status === 'failed' ? last : failed) };
  if (last?.status === 'skipped') return { state: 'not-run', detail: clip(last.errors[0] || 'Its test was skipped.') };
  return { state: 'not-run', detail: 'It was interrupted.' };
}

function wordsFor({ errors, status, durationMs }: TestEnd): string {
  const first = errors.find((text) => text.trim() !== '');
  if (first === undefined) return status === 'timed-out' ? `It had not ended after ${Math.round(durationMs / 1000)} s.` : 'It failed without words.';
  return clip(sentenceOf(errors, first));
}

/** What was expected, and the first line of what was seen. A time limit says little by itself: what was waited for stands in the error after it. */
function sentenceOf(errors: readonly string[], first: string): string {
  const text = first.startsWith('Test timeout') ? [first, ...errors.filter((error) => error !== first)].join('\n') : first;
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at ') && !/^(Call log|[-+] (waiting|unexpected)|\d+ \|)/.test(line));
  const head = (lines[0] ?? '').replace(/^Error: /, '');
  const seen = lines.slice(1).filter((line) => /^(Expected|Received|Error:|Locator:|Timeout:|Expected (substring|string|pattern))/.test(line));
  return [head, ...seen.slice(0, 3)].join(' · ').replaceAll(/\s+/g, ' ');
}

const clip = (text: string): string => (text.length <= DETAIL ? text : `${text.slice(0, DETAIL - 1)}…`);
