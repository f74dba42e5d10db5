// `naap-gate list …`: what there is, as a table or as a JSON array.
import type { Command } from 'commander';
import { ERROR_CODES, EXIT, type ExitCode, type Gate, GateError } from '../../gates/model.ts';
import { kindOf } from '../../gates/judge.ts';
import { gates } from '../../gates/phases/index.ts';
import { checks } from '../../suites/index.ts';
import { dayOf, gatesOf } from '../config/catalogue.ts';
import { readConfig } from '../config/read-config.ts';
import { readWaivers } from '../config/waivers.ts';
import { nearest } from '../../gates/nearest.ts';
import { DEMO } from '../open-environment.ts';
import type { Act, Host } from '../terminal.ts';
import { listRuns, type ListRunsOptions, runListOptions, runListOptionsOf } from './list-runs.ts';

type Row = Readonly<Record<string, unknown>>;

const LISTS: Readonly<Record<string, (host: Host, config: string | undefined) => Promise<readonly Row[]>>> = {
  gates: async (host, config) =>
    (await gatesHere(host, config)).map(({ id, title, criteria, approvers, source }) => ({ id, title, criteria: criteria.length, approvers, source })),
  criteria: async (host, config) =>
    (await gatesHere(host, config)).flatMap(({ id: gate, criteria }) =>
      criteria.map((criterion) => ({
        id: criterion.id,
        gate,
        section: criterion.section,
        text: criterion.text,
        source: criterion.source,
        kind: kindOf(criterion),
        required: criterion.required,
        evidence: 'evidence' in criterion.kind ? criterion.kind.evidence : undefined,
        note: criterion.note,
      })),
    ),
  checks: async () =>
    checks.map(({ id, title, revision, effects, needs, wants = [], locks, after, metrics }) => ({
      id,
      title,
      revision,
      effects,
      needs,
      wants,
      locks,
      after,
      metrics,
    })),
  environments: async (host, config) => {
    const read = await readConfig(host.cwd(), config);
    return [
      { id: DEMO, target: 'the twin, started for the run', allow: ['read', 'write', 'load'] },
      ...Object.entries(read.config.environments).map(([id, { target, allow }]) => ({ id, target: target.web, allow })),
    ];
  },
  waivers: async (host, config) => {
    const today = dayOf(new Date());
    const { waivers } = readWaivers(await readConfig(host.cwd(), config), host.cwd(), today);
    return waivers.map((waiver) => {
      const state = waiver.until < today ? 'expired' : 'active';
      return { id: waiver.criterion, ...waiver, state, title: `${state}, on ${waiver.environment} until ${waiver.until}, ${waiver.owner}: ${waiver.reason}` };
    });
  },
  faults: async () => {
    const { FAULTS } = await import('../../fixtures/faults/registry.ts');
    return FAULTS.map(({ id, title, suite, gate, must, may }) => ({ id, title, suite, gate, must, may }));
  },
  errors: async () => Object.entries(ERROR_CODES).map(([id, { title, exit }]) => ({ id, title, exit })),
};

/** As the configuration has them; where that has mistakes, those of the plan, for whoever is about to mend them. */
async function gatesHere(host: Host, config: string | undefined): Promise<readonly Gate[]> {
  try {
    const read = await readConfig(host.cwd(), config);
    return gatesOf(read.config, dayOf(new Date())).map(({ gate }) => gate);
  } catch (error) {
    if (!(error instanceof GateError) || error.code !== 'CONFIG_INVALID') throw error;
    host.stderr.write(`Only the plan's gates are listed: ${error.message}\n`);
    return gates;
  }
}

interface ListOptions extends ListRunsOptions {
  readonly config?: string;
}
const RUNS = 'runs';

export function registerList(program: Command, host: Host, act: Act): void {
  const command = program
    .command(`list <${[...Object.keys(LISTS), RUNS].join('|')}>`)
    .description('what there is')
    .option('--json', 'an array on stdout', false)
    .option('--config <path>', 'configuration file');
  runListOptions(command).action((what: string, options: ListOptions) => act(() => (what === RUNS ? listRuns(options, host) : list(what, options, host))));
}

async function list(what: string, options: ListOptions, host: Host): Promise<ExitCode> {
  const make = LISTS[what];
  if (make === undefined) {
    const known = [...Object.keys(LISTS), RUNS];
    const meant = nearest(what, known);
    throw new GateError(
      'USAGE',
      `There is no list of "${what}". Known: ${known.join(', ')}.`,
      meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` },
    );
  }
  const [foreign] = runListOptionsOf(options);
  if (foreign !== undefined) throw new GateError('USAGE', `${foreign} is for list runs; list ${what} does not take it.`, { remedy: `naap-gate list ${what}` });
  const rows = await make(host, options.config);
  host.stdout.write(
    options.json
      ? `${JSON.stringify(rows, null, 2)}\n`
      : rows.map((row) => `${String(row['id']).padEnd(40)} ${String(row['text'] ?? row['title'] ?? row['target'] ?? '')}\n`).join(''),
  );
  return EXIT.pass;
}
