// `naap-gate new check ID`: a check, its test, its row and its fault, proven able to fail. Needs a checkout.
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../gates/model.ts';
import { planScaffold, type Scaffold } from '../scaffold/plan-scaffold.ts';
import { type Proof, prove } from '../scaffold/prove.ts';
import { writeScaffold } from '../scaffold/write-scaffold.ts';
import type { Act, Host } from '../terminal.ts';

interface NewCheckOptions {
  readonly suite: string;
  readonly row: string;
  readonly path: string;
  readonly prove: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export function registerNewCheck(program: Command, host: Host, act: Act): void {
  program
    .command('new')
    .description('add to naap-gate itself (needs a checkout)')
    .command('check <id>')
    .description('write a check with its test, its row and its fault, and see it pass and fail')
    .option('--suite <name>', 'suite that it belongs to', 'api')
    .option('--row <criterion>', 'row of a phase that it helps to decide', 'phase3.functionality.api-endpoints')
    .option('--path <path>', 'public GET of the twin whose latency it measures to begin with', '/api/health')
    .option('--no-prove', 'do not run it')
    .option('--dry-run', 'say what would be written and stop', false)
    .option('--json', 'what was written and seen as one document', false)
    .action((id: string, options: NewCheckOptions) => act(() => newCheck(id, options, host)));
}

/** 0: written, and proven where it was to be. 1: the proof failed; the files stay. */
async function newCheck(id: string, { suite, row, path, ...options }: NewCheckOptions, host: Host): Promise<ExitCode> {
  const scaffold = await planScaffold({ root: ROOT, id, suite, row, path });
  if (options.dryRun) {
    host.stdout.write(options.json ? document(scaffold, false, undefined) : `Would write\n${filesText(scaffold)}`);
    return EXIT.pass;
  }
  await writeScaffold(ROOT, scaffold);
  if (!options.json) host.stdout.write(`Written\n${filesText(scaffold)}`);
  const proof = options.prove ? await proven(scaffold, host) : undefined;
  if (proof === 'interrupted') return EXIT.interrupted;
  host.stdout.write(options.json ? document(scaffold, true, proof) : proofText(scaffold, proof));
  return proof?.passed === false ? EXIT.fail : EXIT.pass;
}

async function proven(scaffold: Scaffold, host: Host): Promise<Proof | 'interrupted'> {
  const interrupt = new AbortController();
  const forget = host.onInterrupt(() => interrupt.abort(new Error('interrupted')));
  try {
    return await prove(scaffold, interrupt.signal, (text) => void host.stderr.write(`Runs ${text}\n`));
  } catch (error) {
    if (interrupt.signal.aborted) return 'interrupted';
    throw error;
  } finally {
    forget();
  }
}

function filesText({ files }: Scaffold): string {
  const width = Math.max(...files.map(({ path }) => path.length));
  return files.map(({ path, what, isNew }) => `  ${isNew ? 'new   ' : 'edited'}  ${path.padEnd(width)}  ${what}\n`).join('');
}

function proofText({ name, fault, files }: Scaffold, proof: Proof | undefined): string {
  const made = files.filter(({ isNew }) => isNew).map(({ path }) => path);
  const changed = [...files.filter(({ isNew }) => !isNew).map(({ path }) => path), 'docs/reference.md'];
  const next = [
    'Next',
    `  ${made[0] ?? ''} is yours: measure what matters, raise nothing to make it pass.`,
    `  npm run exam -- --only ${fault.id}   the whole gate, so that no other row changes with this fault`,
    `  npm run check && npm test -- suites gates fixtures/faults`,
    `  To take it back: rm ${made.join(' ')} && git checkout -- ${changed.join(' ')}`,
    '',
  ];
  if (proof === undefined) return ['Not proven yet: --no-prove.', ...next].join('\n');
  const seen = [
    `  healthy twin       ${proof.healthy.state.toUpperCase().padEnd(6)}  ${proof.healthy.text}`,
    `  ${fault.id.padEnd(17)}  ${proof.faulty.state.toUpperCase().padEnd(6)}  ${proof.faulty.text}`,
  ];
  const verdict = proof.passed
    ? `Proven: ${name.id} passes on the healthy twin, and fails with its fault.`
    : `NOT PROVEN: ${name.id} must pass on the healthy twin and fail with its fault, and nothing else may change.`;
  return [verdict, ...seen, ...next].join('\n');
}

function document({ name, fault, files }: Scaffold, written: boolean, proof: Proof | undefined): string {
  const told = {
    check: name.id,
    metric: name.metric,
    fault,
    written,
    files: files.map(({ path, isNew, what }) => ({ path, isNew, what })),
    proof: proof ?? null,
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}
