// `npm run check` and, with --fix, `npm run fix`: every rule of the repository that needs no running program, each timed, all run even if one fails.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

interface Step {
  readonly name: string;
  /** Script to run under this Node, with its arguments. */
  readonly command: readonly string[];
}
interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => realpathSync(join(root, 'node_modules', '.bin', name));
const generator = join(root, 'scripts', 'generate.ts');

const checks = (): readonly Step[] => [
  { name: 'lint and import boundaries', command: [bin('oxlint'), '--deny-warnings', '.'] },
  { name: 'format', command: [bin('oxfmt'), '--check', '.'] },
  { name: 'types', command: [bin('tsc')] },
  { name: 'dead code', command: [bin('knip')] },
  ...(existsSync(generator) ? [{ name: 'generated files', command: [generator, '--check'] }] : []),
];
const fixes = (): readonly Step[] => [
  { name: 'lint', command: [bin('oxlint'), '--fix', '.'] },
  { name: 'format', command: [bin('oxfmt'), '.'] },
  ...(existsSync(generator) ? [{ name: 'generated files', command: [generator] }] : []),
];

function runStep({ name, command }: Step): Promise<Outcome> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = (ok: boolean): void => resolve({ name, ok, seconds: (performance.now() - startedAt) / 1000, output: output.trim() });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

const line = ({ name, ok, seconds }: Outcome): string => `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(28)} ${seconds.toFixed(1).padStart(5)} s\n`;

const steps = process.argv.includes('--fix') ? fixes() : checks();
const outcomes: Outcome[] = [];
for (const step of steps) {
  const outcome = await runStep(step);
  outcomes.push(outcome);
  if (!outcome.ok) process.stdout.write(`\n${outcome.output}\n\n`);
  process.stdout.write(line(outcome));
}
const failed = outcomes.filter((outcome) => !outcome.ok);
if (failed.length > 0) {
  process.stdout.write(
    `\n${failed.length} of ${outcomes.length} failed: ${failed.map(({ name }) => name).join(', ')}. What can be fixed by itself: npm run fix\n`,
  );
  process.exitCode = 1;
}
