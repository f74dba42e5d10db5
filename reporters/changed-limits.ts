// The limits of a run that the configuration put in the plan's place (DESIGN §7: "plan 500, here 650"). For html/, markdown/ and read-aloud.ts.
import type { Expectation, RunReport, Unit } from '../gates/model.ts';

export interface LimitChanged {
  readonly criterion: string;
  readonly unit: Unit | undefined;
  readonly here: number;
  readonly changed: NonNullable<Extract<Expectation, { kind: 'limit' }>['changed']>;
}

/** One for each row and limit; a limit that is judged for each route stands once. */
export function limitsChanged(report: RunReport): readonly LimitChanged[] {
  return report.criteria.flatMap(({ id, results }) => {
    const all = results.flatMap(({ expect, unit }): LimitChanged[] =>
      expect.kind === 'limit' && expect.changed !== undefined ? [{ criterion: id, unit, here: expect.value, changed: expect.changed }] : [],
    );
    return [...new Map(all.map((one) => [`${one.here} ${one.changed.from}`, one])).values()];
  });
}
