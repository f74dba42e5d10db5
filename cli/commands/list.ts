// `naap-gate list …`: what there is, as a table or as a JSON array.
import { ERROR_CODES, EXIT, type ExitCode, GateError } from '../../gates/model.ts';
import { kindOf } from '../../gates/judge.ts';
import { gates } from '../../gates/phases/index.ts';
import { checks } from '../../suites/index.ts';
import { readConfig } from '../config/read-config.ts';
import { nearest } from '../../gates/nearest.ts';
import { DEMO } from '../open-environment.ts';
import type { Host } from '../terminal.ts';

type Row = Readonly<Record<string, unknown>>;

const LISTS: Readonly<Record<string, (host: Host, config: string | undefined) => Promise<readonly Row[]>>> = {
  gates: async () => gates.map(({ id, title, criteria, approvers, source }) => ({ id, title, criteria: criteria.length, approvers, source })),
  criteria: async () =>
    gates.flatMap(({ id: gate, criteria }) =>
      criteria.map((criterion) => ({
        id: criterion.id,
        gate,
        section: criterion.section,
        text: criterion.text,
        source: criterion.source,
        kind: kindOf(criterion),
        required: criterion.required,
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
  faults: async () => {
    const { FAULTS } = await import('../../fixtures/faults/registry.ts');
    return FAULTS.map(({ id, title, suite, gate, must, may }) => ({ id, title, suite, gate, must, may }));
  },
  errors: async () => Object.entries(ERROR_CODES).map(([id, { title, exit }]) => ({ id, title, exit })),
};

export async function list(what: string, options: { json: boolean; config?: string }, host: Host): Promise<ExitCode> {
  const make = LISTS[what];
  if (make === undefined) {
    const known = Object.keys(LISTS);
    const meant = nearest(what, known);
    throw new GateError(
      'USAGE',
      `There is no list of "${what}". Known: ${known.join(', ')}.`,
      meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` },
    );
  }
  const rows = await make(host, options.config);
  host.stdout.write(
    options.json
      ? `${JSON.stringify(rows, null, 2)}\n`
      : rows.map((row) => `${String(row['id']).padEnd(40)} ${String(row['text'] ?? row['title'] ?? row['target'] ?? '')}\n`).join(''),
  );
  return EXIT.pass;
}
