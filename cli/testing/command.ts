// The command line as a process in a folder of its own: what the live tests of cli/ start, wait for and look into.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CriterionReport, RunReport } from '../../gates/model.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}
export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
}
export interface JournalLine {
  readonly type: string;
  readonly execution?: string;
}

export interface CommandFolder {
  readonly path: string;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Started;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Writes naap-gate.config.json with these environments. */
  configure(environments: Readonly<Record<string, unknown>>): void;
  write(name: string, content: string): string;
  /** Ids of all runs, oldest first. */
  runs(): string[];
  journal(run: string): JournalLine[];
  /** Every text that a run left, all files in one. */
  everythingOf(run: string): string;
  remove(): void;
}

export function commandFolder(): CommandFolder {
  const path = mkdtempSync(join(tmpdir(), 'naap-gate-cli-'));
  const runsPath = join(path, '.naap-gate', 'runs');
  const begin = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Started =>
    watch(spawn(process.execPath, [MAIN, ...args], { cwd: path, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
  const write = (name: string, content: string): string => {
    // For its owner alone: a key that others can read signs nothing.
    writeFileSync(join(path, name), content, { mode: 0o600 });
    return join(path, name);
  };
  return {
    path,
    start: begin,
    run: (args, env) => begin(args, env).ended,
    configure: (environments) => void write('naap-gate.config.json', JSON.stringify({ environments })),
    write,
    runs: () => readdirSync(runsPath).toSorted(),
    journal: (run) => linesOf(readFileSync(join(runsPath, run, 'run.ndjson'), 'utf8')),
    everythingOf: (run) =>
      readdirSync(join(runsPath, run), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('\n'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function watch(child: ChildProcess): Started {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
  return { pid: child.pid ?? -1, ended, stdout: () => stdout, stderr: () => stderr };
}

/** Complete lines: a process that was killed leaves a torn tail. */
function linesOf(text: string): JournalLine[] {
  return text
    .slice(0, text.lastIndexOf('\n'))
    .split('\n')
    .map((line) => JSON.parse(line) as JournalLine);
}

/** Waits for a condition with a bound; looks every 20 ms. */
export async function condition(holds: () => boolean, boundMs: number): Promise<void> {
  const until = performance.now() + boundMs;
  while (!holds()) {
    if (performance.now() > until) throw new Error(`The condition did not come true within ${boundMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The JSON document that a process prints and then stays. */
export async function firstDocument(started: Started): Promise<string> {
  await condition(() => isJson(started.stdout()), 60_000);
  return started.stdout();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The report that `--json` printed, and its rows by their id without the gate. */
export function reportOf({ stdout, stderr }: Ended): { readonly report: RunReport; row(id: string): CriterionReport } {
  if (!isJson(stdout)) throw new Error(`No report was printed. stderr:\n${stderr}`);
  const report = JSON.parse(stdout) as RunReport;
  return {
    report,
    row(id) {
      const found = report.criteria.find((criterion) => criterion.id === `${report.gate}.${id}`);
      if (found === undefined) throw new Error(`The report has no row ${id}.`);
      return found;
    },
  };
}

/** Those of the secrets that a command printed or left in a file, by their beginnings: the texts themselves are long. */
export function leakedBy({ stdout, stderr }: Ended, folder: CommandFolder, secrets: readonly string[]): string[] {
  const told = [stdout, stderr, ...folder.runs().map((id) => folder.everythingOf(id))].join('\n');
  return secrets.filter((secret) => told.includes(secret)).map((secret) => secret.slice(0, 8));
}
