// Both stores by the same tests: what a run is does not depend on where it is kept.
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findAttempts, newestUnfinished } from '../../gates/attempts.ts';
import { openChain } from '../../gates/chain.ts';
import { withLedger } from '../../gates/ledger.ts';
import { examine, isExamined } from '../../gates/paper/examine.ts';
import { runInFolder } from '../../gates/paper/sealed-run.ts';
import { journalPath, ledgerPath, openJournal, readJournal, readArtifact, storeArtifact, type RunFolder } from '../../gates/run-folder.ts';
import { OUTLINE_LINES, outlineOf, type RunOutline } from '../../gates/run-outline.ts';
import type { RunStore } from '../../gates/run-store.ts';
import { createScrubber } from '../../gates/scrub.ts';
import { testEnvironment } from '../../gates/test-environment.ts';
import { check, go, round, states, SUBJECT } from '../../gates/test-run.ts';
import { owner } from '../../gates/testing/sealed-run.ts';
import { type Machine, machineAt, machineWith, measureIn, probe, sample, seal } from './testing/machine.ts';
import { startTestServer, type TestServer } from './testing/postgres.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

let machines: Machine[];
let directory: string;
let url: string;
beforeEach(() => {
  machines = [];
  directory = mkdtempSync(join(tmpdir(), 'naap-gate-runs-'));
});
afterEach(async () => {
  for (const machine of machines) await machine.close();
  rmSync(directory, { recursive: true, force: true });
});

const outlines = async (store: RunStore): Promise<RunOutline[]> => (await store.scan(OUTLINE_LINES)).map((run) => outlineOf(run).outline);
const note = (folder: RunFolder, text: string): Promise<void> => withLedger(folder, owner, async (ledger) => ledger.append({ type: 'note', text, by: 'dave' }));

/** Is interrupted before its first round is whole. */
const interrupting = (id: string, interrupt: AbortController, after: readonly string[] = []) =>
  check(
    id,
    async function* ({ signal }) {
      interrupt.abort();
      signal.throwIfAborted();
      yield round;
    },
    { after },
  );
const ENVIRONMENT = testEnvironment().name;

describe.each(['files', 'postgres'] as const)('runs kept in %s', (kind) => {
  beforeEach(async () => {
    if (kind === 'postgres') url = await server.newDatabase();
  });
  async function machine(name: string): Promise<Machine> {
    const made = kind === 'files' ? machineWith(directory) : await machineAt(url, name);
    machines.push(made);
    return made;
  }
  async function sealedBy({ store }: Machine, id: string, valueMs = 100): Promise<void> {
    const held = await store.begin(id);
    await measureIn(held.folder, [probe(valueMs)]);
    await held.release();
  }

  test('what one machine measured another reads, byte for byte, and it holds together', async () => {
    const [laptop, ci] = [await machine('laptop'), await machine('ci')];
    await sealedBy(ci, 'run-1');
    const there = await ci.store.open('run-1');
    const here = await laptop.store.open('run-1');
    for (const path of [journalPath, ledgerPath, (folder: RunFolder) => join(folder.path, 'report.json')])
      expect(readFileSync(path(here), 'utf8')).toBe(readFileSync(path(there), 'utf8'));
    expect(isExamined(examine(runInFolder(here)))).toBe(true);
    expect(states(here)).toEqual(['probe pass WITHIN_LIMIT']);
  });

  test('a run that one machine left unfinished is found and finished by another; what was measured is not measured again', async () => {
    const [ci, laptop] = [await machine('ci'), await machine('laptop')];
    const interrupt = new AbortController();
    const second = interrupting('second', interrupt, ['probe']);
    const begun = await ci.store.begin('run-1');
    expect(await go(begun.folder, { checks: [probe(100), second], signal: interrupt.signal })).toBe(false);
    await begun.release();

    expect(await newestUnfinished(laptop.store, 'phase3', ENVIRONMENT)).toBe('run-1');
    const held = await laptop.store.hold('run-1');
    const measured: string[] = [];
    const counted = (id: string, after: readonly string[] = []) =>
      check(
        id,
        async function* () {
          measured.push(id);
          yield sample(1);
          yield round;
        },
        { after },
      );
    expect(await go(held.folder, { checks: [counted('probe'), counted('second', ['probe'])] })).toBe(true);
    seal(held.folder);
    await held.release();
    expect(measured).toEqual(['second']);
    const [outline] = await outlines(ci.store);
    expect(outline).toMatchObject({ run: 'run-1', verdict: 'pass', problem: null });
    expect(readJournal(await ci.store.open('run-1')).events.filter(({ event }) => event.type === 'run.started')).toHaveLength(1);
  });

  test('two machines that add in turn both stand in the ledger', async () => {
    const [laptop, desktop] = [await machine('laptop'), await machine('desktop')];
    await sealedBy(laptop, 'run-1');
    for (const { store } of [laptop, desktop, laptop]) {
      const held = await store.hold('run-1');
      await note(held.folder, 'seen');
      await held.release();
    }
    const folder = await desktop.store.open('run-1');
    const run = examine(runInFolder(folder));
    expect(isExamined(run) && run.ledger.map(({ event }) => event.type)).toEqual(['ledger.opened', 'note', 'note', 'note']);
  });

  test('while one writes a run nobody else does: RUN_LOCKED', async () => {
    const [laptop, desktop] = [await machine('laptop'), await machine('desktop')];
    const write = async (store: RunStore, id: string, processId: number) => {
      const held = await (id === 'new' ? store.begin('run-1') : store.hold('run-1'));
      return { held, journal: openJournal(held.folder, { now: () => new Date(), scrubber: createScrubber(), processId, isAlive: () => true }) };
    };
    const first = await write(laptop.store, 'new', 4_000_001);
    first.journal.append({ type: 'run.resumed', droppedBytes: 0 });
    await first.held.settled();
    await expect(write(desktop.store, 'old', 4_000_002)).rejects.toMatchObject({ code: 'RUN_LOCKED' });
    first.journal.close();
    await first.held.release();
  });

  test('the red, the unfinished and the damaged are attempts on their subject, oldest first; other gates’ and subjects’ are not', async () => {
    const ci = await machine('ci');
    await sealedBy(ci, 'red', 900);
    const begun = await ci.store.begin('unfinished');
    const stop = new AbortController();
    await go(begun.folder, { checks: [interrupting('probe', stop)], signal: stop.signal });
    await begun.release();
    await sealedBy(ci, 'green');
    const on = { gate: 'phase3', environment: ENVIRONMENT, subject: SUBJECT, before: 'now' };
    expect((await findAttempts(ci.store, on)).map(({ run, verdict, sealed, reason }) => [run, verdict, sealed, reason])).toEqual([
      ['red', 'fail', true, expect.stringContaining('phase3.test.probe: ')],
      ['unfinished', null, false, 'not finished'],
      ['green', 'pass', true, '1 of 1 measured passed'],
    ]);
    expect(await findAttempts(ci.store, { ...on, gate: 'phase4' })).toEqual([]);
    expect(await findAttempts(ci.store, { ...on, subject: { ...SUBJECT, commit: 'other' } })).toEqual([]);
    expect(await newestUnfinished(ci.store, 'phase3', ENVIRONMENT)).toBe('unfinished');
  });

  test('an artifact of 20 MB comes back as it was', async () => {
    const [ci, laptop] = [await machine('ci'), await machine('laptop')];
    const held = await ci.store.begin('run-1');
    const bytes = Buffer.alloc(20 * 1024 * 1024 + 17, 'naap');
    const { sha256 } = storeArtifact(held.folder, createScrubber(), 'application/octet-stream', bytes);
    await measureIn(held.folder);
    await held.release();
    expect(Buffer.from(readArtifact(await laptop.store.open('run-1'), sha256) ?? []).equals(bytes)).toBe(true);
  });

  test('a run that is not there is UNKNOWN_RUN, with the newest that are', async () => {
    const ci = await machine('ci');
    await expect(ci.store.open('nix')).rejects.toMatchObject({ code: 'UNKNOWN_RUN', remedy: 'There are no runs yet.' });
    await sealedBy(ci, 'run-1');
    await expect(ci.store.hold('nix')).rejects.toMatchObject({ code: 'UNKNOWN_RUN', remedy: 'Newest: run-1.' });
    await expect(ci.store.open('../run-1')).rejects.toMatchObject({ code: 'UNKNOWN_RUN' });
  });

  test('a judgement is found by its criterion alone, and only the last one counts', async () => {
    const ci = await machine('ci');
    await sealedBy(ci, 'run-1', 120);
    const found = async (judged: string | true) =>
      (await ci.store.scan({ ...OUTLINE_LINES, judged })).flatMap((run) => outlineOf(run).judged.map(({ id }) => id));
    expect([await found('phase3.test.probe'), await found('phase3.test.prob'), await found(true)]).toEqual([['phase3.test.probe'], [], ['phase3.test.probe']]);
  });

  test('a journal with an event of a newer version is listed as unreadable, with no verdict', async () => {
    const ci = await machine('ci');
    const held = await ci.store.begin('newer');
    const chain = openChain(journalPath(held.folder), { now: () => new Date(), toText: (text) => text });
    for (const event of [
      { type: 'run.started', journalVersion: 1, run: 'newer', gate: 'phase3', environment: 'demo', profile: 'pr' },
      { type: 'run.paused', why: 'lunch' },
      { type: 'run.finished', verdict: 'pass', headline: '1 of 1', exitCode: 0, scope: 'complete', counts: {} },
    ])
      chain.append(event);
    chain.close();
    await held.release();
    const [outline] = await outlines(ci.store);
    expect(outline).toMatchObject({ gate: 'phase3', verdict: null, problem: 'the journal holds an event that this version does not know (run.paused)' });
    expect(() => readJournal(held.folder)).toThrow(expect.objectContaining({ code: 'JOURNAL_UNREADABLE' }));
  });

  test('a journal that was cut in the middle of a line goes on: the torn line is dropped, and nothing else', async () => {
    const ci = await machine('ci');
    const held = await ci.store.begin('run-1');
    const interrupt = new AbortController();
    await go(held.folder, { checks: [interrupting('probe', interrupt)], signal: interrupt.signal });
    await held.settled();
    const whole = readFileSync(journalPath(held.folder));
    const torn = Buffer.concat([whole, Buffer.from('{"seq":99,"at":"2026')]);
    writeFileSync(journalPath(held.folder), torn);
    await held.release();
    const again = await ci.store.hold('run-1');
    expect((await outlines(ci.store))[0]).toMatchObject({ verdict: null, problem: null });
    expect(await go(again.folder, { checks: [probe(1)] })).toBe(true);
    seal(again.folder);
    await again.release();
    const journal = readJournal(await ci.store.open('run-1'));
    expect(journal.events.find(({ event }) => event.type === 'run.resumed')?.event).toEqual({ type: 'run.resumed', droppedBytes: 20 });
    expect((await outlines(ci.store))[0]).toMatchObject({ verdict: 'pass', problem: null });
  });
});

test('a file that was changed or cut loses its verdict in the list, and says why', async () => {
  const { store } = machineWith(directory);
  for (const id of ['changed', 'cut-short', 'cut-in-line', 'empty']) {
    const held = await store.begin(id);
    await measureIn(held.folder);
  }
  const path = (id: string): string => join(directory, id, 'run.ndjson');
  writeFileSync(path('changed'), readFileSync(path('changed'), 'utf8').replace('"headline":"1 of 1', '"headline":"9 of 9').replace('"probe"', '"prove"'));
  const lines = readFileSync(path('cut-short'), 'utf8').split('\n');
  writeFileSync(path('cut-short'), `${lines.slice(0, -2).join('\n')}\n`);
  truncateSync(path('cut-in-line'), readFileSync(path('cut-in-line')).length - 5);
  truncateSync(path('empty'), 40);
  const told = (await outlines(store)).map(({ run, verdict, problem }) => [run, verdict, problem]).toSorted();
  expect(told).toEqual([
    ['changed', null, expect.stringMatching(/^the journal does not hold: line \d+ does not carry the digest of the line before$/)],
    ['cut-in-line', null, null],
    ['cut-short', null, null],
    ['empty', null, 'the journal was cut off in its first line'],
  ]);
});
