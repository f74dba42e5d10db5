// `naap-gate init [--discover URL|HAR|OPENAPI]`: a typed configuration and a workflow, and what could not be learned.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import { gates } from '../../gates/phases/index.ts';
import { type ConfigRequest, jsonConfig, PREVIEW, proposedSecrets, typescriptConfig } from '../init/config-text.ts';
import type { Findings } from '../init/findings.ts';
import { plainText } from '../init/literal.ts';
import { discover } from '../init/source.ts';
import { workflowText } from '../init/workflow-text.ts';
import { type FileState, type ProposedFile, stateOf, writeProposed } from '../init/write-proposed.ts';
import { VERSION } from '../machine.ts';
import type { Act, Host } from '../terminal.ts';

interface InitOptions {
  readonly discover?: string;
  readonly env: string;
  readonly gate: string;
  readonly format: 'ts' | 'json';
  readonly access: readonly string[];
  readonly ca?: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Stages of the cutover are no matter of a pull request. */
const GATES = gates.flatMap(({ id }) => (id.startsWith('cutover-') ? [] : [id]));
const WORKFLOW = '.github/workflows/naap-gate.yml';

export function registerInit(program: Command, host: Host, act: Act): void {
  program
    .command('init')
    .description('write a configuration and a workflow for your repository')
    .option('--discover <what>', 'look at an application (https://…, at most 20 gentle GET requests), a HAR file or an OpenAPI document')
    .option('--env <name>', 'name of the environment', environmentName, 'staging')
    .addOption(new Option('--gate <gate>', 'gate that the workflow runs').choices(GATES).default('phase3'))
    .addOption(new Option('--format <kind>', 'of the configuration').choices(['ts', 'json']).default('ts'))
    .option('--access <header=VARIABLE...>', 'header that lets requests through a protection wall, and the variable with its secret', [])
    .option('--ca <path>', 'PEM file of an authority to trust besides the system')
    .option('--force', 'overwrite files that differ', false)
    .option('--dry-run', 'print what would be written and stop', false)
    .option('--json', 'findings and files as one document', false)
    .action((options: InitOptions) => act(() => init(options, host)));
}

function environmentName(name: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(name) || name === 'demo') throw new InvalidArgumentError('a name in kebab-case, and not "demo", which is the twin.');
  return name;
}

async function init(options: InitOptions, host: Host): Promise<ExitCode> {
  const directory = host.cwd();
  const access = accessOf(options.access, host.env);
  const interrupt = new AbortController();
  const forget = host.onInterrupt(() => interrupt.abort(new Error('interrupted')));
  if (options.discover !== undefined && !options.json) host.stderr.write(`Looking at ${plainText(options.discover)} …\n`);
  try {
    const look = { headers: access.values, signal: interrupt.signal, ...(options.ca === undefined ? {} : { ca: authority(resolve(directory, options.ca)) }) };
    const findings = await discover(options.discover, directory, look);
    return deliver(findings, access.named, directory, options, host);
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    forget();
  }
}

function deliver(findings: Findings, access: ConfigRequest['access'], directory: string, options: InitOptions, host: Host): ExitCode {
  const request: ConfigRequest = {
    findings,
    environment: options.env,
    access,
    today: new Date().toISOString().slice(0, 10),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
  const isOwn = isOwnCheckout(directory);
  const workflow = workflowText({ gate: options.gate, environment: PREVIEW, secrets: proposedSecrets(request), isOwnCheckout: isOwn });
  const files: readonly ProposedFile[] = [
    { path: `naap-gate.config.${options.format}`, content: options.format === 'ts' ? typescriptConfig(request) : jsonConfig(request) },
    { path: WORKFLOW, content: workflow },
  ];
  const states = files.map((file) => stateOf(directory, file));
  if (!options.dryRun) writeProposed(directory, files, options.force);
  host.stdout.write(options.json ? document(findings, files, states, options) : text(findings, files, states, options, isOwn));
  return EXIT.pass;
}

/** `--access x-vercel-protection-bypass=BYPASS`: sent while looking, and named in the configuration. */
function accessOf(texts: readonly string[], env: Host['env']): { readonly values: Record<string, string>; readonly named: Record<string, { env: string }> } {
  const pairs = texts.map((one) => /^([\w-]+)=([A-Z_][A-Z0-9_]*)$/.exec(one));
  const wrong = texts.filter((_, index) => pairs[index] === null).map((one) => one.split('=')[0]);
  if (wrong.length > 0)
    throw new GateError('USAGE', `--access ${wrong.join(', ')}: a header and the name of a variable were expected; secrets are never written here.`, {
      remedy: 'For example: --access x-vercel-protection-bypass=VERCEL_PROTECTION_BYPASS',
    });
  const named = pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', pair[2] ?? ''] as const]));
  const missing = named.filter(([, variable]) => (env[variable] ?? '') === '').map(([, variable]) => variable);
  if (missing.length > 0)
    throw new GateError('SECRET_MISSING', `Not set: ${missing.join(', ')} (--access).`, {
      remedy: `Set it in the environment of the command: ${missing.map((name) => `${name}=…`).join(' ')}`,
    });
  return {
    values: Object.fromEntries(named.map(([header, variable]) => [header, env[variable] ?? ''])),
    named: Object.fromEntries(named.map(([header, variable]) => [header, { env: variable }])),
  };
}

function authority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GateError('USAGE', `--ca: ${path} could not be read.`, { remedy: 'Give the path of a PEM file.', cause });
  }
}

/** In naap-gate's own checkout the workflow runs the sources. */
function isOwnCheckout(directory: string): boolean {
  try {
    return (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { name?: unknown }).name === 'naap-gate';
  } catch {
    // No manifest, or one that npm itself would refuse: it is not naap-gate's.
    return false;
  }
}

const WORDS: Readonly<Record<FileState, readonly [done: string, planned: string]>> = {
  new: ['written', 'new'],
  same: ['unchanged', 'unchanged'],
  differs: ['overwritten', 'differs (--force would overwrite it)'],
};

function text(
  findings: Findings,
  files: readonly ProposedFile[],
  states: readonly FileState[],
  { env, gate, dryRun, format }: InitOptions,
  isOwn: boolean,
): string {
  const numbered = findings.unknown.map(({ field, what, fill }, index) => `  ${index + 1}. ${field}: ${what}\n     → ${fill}`);
  const lines = [
    `From ${findings.source}`,
    ...(findings.requests.length === 0 ? [] : [`Asked    ${findings.requests.map(({ path, status }) => `${path} ${status ?? 'no answer'}`).join(', ')}`]),
    ...(findings.learned.length === 0 ? [] : ['', 'Learned', ...findings.learned.map((one) => `  - ${one}`)]),
    ...(numbered.length === 0 ? [] : ['', 'Could not be learned, and is yours to fill in', ...numbered]),
  ].map((line) => line.split('\n').map(plainText).join('\n'));
  const shown = dryRun ? files.flatMap(({ path, content }) => ['', `----- ${path}`, content.trimEnd()]) : [];
  const next = [
    'Next',
    ...(findings.target.web.endsWith('.invalid') ? ['  Give target.web its address; nothing answers at the one that stands there'] : []),
    `  naap-gate ${gate} --env ${env} --dry-run   what would be measured; nothing is sent`,
    ...(format === 'json' && findings.login.kind !== 'unknown'
      ? ['  JSON has no comments: docs/configuration.md, "Accounts", tells how accounts are written']
      : []),
    ...(isOwn ? [] : [`  The workflow runs naap-gate from the dependencies of this repository: it belongs into its package.json (here ${VERSION})`]),
    "  Secrets that the workflow names go into the repository's settings",
  ];
  return [
    ...lines,
    ...shown,
    '',
    ...files.map(({ path }, index) => `${(WORDS[states[index] ?? 'new'][dryRun ? 1 : 0] ?? '').padEnd(11)}  ${path}`),
    '',
    ...next,
    '',
  ].join('\n');
}

function document(findings: Findings, files: readonly ProposedFile[], states: readonly FileState[], { dryRun }: InitOptions): string {
  const told = files.map(({ path, content }, index) => ({ path, state: states[index], written: !dryRun, content }));
  return `${JSON.stringify({ ...findings, files: told }, null, 2)}\n`;
}
