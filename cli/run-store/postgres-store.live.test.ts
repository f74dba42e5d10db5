// What a database adds to keeping runs: connections that break, machines that die, several writers at once, tables that are not ours to change. One file, since all of it needs one server.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { withLedger } from '../../gates/ledger.ts';
import { journalPath, ledgerPath, readJournal, type RunFolder, storeArtifact } from '../../gates/run-folder.ts';
import { OUTLINE_LINES, outlineOf } from '../../gates/run-outline.ts';
import { createScrubber } from '../../gates/scrub.ts';
import { go } from '../../gates/test-run.ts';
import { owner } from '../../gates/testing/sealed-run.ts';
import { type CommandFolder, commandFolder, condition, leakedBy } from '../testing/command.ts';
import { SMALL_SURFACE, smallApplication, type SmallServer } from '../testing/small-application.ts';
import { wholeLines } from './run-files.ts';
import { type Machine, machineAt, measureIn, probe, seal } from './testing/machine.ts';
import { type Door, doorBefore, startTestServer, type TestServer } from './testing/postgres.ts';
import type { PostgresStore } from './postgres-store.ts';

let server: TestServer;
let url: string;
let open: { close(): Promise<void> }[];
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  open = [];
  url = await server.newDatabase();
});
afterEach(async () => {
  for (const one of open.toReversed()) await one.close();
});

async function machine(name: string, more: Parameters<typeof machineAt>[2] & { readonly url?: string } = {}): Promise<Machine<PostgresStore>> {
  const made = await machineAt(more.url ?? url, name, more);
  open.push(made);
  return made;
}
async function door(): Promise<Door> {
  const made = await doorBefore(url);
  open.push(made);
  return made;
}
const note = (folder: RunFolder, text: string): Promise<void> => withLedger(folder, owner, async (ledger) => ledger.append({ type: 'note', text, by: 'dave' }));
const storedLines = async (run: string, file: string): Promise<number> =>
  Number((await server.query(url, `SELECT count(*) AS n FROM naap_gate.lines WHERE run = '${run}' AND file = '${file}'`))[0]?.['n']);

test('several that open an empty database at once bring it to one version', async () => {
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => machine(name)));
  expect(await server.query(url, 'SELECT version FROM naap_gate.schema_migrations')).toEqual([{ version: 1 }]);
});

test('tables of a newer version, and a database that is not UTF-8, are refused and left as they are', async () => {
  await machine('a');
  await server.query(url, "INSERT INTO naap_gate.schema_migrations (version, tool) VALUES (7, 'later')");
  await expect(machine('b')).rejects.toMatchObject({ code: 'RUN_STORE_UNUSABLE', message: expect.stringContaining('tables of version 7') });
  const latin = await server.newDatabase("ENCODING 'LATIN1' LOCALE 'C'");
  await expect(machine('c', { url: latin })).rejects.toMatchObject({ code: 'RUN_STORE_UNUSABLE', message: expect.stringContaining('LATIN1') });
  expect(await server.query(latin, "SELECT 1 FROM pg_namespace WHERE nspname = 'naap_gate'")).toEqual([]);
});

test('what is stored can be neither changed nor removed, and a line that does not follow is not taken', async () => {
  const ci = await machine('ci');
  const held = await ci.store.begin('run-1');
  await measureIn(held.folder);
  await held.release();
  for (const sql of [
    "UPDATE naap_gate.lines SET line = '{}'",
    'DELETE FROM naap_gate.lines',
    'TRUNCATE naap_gate.lines',
    "UPDATE naap_gate.parts SET bytes = ''",
    'DELETE FROM naap_gate.contents',
  ])
    await expect(server.query(url, sql)).rejects.toMatchObject({ code: 'NG002' });
  const [last] = await server.query(url, "SELECT seq, line FROM naap_gate.lines WHERE file = 'journal' ORDER BY seq DESC LIMIT 1");
  const seq = Number(last?.['seq']) + 1;
  const forged = JSON.stringify({ ...JSON.parse(String(last?.['line'])), seq });
  await expect(server.query(url, `INSERT INTO naap_gate.lines (run, file, seq, line) VALUES ('run-1', 'journal', ${seq}, '${forged}')`)).rejects.toMatchObject({
    code: 'NG001',
  });
});

test('what somebody changed past the triggers is found in the list and by whoever reads the run', async () => {
  const [ci, laptop] = [await machine('ci'), await machine('laptop')];
  const held = await ci.store.begin('run-1');
  await measureIn(held.folder, [probe(900)]);
  await held.release();
  await server.query(
    url,
    `ALTER TABLE naap_gate.lines DISABLE TRIGGER lines_stay;
     UPDATE naap_gate.lines SET line = replace(line, '"value":900', '"value":100') WHERE type = 'criterion.judged'`,
  );
  const [run] = await laptop.store.scan(OUTLINE_LINES);
  expect(run && outlineOf(run).outline).toMatchObject({ verdict: null, problem: expect.stringContaining('the journal does not hold') });
  const folder = await laptop.store.open('run-1');
  expect(() => readJournal(folder)).toThrow(expect.objectContaining({ code: 'JOURNAL_DAMAGED' }));
});

test('while a run goes on, others see what it has so far', async () => {
  const [ci, laptop] = [await machine('ci'), await machine('laptop')];
  const held = await ci.store.begin('run-1');
  const stop = new AbortController();
  await go(held.folder, { checks: [probe(1)], signal: stop.signal });
  const lines = wholeLines(journalPath(held.folder)).length;
  let seen = 0;
  const look = setInterval(() => void storedLines('run-1', 'journal').then((count) => (seen = count)), 50);
  await condition(() => seen === lines, 10_000);
  clearInterval(look);
  expect(wholeLines(journalPath(await laptop.store.open('run-1')))).toHaveLength(lines);
  await held.release();
});

test('a connection that is cut in the middle: the run goes on, says so once, and is whole in the store when it ends', async () => {
  const way = await door();
  const ci = await machine('ci', { url: way.url });
  const held = await ci.store.begin('run-1');
  await way.shut();
  await measureIn(held.folder);
  await condition(() => ci.told.length > 0, 10_000);
  await way.open();
  await condition(() => ci.told.length > 1, 20_000);
  await held.release();
  expect(ci.told).toEqual([expect.stringMatching(/^RUN_STORE_UNREACHABLE[\s\S]*The run goes on in /), expect.stringContaining('answers again')]);
  expect(await storedLines('run-1', 'journal')).toBe(wholeLines(journalPath(held.folder)).length);
  expect(await storedLines('run-1', 'ledger')).toBe(1);
});

test('connections that the server ends are made anew, and nothing is missing at the end', async () => {
  const ci = await machine('ci', { timing: { lastTryMs: 10_000 } });
  const held = await ci.store.begin('run-1');
  await held.settled();
  await server.query(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'naap-gate' AND datname = current_database()");
  await measureIn(held.folder);
  await held.release();
  expect(await storedLines('run-1', 'ledger')).toBe(1);
});

test('a store that stays away: the end says what is missing and where it is; `push` brings it', async () => {
  const way = await door();
  const ci = await machine('ci', { url: way.url, leaseMs: 200 });
  const held = await ci.store.begin('run-1');
  storeArtifact(held.folder, createScrubber(), 'text/plain', 'proof');
  await way.shut();
  await measureIn(held.folder);
  await expect(held.release()).rejects.toMatchObject({ code: 'RUN_STORE_UNREACHABLE', remedy: expect.stringContaining('naap-gate runs push run-1') });
  expect(readJournal(held.folder).events.at(-1)?.event.type).toBe('run.finished');
  await way.open();
  await ci.store.push(held.folder);
  expect(await storedLines('run-1', 'journal')).toBe(wholeLines(journalPath(held.folder)).length);
  const laptop = await machine('laptop');
  const copy = await laptop.store.open('run-1');
  expect(readdirSync(join(copy.path, 'artifacts')).toSorted()).toEqual(readdirSync(join(held.folder.path, 'artifacts')).toSorted());
});

test('a run that another machine took over while its first one was away is not written to any more; what the first had beyond stays with it', async () => {
  const way = await door();
  const ci = await machine('ci', { url: way.url, leaseMs: 200 });
  const laptop = await machine('laptop');
  const held = await ci.store.begin('run-1');
  const journal = readFileOf(held.folder);
  await held.settled();
  await way.shut();
  await measureIn(held.folder, [probe(111)]);
  const taken = await laptop.store.hold('run-1');
  expect(laptop.told).toEqual([expect.stringContaining('is held by erin@ci. Waiting for a sign of life')]);
  await measureIn(taken.folder, [probe(222)]);
  await taken.release();
  await way.open();
  await expect(held.release()).rejects.toMatchObject({ code: expect.stringMatching(/^RUN_(LOCKED|CONFLICT)$/) });
  const first = journal();
  const again = await ci.store.open('run-1');
  expect(readFileSync(journalPath(again), 'utf8')).toBe(readFileSync(journalPath(taken.folder), 'utf8'));
  const kept = readdirSync(again.path).filter((name) => name.startsWith('run.ndjson.unstored-'));
  expect(kept.map((name) => readFileSync(join(again.path, name), 'utf8'))).toEqual([first]);
  expect(ci.told.at(-1)).toContain('continued elsewhere');
});
const readFileOf =
  (folder: RunFolder): (() => string) =>
  () =>
    readFileSync(journalPath(folder), 'utf8');

test('a note that could not be stored is stored by the next command; one that others were before of is kept beside the ledger', async () => {
  const way = await door();
  const [laptop, desktop] = [await machine('laptop', { url: way.url, leaseMs: 200 }), await machine('desktop')];
  const begun = await desktop.store.begin('run-1');
  await measureIn(begun.folder);
  await begun.release();

  const held = await laptop.store.hold('run-1');
  await way.shut();
  await note(held.folder, 'kept');
  await expect(held.release()).rejects.toMatchObject({ code: 'RUN_STORE_UNREACHABLE' });
  await way.open();
  await laptop.store.open('run-1');
  expect(laptop.told.at(-1)).toContain('has 1 line of this run that the store has not');
  await (await laptop.store.hold('run-1')).release();
  expect(await storedLines('run-1', 'ledger')).toBe(2);

  const late = await laptop.store.hold('run-1');
  await way.shut();
  await note(late.folder, 'too late');
  await expect(late.release()).rejects.toMatchObject({ code: 'RUN_STORE_UNREACHABLE' });
  const other = await desktop.store.hold('run-1');
  await note(other.folder, 'first');
  await other.release();
  await way.open();
  const folder = await laptop.store.open('run-1');
  expect(readFileSync(ledgerPath(folder), 'utf8')).not.toContain('too late');
  const aside = readdirSync(folder.path).filter((name) => name.startsWith('ledger.ndjson.unstored-'));
  expect(aside.map((name) => readFileSync(join(folder.path, name), 'utf8'))).toEqual([expect.stringContaining('too late')]);
  expect(laptop.told.at(-1)).toContain('has to be said again');
});

test('a copy that is behind has nothing to push, and one that went another way is refused', async () => {
  const [ci, laptop] = [await machine('ci'), await machine('laptop')];
  const held = await ci.store.begin('run-1');
  await measureIn(held.folder);
  await held.release();
  const copy = await laptop.store.open('run-1');
  const more = await ci.store.hold('run-1');
  await note(more.folder, 'later');
  await more.release();
  await laptop.store.push(copy);
  await note(copy, 'another way');
  await expect(laptop.store.push(copy)).rejects.toMatchObject({ code: 'RUN_CONFLICT' });
  expect(await storedLines('run-1', 'ledger')).toBe(2);
  await laptop.store.hold('run-1').then((again) => again.release());
});

test('while a large run is fetched it stays held, and what is not fetched yet is no conflict', async () => {
  const ci = await machine('ci');
  const held = await ci.store.begin('run-1');
  for (const fill of ['a', 'b', 'c', 'd']) storeArtifact(held.folder, createScrubber(), 'application/octet-stream', Buffer.alloc(4 * 1024 * 1024, fill));
  await measureIn(held.folder);
  await held.release();
  const laptop = await machine('laptop', { leaseMs: 300, timing: { everyMs: 1, renewMs: 50 } });
  const fetched = await laptop.store.hold('run-1');
  await note(fetched.folder, 'seen');
  await fetched.release();
  expect([laptop.told, await storedLines('run-1', 'ledger')]).toEqual([[], 2]);
});

test('who died on this machine need not be waited for; who lives is not taken from', async () => {
  const copies = mkdtempSync(join(tmpdir(), 'naap-gate-copies-'));
  open.push({ close: async () => rmSync(copies, { recursive: true, force: true }) });
  const dead = spawn(process.execPath, ['--version']);
  await new Promise((resolve) => dead.once('close', resolve));
  const forever = { copies, leaseMs: 3_600_000, timing: { everyMs: 3_600_000 } };
  await (await machine('ci', { ...forever, processId: dead.pid ?? 0 })).store.begin('run-1');
  const next = await machine('ci', { ...forever, leaseMs: 500, timing: { everyMs: 50, renewMs: 100 } });
  const held = await next.store.hold('run-1');
  expect(next.told).toEqual([]);
  await expect((await machine('laptop')).store.hold('run-1')).rejects.toMatchObject({ code: 'RUN_LOCKED', message: expect.stringContaining('erin@ci') });
  await held.release();
});

test('names that would lead out of a folder come neither from a command nor from the database', async () => {
  const ci = await machine('ci');
  await expect(ci.store.begin('../elsewhere')).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('cannot be the n') });
  const held = await ci.store.begin('run-1');
  await measureIn(held.folder);
  await held.release();
  await expect(
    server.query(url, "INSERT INTO naap_gate.files (run, name, sha256) SELECT run, '../../elsewhere', sha256 FROM naap_gate.files LIMIT 1"),
  ).rejects.toMatchObject({ code: '23514' });
});

let commands: CommandFolder[];
let application: SmallServer;
beforeEach(async () => {
  application = await smallApplication({ commit: '3f9c2ab41d5e6f708192a3b4c5d6e7f8091a2b3c', deploymentId: 'dpl_1' });
  const staging = { target: { web: application.web }, allow: ['read'], surface: SMALL_SURFACE };
  commands = ['laptop', 'desktop'].map(() => {
    const made = commandFolder();
    made.configure({ staging });
    return made;
  });
});
afterEach(async () => {
  await application.close();
  for (const one of commands) one.remove();
});

test('two machines, several commands at once: each is recorded or says why not, the ledger holds, and no password is told', async () => {
  const [laptop, desktop] = commands as [CommandFolder, CommandFolder];
  const env = { NAAP_GATE_RUNS: url };
  const password = new URL(url).password;
  const ran = await laptop.run(['plan', '--env', 'staging', '--quiet'], env);
  expect(ran.code).toBe(3);
  const [run = ''] = laptop.runs();
  const notes = await Promise.all([laptop, desktop, desktop].map((folder, index) => folder.run(['note', run, `note ${index}`], env)));
  const recorded = notes.filter(({ code }) => code === 0);
  expect(recorded.length).toBeGreaterThan(0);
  for (const { code, stderr } of notes) expect(code === 0 || stderr.includes('RUN_LOCKED')).toBe(true);
  expect(await storedLines(run, 'ledger')).toBe(1 + recorded.length);
  const verified = await desktop.run(['verify', run, '--json'], env);
  expect(verified.stdout).not.toContain('_DAMAGED');
  const listed = JSON.parse((await desktop.run(['list', 'runs', '--json'], env)).stdout) as { run: string; verdict: string }[];
  expect(listed.map((one) => [one.run, one.verdict])).toEqual([[run, 'error']]);
  expect([ran, ...notes].flatMap((ended) => leakedBy(ended, laptop, [password]))).toEqual([]);
});

test('a store that is not there, or refuses, ends the command before anything is measured', async () => {
  const [laptop] = commands as [CommandFolder];
  const away = await laptop.run(['plan', '--env', 'staging', '--runs', 'postgres://naap:sesame-1234@127.0.0.1:1/gates']);
  expect(away.stderr).toMatch(/^RUN_STORE_UNREACHABLE {2}The store naap@127\.0\.0\.1:1\/gates refused the connection/);
  expect(away.code).toBe(3);
  const wrong = new URL(url);
  wrong.password = 'sesame-1234';
  const refused = await laptop.run(['list', 'runs', '--runs', wrong.href]);
  expect(refused.stderr).toMatch(/^RUN_STORE_UNREACHABLE .*refused the password/);
  expect(away.stderr + refused.stderr + away.stdout + refused.stdout).not.toContain('sesame-1234');
  expect(existsSync(join(laptop.path, '.naap-gate'))).toBe(false);
  expect(application.requests).toEqual([]);
});

test('a run of a folder is pushed to the database by hand, once or twice', async () => {
  const [laptop, desktop] = commands as [CommandFolder, CommandFolder];
  await laptop.run(['plan', '--env', 'staging', '--quiet']);
  const [run = ''] = laptop.runs();
  for (const _ of [1, 2]) expect((await laptop.run(['runs', 'push', run, '--runs', 'env:TEAM'], { TEAM: url })).stdout).toContain(`${run} is in naap@`);
  expect((await desktop.run(['verify', run, '--runs', url])).stdout).toContain('plan on staging');
  const folder = await laptop.run(['runs', 'push', run]);
  expect([folder.code, folder.stderr]).toEqual([2, expect.stringContaining('--runs names the folder')]);
});

test('an interrupted machine lets go at once; another resumes', async () => {
  const ci = await machine('ci');
  const held = await ci.store.begin('run-1');
  await held.release();
  writeFileSync(join(held.folder.path, 'note.txt'), 'beside');
  const laptop = await machine('laptop');
  const taken = await laptop.store.hold('run-1');
  await go(taken.folder, { checks: [probe(1)] });
  seal(taken.folder);
  await taken.release();
  expect(laptop.told).toEqual([]);
});
