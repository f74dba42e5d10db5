// `npm run demo`: the gate on the healthy twin, then with one fault switched on — and the fault is caught, or the demo fails.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CriterionReport, EXIT, RunReport } from '../gates/model.ts';
import { listRuns } from '../gates/run-folder.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RUNS = join(ROOT, '.naap-gate', 'runs');
const GATE = ['phase3', '--env', 'demo', '--profile', 'pr', '--runs', RUNS];
const FAULT = { id: 'api.p99-slow', criterion: 'phase3.performance.p99-latency', words: 'every fiftieth API request takes 700 ms longer' };

const started = performance.now();
say(`naap-gate ${GATE.slice(0, 5).join(' ')}`, 'The healthy twin: a small NaaP on this machine, with a real PostgreSQL and real load.');
const healthy = await gate([]);
// Only the rows under load: the demo is to take a minute, and the rest was shown above.
const AGAIN = ['--only', 'api-load', '--fault', FAULT.id];
say(`naap-gate ${GATE.slice(0, 5).join(' ')} ${AGAIN.join(' ')}`, `Now watch it fail: ${FAULT.words}. (Measured again is what stands under load.)`);
const faulty = await gate(AGAIN);
process.exitCode = conclude(healthy, faulty);

interface Outcome {
  readonly report: RunReport;
  readonly folder: string;
}

async function gate(more: readonly string[]): Promise<Outcome> {
  const before = new Set(listRuns(RUNS));
  const child = spawn(process.execPath, [join(ROOT, 'cli', 'main.ts'), ...GATE, ...more], { stdio: 'inherit', cwd: ROOT });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const run = listRuns(RUNS).findLast((id) => !before.has(id));
  if (code === EXIT.interrupted || code === EXIT.usage || code === null || run === undefined) process.exit(code ?? EXIT.interrupted);
  const folder = join(RUNS, run);
  return { report: RunReport.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))), folder };
}

function say(command: string, words: string): void {
  process.stdout.write(`\n${words}\n$ ${command}\n\n`);
}

/** 0 when nothing failed in health and the fault was caught by the row that it is meant for. */
function conclude(healthyRun: Outcome, faultyRun: Outcome): number {
  const find = ({ report }: Outcome): CriterionReport | undefined => report.criteria.find(({ id }) => id === FAULT.criterion);
  const falseAlarms = healthyRun.report.criteria.filter(({ state }) => state === 'fail');
  const caught = find(healthyRun)?.state === 'pass' && find(faultyRun)?.state === 'fail';
  const lines = [
    '',
    falseAlarms.length === 0
      ? `In health: ${healthyRun.report.headline}.`
      : `In health something failed that should not: ${falseAlarms.map(({ id }) => id).join(', ')}.`,
    caught
      ? `The fault was caught: ${FAULT.criterion}: ${find(faultyRun)?.reason.text}`
      : `The fault was NOT caught: ${FAULT.criterion} was ${find(healthyRun)?.state} in health and ${find(faultyRun)?.state} with it.`,
    '',
    'Open these:',
    `  ${join(healthyRun.folder, 'report.html')}`,
    `  ${join(faultyRun.folder, 'report.html')}`,
    `Both runs took ${((performance.now() - started) / 1000).toFixed(0)} s.`,
    '',
  ];
  process.stdout.write(lines.join('\n'));
  return caught && falseAlarms.length === 0 ? EXIT.pass : EXIT.fail;
}
