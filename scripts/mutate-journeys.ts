// `npm run mutate [-- --only JOURNEY …] [--json]`: takes each assertion out of its journey in turn, and sees that the fault which it is there for is then no longer caught.
// Both tellings of a journey, whole and without the assertion, run at once against one twin with the fault.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { JOURNEYS_FAULTS } from '../fixtures/faults/browser-journeys.ts';
import { EXIT, JOURNEY_IDS, type JourneyId } from '../gates/model.ts';
import { type Assertion, assertionsOf, withoutAssertion } from './journey-assertions.ts';

const ROOT = resolve(import.meta.dirname, '..');
const JOURNEYS = join(ROOT, 'suites', 'critical-paths');
/** Last words of Playwright that are shown where it did not run. */
const SHOWN = 1500;

interface Mutant {
  readonly journey: JourneyId;
  readonly assertion: Assertion;
  /** The fault that it is there for; undefined: nobody would miss it. */
  readonly fault: string | undefined;
}
interface Outcome {
  readonly journey: JourneyId;
  readonly assertion: string;
  readonly fault: string | undefined;
  readonly isNeeded: boolean;
  /** What was seen, where it is not. */
  readonly why: string;
  readonly seconds: number;
}
/** Of a telling: `passed`, or the first words of what it failed with. */
type Told = Readonly<Record<'whole' | 'without', string>>;

const abort = new AbortController();
process.once('SIGINT', () => abort.abort()).once('SIGTERM', () => abort.abort());

process.exitCode = await main();

async function main(): Promise<number> {
  const options = read();
  if (options === undefined) return EXIT.usage;
  const outcomes: Outcome[] = [];
  for (const mutant of mutants(options.only)) {
    outcomes.push(await judge(mutant));
    process.stderr.write(`${line(outcomes.at(-1))}\n`);
  }
  if (abort.signal.aborted) return EXIT.interrupted;
  const missed = outcomes.filter(({ isNeeded }) => !isNeeded);
  const summary = `${outcomes.length} assertions taken out, ${outcomes.length - missed.length} missed by their fault, ${missed.length} not`;
  process.stdout.write(options.json ? `${JSON.stringify(outcomes, null, 2)}\n` : `${outcomes.map(line).join('\n')}\n${summary}\n`);
  return missed.length === 0 ? EXIT.pass : EXIT.fail;
}

function read(): { readonly only: readonly JourneyId[]; readonly json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({ options: { only: { type: 'boolean' }, json: { type: 'boolean' } }, allowPositionals: true });
    const unknown = positionals.filter((id) => !isJourney(id));
    if (unknown.length > 0) throw new Error(`No journey "${unknown[0]}". Known: ${JOURNEY_IDS.join(', ')}.`);
    return { only: positionals.length === 0 ? JOURNEY_IDS : positionals.filter(isJourney), json: values.json === true };
  } catch (error) {
    process.stderr.write(`USAGE  ${error instanceof Error ? error.message : String(error)}\n       npm run mutate [-- --only JOURNEY …] [--json]\n`);
    return undefined;
  }
}

function isJourney(id: string): id is JourneyId {
  return JOURNEY_IDS.some((known) => known === id);
}

function* mutants(journeys: readonly JourneyId[]): Generator<Mutant> {
  for (const journey of journeys) {
    for (const assertion of assertionsOf(readFileSync(join(JOURNEYS, `${journey}.journey.ts`), 'utf8'))) {
      if (abort.signal.aborted) return;
      const named = JOURNEYS_FAULTS.find(({ caughtBy }) => caughtBy.journey === journey && 'assertion' in caughtBy && caughtBy.assertion === assertion.message);
      yield { journey, assertion, fault: named?.id };
    }
  }
}

async function judge({ journey, assertion, fault }: Mutant): Promise<Outcome> {
  const startedAt = performance.now();
  const why = fault === undefined ? 'no fault is there for it' : verdict(assertion, await tell({ journey, assertion, fault }));
  return { journey, assertion: assertion.message, fault, isNeeded: why === '', why, seconds: Math.round((performance.now() - startedAt) / 1000) };
}

/** Empty where the journey catches the fault by this assertion, and not without it. */
function verdict({ message }: Assertion, told: Told | string): string {
  if (typeof told === 'string') return told;
  if (told.whole === 'passed') return 'the journey does not catch the fault at all';
  if (!told.whole.includes(message)) return `the journey catches the fault by something else: ${told.whole}`;
  return told.without === 'passed' ? '' : `the fault is caught without it too: ${told.without}`;
}

/** Runs both tellings; words where Playwright did not come to an end. */
async function tell({ journey, assertion, fault }: Mutant): Promise<Told | string> {
  const folder = mkdtempSync(join(tmpdir(), 'naap-gate-mutant-'));
  try {
    writeTellings(folder, journey, assertion);
    const report = join(folder, 'report.json');
    const said = await playwright(folder, { NAAP_GATE_FAULT: fault, PLAYWRIGHT_JSON_OUTPUT_FILE: report });
    return existsSync(report) ? readTold(JSON.parse(readFileSync(report, 'utf8'))) : `Playwright did not run: ${said.slice(-SHOWN)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Beside the checkout: what they import is named by its whole path. */
function writeTellings(folder: string, journey: JourneyId, assertion: Assertion): void {
  const name = `${journey}.journey.ts`;
  const source = readFileSync(join(JOURNEYS, name), 'utf8');
  const tellings = { whole: source, without: withoutAssertion(source, assertion) };
  for (const [telling, text] of Object.entries(tellings)) {
    mkdirSync(join(folder, telling));
    writeFileSync(join(folder, telling, name), text.replaceAll("from './", `from '${JOURNEYS}/`).replaceAll("from '../", `from '${resolve(JOURNEYS, '..')}/`));
  }
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  writeFileSync(
    join(folder, 'mutant.config.ts'),
    `import config from '${ROOT}/playwright.config.ts';
export default {
  ...config,
  projects: [{ name: 'whole', testDir: 'whole' }, { name: 'without', testDir: 'without' }],
  testMatch: '*.journey.ts',
  outputDir: 'output',
  reporter: 'json',
  retries: 0,
  use: { ...config.use, trace: 'off', screenshot: 'off' },
};
`,
  );
}

/** What it said. */
async function playwright(folder: string, variables: Readonly<Record<string, string | undefined>>): Promise<string> {
  const cli = fileURLToPath(import.meta.resolve('@playwright/test/cli'));
  const { NAAP_GATE_WORLD: _world, NAAP_GATE_ENV: _env, ...inherited } = process.env;
  const env = { ...inherited, ...variables, NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = spawn(process.execPath, [cli, 'test', '--config', join(folder, 'mutant.config.ts')], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = (): void => void child.kill('SIGINT');
  abort.signal.addEventListener('abort', end, { once: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'close');
  abort.signal.removeEventListener('abort', end);
  return said;
}

interface Suite {
  readonly suites?: readonly Suite[];
  readonly specs?: readonly { readonly tests: readonly { readonly projectName: string; readonly results: readonly Result[] }[] }[];
}
interface Result {
  readonly status: string;
  readonly errors: readonly { readonly message: string }[];
}

/** Words where not a single test was begun: the twin did not start, for example. */
function readTold(report: Suite & { readonly errors?: Result['errors'] }): Told | string {
  const tests = testsOf(report);
  const beginning = report.errors?.[0]?.message;
  if (tests.every(({ results }) => results.length === 0)) return `Playwright did not begin: ${beginning?.split('\n')[0] ?? 'without a word'}`;
  const told = (telling: string): string => {
    const result = tests.find(({ projectName }) => projectName === telling)?.results[0];
    const words = result?.errors[0]?.message.replaceAll(/\u001B\[[0-9;]*m/g, '').split('\n')[0];
    return words ?? result?.status ?? 'not run';
  };
  return { whole: told('whole'), without: told('without') };
}

function testsOf({ suites = [], specs = [] }: Suite): readonly { readonly projectName: string; readonly results: readonly Result[] }[] {
  return [...specs.flatMap(({ tests }) => tests), ...suites.flatMap(testsOf)];
}

function line(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  const { journey, assertion, fault, isNeeded, why, seconds } = outcome;
  return `${isNeeded ? 'needed ' : 'USELESS'}  ${journey.padEnd(18)}  ${assertion.padEnd(56)}  ${(fault ?? '–').padEnd(38)}  ${String(seconds).padStart(3)} s${why === '' ? '' : `  ${why}`}`;
}
