// What became of each journey, from what Playwright told of its tests. Pure; used by critical-paths.check.ts.
import type { Case, JourneyId } from '../../gates/model.ts';
import type { Test, TestEnd } from '../instruments/journeys/protocol.ts';
import type { Coverage } from './coverage.ts';
import { errorWords } from './error-words.ts';

/** Whose test a file holds; one file may stand for several. */
export function journeysIn(file: string, coverage: Coverage): readonly JourneyId[] {
  const entries = Object.entries(coverage) as [JourneyId, NonNullable<Coverage[JourneyId]>][];
  return entries.flatMap(([id, kind]) => {
    const isIts = typeof kind === 'object' && 'spec' in kind ? kind.spec === file : /([^/\\]+)\.journey\.[jt]s$/.exec(file)?.[1] === id;
    return isIts ? [id] : [];
  });
}

/** What Playwright told of its tests. */
export interface ToldTests {
  /** Those that were to run: one that never ended did not run, whatever the others did. */
  readonly announced: readonly Test[];
  readonly ends: readonly TestEnd[];
  /** What went wrong beside the tests, as a reason for those that have no outcome. */
  readonly trouble: readonly string[];
}

export function journeyCases(coverage: Coverage, { announced, ends, trouble }: ToldTests): Case[] {
  return (Object.keys(coverage) as JourneyId[]).map((id) => {
    const kind = coverage[id];
    const isOwn = ({ file }: Test): boolean => journeysIn(file, coverage).includes(id);
    if (typeof kind === 'object' && 'notRun' in kind) return { id, state: 'not-run', detail: kind.notRun };
    return { id, ...outcomeOf({ announced: announced.filter(isOwn), ends: ends.filter(isOwn), trouble }) };
  });
}

/** What the tests wrote and could not remove, each once, with the journeys that say so. It changes no outcome: what a person came for was there. */
export function leftBehind(coverage: Coverage, ends: readonly TestEnd[]): readonly string[] {
  const said = ends.flatMap(({ file, title, leftBehind: words }) => words.map((text) => ({ text, by: journeysIn(file, coverage).join('+') || title })));
  return [...Map.groupBy(said, ({ text }) => text)].map(([text, by]) => `${text} (${[...new Set(by.map((one) => one.by))].join(', ')})`);
}

type Outcome = Pick<Case, 'state' | 'detail'>;

/** The worst of its tests. */
function outcomeOf({ announced, ends, trouble }: ToldTests): Outcome {
  const tests = Map.groupBy(ends, testOf);
  const unreached = announced.filter((test) => !tests.has(testOf(test)));
  if (tests.size === 0 && unreached.length === 0)
    return { state: 'not-run', detail: trouble.length === 0 ? 'Playwright found no test of it.' : errorWords(trouble) };
  const outcomes = [...[...tests.values()].map(testOutcome), ...unreached.map((test) => unreachedOutcome(test, trouble))];
  for (const state of ['failed', 'not-run', 'flaky'] as const) {
    const found = outcomes.find((one) => one.state === state);
    if (found !== undefined) return found;
  }
  return { state: 'ok', detail: '' };
}

const testOf = ({ file, title }: Test): string => `${file}\n${title}`;

function unreachedOutcome({ title }: Test, trouble: readonly string[]): Outcome {
  return { state: 'not-run', detail: `"${title}" never ran. ${errorWords(trouble) || 'Playwright does not say why.'}` };
}

function testOutcome(tries: readonly TestEnd[]): Outcome {
  const last = tries.toSorted((a, b) => a.attempt - b.attempt).at(-1);
  const failed = tries.find(({ status }) => status === 'failed' || status === 'timed-out');
  if (last?.status === 'passed') return failed === undefined ? { state: 'ok', detail: '' } : { state: 'flaky', detail: `At first: ${wordsFor(failed)}` };
  if (failed !== undefined) return { state: 'failed', detail: wordsFor(last?.status === 'failed' ? last : failed) };
  if (last?.status === 'skipped') return { state: 'not-run', detail: errorWords(last.errors) || 'Its test was skipped.' };
  return { state: 'not-run', detail: 'It was interrupted.' };
}

function wordsFor({ errors, status, durationMs }: TestEnd): string {
  const words = errorWords(errors);
  if (words !== '') return words;
  return status === 'timed-out' ? `It had not ended after ${Math.round(durationMs / 1000)} s.` : 'It failed without words.';
}
