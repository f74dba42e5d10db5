// The checklist of a plan, row by row, for --dry-run: how each row would be proved, or why it would not. Used by plan-text.ts.
import type { Binding, Expectation, Plan, Reason, State, Statistic, Unit } from '../gates/model.ts';
import { oneLine } from './plain-text.ts';
import { counted } from './quantity.ts';
import { STATE_WORDS, changedWords, limitWords } from './wording.ts';
import { pad, wrap } from './wrap.ts';

type PlannedCriterion = Plan['criteria'][number];
type PlannedExecution = Plan['executions'][number];

/** What a row waits for or does, before the run. */
export type Means = 'measured' | 'evidence' | 'signature' | 'no check yet' | State;

interface Row {
  readonly means: Means;
  readonly id: string;
  readonly text: string;
  readonly required: boolean;
  readonly section: string;
  /** A line each. */
  readonly how: readonly string[];
}

/** The longest of the means that are common. */
const MEANS_COLUMNS = 'no check yet'.length;

export function planRows(plan: Plan): readonly Row[] {
  const executions = new Map(plan.executions.map((execution) => [execution.id, execution]));
  return plan.criteria.map((planned) => {
    const { id, text, required, section } = planned.criterion;
    return { id: oneLine(id), text: oneLine(text), required, section: oneLine(section), ...proofOf(planned, executions) };
  });
}

/** Counts in the order of the means' first rows: `3 measured, 2 evidence, 1 signature`. */
export function meansWords(rows: readonly Row[]): string {
  const groups = Map.groupBy(rows, ({ means }) => means);
  return [...groups].map(([means, of]) => `${of.length} ${means}`).join(', ');
}

/** Section by section; every row of the plan, with its own words and its id. */
export function checklist(rows: readonly Row[], width: number, bold: (text: string) => string, dim: (text: string) => string): string[] {
  return [...Map.groupBy(rows, ({ section }) => section)].flatMap(([section, own]) => ['', bold(section), ...own.flatMap((row) => rowLines(row, width, dim))]);
}

function rowLines({ means, id, text, required, how }: Row, width: number, dim: (text: string) => string): string[] {
  const hanging = ' '.repeat(MEANS_COLUMNS + 4);
  const words = required ? text : `${text} (optional)`;
  const head = wrap(words, width, `  ${pad(means, MEANS_COLUMNS)}  `, hanging);
  return [...head, ...wrap(id, width, hanging).map(dim), ...how.flatMap((line) => wrap(line, width, hanging, `${hanging}  `))];
}

function proofOf(planned: PlannedCriterion, executions: ReadonlyMap<string, PlannedExecution>): Pick<Row, 'means' | 'how'> {
  const { settled, bindings, criterion } = planned;
  if (settled !== undefined) return settledProof(settled, criterion);
  const skipped = bindings.map(({ execution }) => executions.get(execution ?? '')?.skip).find((skip) => skip !== undefined);
  const how = bindings.map(({ binding, execution }) => bindingWords(binding, executions.get(execution ?? '')));
  if (bindings.some(({ execution }) => execution === null)) return { means: 'no check yet', how };
  return skipped === undefined ? { means: 'measured', how } : { means: skipped.state, how: [...how, oneLine(skipped.reason.text)] };
}

function settledProof(
  { state, reason }: { readonly state: State; readonly reason: Reason },
  { kind }: PlannedCriterion['criterion'],
): Pick<Row, 'means' | 'how'> {
  const text = oneLine(reason.text);
  if (state !== 'pending') return { means: state, how: [text] };
  if ('evidence' in kind) return { means: 'evidence', how: kind.evidence.map(({ kind: rule, describe }) => `${rule}: ${oneLine(describe)}`) };
  return 'attested' in kind ? { means: 'signature', how: [oneLine(kind.attested)] } : { means: STATE_WORDS[state] as State, how: [text] };
}

/** `api-load: latency P99 < 500 ms, at least 1 000 samples`; a check that is not built cannot say the unit. */
function bindingWords({ check, expect, scope }: Binding, execution: PlannedExecution | undefined): string {
  const metric = execution?.metrics[expect.metric];
  const statistic = 'statistic' in expect ? statisticWords(expect.statistic) : '';
  const samples = 'minSamples' in expect && expect.minSamples > 1 ? `, at least ${counted(expect.minSamples, 'sample')}` : '';
  const each = scope === 'each' ? ', each by itself' : '';
  return `${oneLine(check)}: ${oneLine(metric?.title ?? expect.metric)}, ${statistic}${limitWords(expect, metric?.unit)}${changedPart(expect, metric?.unit)}${samples}${each}`;
}

function changedPart(expect: Expectation, unit: Unit | undefined): string {
  const words = changedWords(expect, unit);
  if (words === '' || expect.kind !== 'limit' || expect.changed === undefined) return '';
  const { until, owner, reason } = expect.changed;
  return ` (${words} until ${until}, ${oneLine(owner)}: ${oneLine(reason).replace(/\.$/u, '')})`;
}

function statisticWords(statistic: Statistic): string {
  return statistic === 'value'
    ? ''
    : `${statistic.replace(/^p(\d\d)(\d?)$/u, (_, whole: string, tenth: string) => `P${whole}${tenth === '' ? '' : `.${tenth}`}`)} `;
}
