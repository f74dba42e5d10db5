// kill -9 at every line of a journal, and what a resumed run makes of it: the same verdicts, no complete round measured twice, papers that hold.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunReport } from './model.ts';
import { examine, isExamined } from './paper/examine.ts';
import { isOpen, makeBundle, openBundle } from './paper/bundle.ts';
import { runInFolder } from './paper/sealed-run.ts';
import { eventsOf } from './recorded.ts';
import { readJournal, type RunFolder, runFolder } from './run-folder.ts';
import type { Moment } from './testing/killable-run.ts';
import { viewOf } from './view.ts';

const MAIN = fileURLToPath(new URL('testing/killable-run.ts', import.meta.url));
/** As many processes at a time as the smallest machine of CI has cores. */
const AT_ONCE = 2;
/** Enough for a process that goes on to finish one round of the four checks that it begins side by side. */
const LINES_TO_LIVE = 16;
const MOST_GENERATIONS = 40;

let runs: string;
let whole: RunFolder;
let lines: number;
beforeAll(async () => {
  runs = mkdtempSync(join(tmpdir(), 'naap-gate-killed-'));
  whole = newFolder('whole');
  await ended(start('run', whole.path));
  lines = readJournal(whole).events.length;
});
afterAll(() => rmSync(runs, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}
function start(...args: string[]): ChildProcess {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(runs, 'compiled') };
  return spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
function ended(child: ChildProcess): Promise<Ended> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout?.resume();
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stderr })));
}
function newFolder(id: string): RunFolder {
  mkdirSync(join(runs, id));
  return runFolder(runs, id);
}

interface Killed {
  readonly folder: RunFolder;
  readonly when: string;
  /** `check round` of what was complete when it was killed. */
  readonly complete: readonly string[];
  readonly tornBytes: number;
  /** Names of the files that tell which rounds were begun until then. */
  readonly begunFiles: readonly string[];
  readonly hadBegun: boolean;
  readonly wasSealed: boolean;
}
function killed(folder: RunFolder, when: string): Killed {
  const journal = readJournal(folder);
  const complete = eventsOf(journal, 'round.finished').map(({ execution, round }) => `${execution.split('@')[0]} ${round}`);
  return {
    folder,
    when,
    complete,
    tornBytes: journal.chain.tornBytes,
    begunFiles: begunFiles(folder),
    hadBegun: journal.events.length > 0,
    wasSealed: journal.events.at(-1)?.event.type === 'run.finished',
  };
}
function begunFiles({ path }: RunFolder): string[] {
  return readdirSync(path).filter((name) => name.startsWith('begun-'));
}

async function killAt(line: number, moment: Moment): Promise<Killed> {
  const folder = newFolder(`${moment}-${line}`);
  const { signal, stderr } = await ended(start('kill', String(line), moment, folder.path));
  expect({ line, moment, signal, stderr }).toEqual({ line, moment, signal: 'SIGKILL', stderr: '' });
  return killed(folder, `${moment} line ${line}`);
}

/** One new process for all of them, as `--resume` would be one for each. */
async function resume(all: readonly Killed[]): Promise<void> {
  expect(await ended(start('resume', ...all.map(({ folder }) => folder.path)))).toEqual({ code: 0, signal: null, stderr: '' });
}

/** Everything that was judged, the digests of artifacts included, so the figures too. */
function outcome({ criteria, verdict, headline, exitCode, counts, scope, executions }: RunReport): unknown {
  return { criteria, verdict, headline, exitCode, counts, scope, executions: executions.map(({ id, rounds, outcome: how }) => ({ id, rounds, how })) };
}
/** Rounds that were complete when it was killed, and were begun once more. */
function begunAgainAfter({ folder, complete, begunFiles: before }: Killed): string[] {
  return begunFiles(folder)
    .filter((name) => !before.includes(name))
    .flatMap((name) => readFileSync(join(folder.path, name), 'utf8').split('\n'))
    .filter((line) => complete.includes(line));
}
/** Undefined where the resumed run is as the whole one; else what is not. */
function difference(one: Killed): unknown {
  const { folder, when, tornBytes, hadBegun, wasSealed } = one;
  const journal = readJournal(folder);
  const examined = examine(runInFolder(folder));
  const bundle = isExamined(examined) ? openBundle(makeBundle(examined, {}), 'the bundle') : examined;
  const isAlike = isDeepStrictEqual(outcome(viewOf(folder).report), outcome(viewOf(whole).report));
  const found = {
    begunAgain: begunAgainAfter(one),
    started: eventsOf(journal, 'run.started').length,
    observedFirst: eventsOf(journal, 'subject.observed')[0]?.when,
    dropped: eventsOf(journal, 'run.resumed').map(({ droppedBytes }) => droppedBytes),
    papers: isOpen(bundle) ? [] : bundle,
    outcome: isAlike ? 'as the whole run' : outcome(viewOf(folder).report),
  };
  const expected = {
    begunAgain: [],
    started: 1,
    observedFirst: 'before',
    dropped: hadBegun && !wasSealed ? [tornBytes] : [],
    papers: [],
    outcome: 'as the whole run',
  };
  return isDeepStrictEqual(found, expected) ? undefined : { when, found, expected };
}

test.each<Moment>(['after', 'torn', 'before'])('killed %s each line of the journal, a resumed run is the whole run', async (moment) => {
  const waiting = Array.from({ length: lines }, (_, index) => index + 1);
  const all: Killed[] = [];
  const worker = async (): Promise<void> => {
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) all.push(await killAt(line, moment));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await resume(all);
  expect(all).toHaveLength(lines);
  expect(all.flatMap((one) => difference(one) ?? [])).toEqual([]);
});

test('killed again and again, a run comes to its end, and each complete round was measured once', async () => {
  const folder = newFolder('again');
  const generations: Killed[] = [];
  const moments: readonly Moment[] = ['torn', 'after', 'before'];
  for (let moment = 0; moment < MOST_GENERATIONS; moment += 1) {
    const { signal, stderr } = await ended(start('kill', String(LINES_TO_LIVE), moments[moment % moments.length] ?? 'torn', folder.path));
    expect(stderr).toBe('');
    if (signal === null) break;
    generations.push(killed(folder, `generation ${moment}`));
  }
  const journal = readJournal(folder);
  expect(generations.length).toBeGreaterThan(3);
  expect(generations.length).toBeLessThan(MOST_GENERATIONS);
  expect(eventsOf(journal, 'run.resumed').map(({ droppedBytes }) => droppedBytes)).toEqual(generations.map(({ tornBytes }) => tornBytes));
  expect(eventsOf(journal, 'round.finished').map(({ execution, round }) => `${execution} ${round}`)).toHaveLength(
    new Set(eventsOf(journal, 'round.finished').map(({ execution, round }) => `${execution} ${round}`)).size,
  );
  expect(generations.flatMap((one) => begunAgainAfter(one))).toEqual([]);
  expect(outcome(viewOf(folder).report)).toEqual(outcome(viewOf(whole).report));
});

test('killed from outside at whatever moment it is, a resumed run is the whole run', async () => {
  const all: Killed[] = [];
  for (let dots = 1; dots <= lines; dots += 6) {
    const folder = newFolder(`outside-${dots}`);
    const child = start('run', folder.path);
    let written = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      written += chunk.length;
      if (written >= dots) child.kill('SIGKILL');
    });
    const { signal } = await ended(child);
    if (signal === 'SIGKILL') all.push(killed(folder, `after it had told of ${dots} lines`));
  }
  expect(all.length).toBeGreaterThan(0);
  await resume(all);
  expect(all.flatMap((one) => difference(one) ?? [])).toEqual([]);
});
