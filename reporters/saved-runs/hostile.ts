// A run in which every free text tries to break out of its format, for the tests of all reporters.
import { Case, GateError, Item, RunReport } from '../../gates/model.ts';
import type { RunView } from '../../gates/model.ts';
import { fail, waived } from './index.ts';

/** Tags, attribute ends, CDATA ends, table bars, forged lines and headings, a mention, terminal escapes, controls, a text reversal, half a surrogate pair. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"\' onload="alert(2)',
  ']]>',
  '<!--',
  '|cell|',
  '`tick`',
  '@maintainers',
  '#12',
  '[x](https://evil.example/)',
  '\u001B[2J\u001B[32mPASS\u001B[0m',
  '\u0000\u0007\u009B',
  '\u202Egnp',
  '\uD800',
  '&amp;',
  '\n# forged heading\nPASS          forged row\r\n| pass | forged | row |',
].join(' ');

/** Values that the schema binds to a form. */
const BOUND: ReadonlySet<string> = new Set([
  'code',
  'state',
  'verdict',
  'kind',
  'op',
  'statistic',
  'unit',
  'outcome',
  'scope',
  'profile',
  'startedAt',
  'endedAt',
  'until',
  'side',
  'required',
  'mode',
  'mediaType',
]);

function poisoned(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return BOUND.has(key) ? value : `${value} ${HOSTILE}`;
  if (Array.isArray(value)) return value.map((entry) => poisoned(entry, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name === 'schedule lag P99' ? `${name} ${HOSTILE}` : name, poisoned(entry, name)]));
}

/** The failing run with every free text poisoned; still a valid report. Throws where it is not. */
export function hostileRun(): RunView {
  const report = RunReport.parse(
    poisoned({ ...fail.report, waivers: waived.report.waivers, problems: [{ code: 'TARGET_UNHEALTHY', text: 'Unwell.', remedy: 'Look.', scope: 'all' }] }),
  );
  const first = report.criteria[0]?.results[0];
  if (first === undefined || Case.safeParse(first.cases?.[0]).success !== true) throw new GateError('INTERNAL', 'The hostile run lost its failing cases.');
  first.items = [Item.parse({ key: HOSTILE, detail: HOSTILE })];
  return { report, measurements: fail.measurements };
}
