// How a criterion's figures moved over runs: only what can be compared stands in one series. Pure; called by `list runs --trend`.
import type { CriterionReport, CriterionResult, Reason } from './model/report.ts';
import type { Expectation } from './model/criterion.ts';
import type { Unit } from './model/measurement.ts';
import type { Profile, State } from './model/verdicts.ts';
import { canonicalJson } from './digest.ts';
import type { OutlinedRun, RunOutline } from './run-outline.ts';

export interface TrendPoint {
  readonly run: string;
  readonly startedAt: string | null;
  readonly commit: string | null;
  readonly state: State | 'unfinished' | 'unreadable';
  /** The figure, in the series' unit; null where there is none, or none that counts: a sick instrument's, or one that nothing could be decided by. */
  readonly value: number | null;
  readonly reason: Reason | null;
}
/** One figure of one environment, by the same check at the same profile. */
export interface TrendSeries {
  readonly environment: string;
  readonly profile: Profile;
  readonly check: string;
  readonly metric: string;
  readonly statistic: string | null;
  readonly labels: CriterionResult['labels'];
  readonly unit: Unit | null;
  /** As the newest run had it. */
  readonly expect: Expectation;
  /** Oldest first. Every run of the gate there stands in it, measured or not. */
  readonly points: readonly TrendPoint[];
}

/** `runs` in any order; those that tell neither environment nor gate belong to no series. */
export function trendOf(criterion: string, runs: readonly OutlinedRun[]): TrendSeries[] {
  const oldestFirst = runs.toSorted((a, b) => ((a.outline.startedAt ?? '') < (b.outline.startedAt ?? '') ? -1 : 1));
  const named = oldestFirst.map(({ outline, judged }) => ({ outline, row: judged.find(({ id }) => id === criterion) }));
  const gate = named.findLast(({ row }) => row !== undefined)?.outline.gate;
  const comparable = Map.groupBy(
    named.filter(({ outline }) => outline.gate === gate),
    ({ outline }) => canonicalJson([outline.environment, outline.profile]),
  );
  return [...comparable.values()].flatMap(seriesOf);
}

interface NamedRow {
  readonly outline: RunOutline;
  readonly row: CriterionReport | undefined;
}

function seriesOf(rows: readonly NamedRow[]): TrendSeries[] {
  const results = rows.flatMap(({ row }) => row?.results ?? []);
  const newest = new Map(results.map((result) => [keyOf(result), result]));
  const [{ environment, profile } = { environment: null, profile: null }] = rows.map(({ outline }) => outline);
  if (environment === null || profile === null) return [];
  return [...newest].map(([key, result]) => ({
    environment,
    profile,
    check: result.check,
    metric: result.metric,
    statistic: statisticOf(result.expect),
    labels: result.labels,
    unit: results.findLast((one) => one.unit !== undefined && keyOf(one) === key)?.unit ?? null,
    expect: result.expect,
    points: rows.map((named) => pointOf(named, key)),
  }));
}

/** What the figure is of, as asked for: a result without a figure tells no statistic. A limit that changed leaves the figures comparable. */
function keyOf({ check, metric, labels, expect }: CriterionResult): string {
  return canonicalJson([check, metric, labels, expect.kind, statisticOf(expect)]);
}
function statisticOf(expect: Expectation): string | null {
  return 'statistic' in expect ? expect.statistic : null;
}

function pointOf({ outline, row }: NamedRow, key: string): TrendPoint {
  const common = { run: outline.run, startedAt: outline.startedAt, commit: outline.subject?.commit ?? null };
  if (outline.problem !== null) return { ...common, state: 'unreadable', value: null, reason: null };
  if (outline.verdict === null) return { ...common, state: 'unfinished', value: null, reason: null };
  const result = row?.results.find((one) => keyOf(one) === key);
  if (result === undefined) return { ...common, state: row?.state ?? 'deferred', value: null, reason: row?.reason ?? null };
  return { ...common, state: result.verdict, value: figureOf(result), reason: result.reason };
}

/** For a comparison: the difference, positive is worse. For a set: how many were found; for cases: how many were not in order, of which a report keeps 50 at the most. */
function figureOf(result: CriterionResult): number | null {
  if (result.verdict === 'inconclusive' || result.verdict === 'error' || result.instrument?.healthy === false) return null;
  if (result.comparison !== undefined) return result.comparison.effect;
  if (result.value !== undefined) return result.value;
  if (result.expect.kind === 'cases') return result.cases?.length ?? 0;
  return result.totalItems ?? result.items?.length ?? null;
}
