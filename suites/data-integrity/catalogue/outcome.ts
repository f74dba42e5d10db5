// What a check of the catalogue hands over: its findings, what was not looked at, and the artifact that names all of it. Used by the checks of the catalogue.
import type { CheckContext, CheckEvent, Item } from '../../../gates/model.ts';
import { comparisonInstrument } from '../instrument.ts';
import type { Unseen } from '../workers.ts';
import { withoutIntended } from './findings.ts';

/** Findings kept for the report; all are counted. */
const NAMED = 2000;

export interface Outcome {
  readonly metric: string;
  /** Objects looked at on both sides. */
  readonly n: number;
  readonly items: readonly Item[];
  /** Found beyond those, counted and not named. */
  readonly unnamed?: number;
  readonly unseen: readonly Unseen[];
  readonly facts: Readonly<Record<string, number | string | boolean>>;
  /** More that the artifact says. */
  readonly more: Readonly<Record<string, unknown>>;
}

export async function* tellOutcome(context: CheckContext, check: string, startedAt: Date, outcome: Outcome): AsyncGenerator<CheckEvent> {
  const { items, accepted } = withoutIntended(outcome.items, context.mapping ?? { databases: {} });
  const total = items.length + (outcome.unnamed ?? 0);
  await context.artifacts.put(
    `${check}/details.json`,
    'application/json',
    JSON.stringify({ findings: total, intended: accepted, notSeen: outcome.unseen, ...outcome.more }, null, 2),
  );
  yield {
    kind: 'measurement',
    measurement: {
      metric: outcome.metric,
      labels: {},
      n: outcome.n,
      startedAt: startedAt.toISOString(),
      endedAt: context.clock.now().toISOString(),
      instrument: comparisonInstrument(check, outcome.unseen, total > 0, {
        ...outcome.facts,
        ...(accepted.length === 0 ? {} : { intendedDifferences: accepted.length }),
      }),
      payload: { shape: 'set', items: items.slice(0, NAMED), totalItems: total },
    },
  };
  yield { kind: 'end-of-round' };
}
