// One measurement of many cases that were put one by one: the shape that every check of cases answers.
import type { Case, CheckContext, Instrument, Measurement } from '../../gates/model.ts';

/** Of the target. Cases sorted by id, so that two runs compare; `n` counts those that were really put. */
export function measureCases(
  { clock }: Pick<CheckContext, 'clock'>,
  metric: string,
  cases: readonly Case[],
  startedAt: Date,
  instrument: Instrument,
): Measurement {
  return {
    metric,
    labels: { side: 'target' },
    n: cases.filter(({ state }) => state !== 'not-run').length,
    startedAt: startedAt.toISOString(),
    endedAt: clock.now().toISOString(),
    instrument,
    payload: { shape: 'cases', cases: cases.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) },
  };
}
