// Proof of innocence: the limits of record by which a load generator shows that it was not the bottleneck (INSTRUMENTS.md). Used by the engine.

/** What the workers measured about themselves, the worst of them where they differ. */
export interface Vitals {
  readonly scheduleLagP99Ms: number;
  /** Sent ÷ scheduled. */
  readonly sentRatio: number;
  /** Arrivals that could not be sent for want of a connection of the generator's own. */
  readonly dropped: number;
  readonly eventLoopDelayP99Ms: number;
  readonly eventLoopDelayMaxMs: number;
  readonly gcMaxMs: number;
}

interface Limit {
  readonly vital: keyof Vitals;
  readonly words: string;
  readonly op: '<' | '>=' | '==';
  readonly limit: number;
  readonly unit: string;
}

/**
 * Every number: INSTRUMENTS.md, "Proof of innocence (the limits of record)". Starved runs had a schedule lag P99 of 424 ms
 * at an event-loop utilisation of 0.16, so CPU use and utilisation prove nothing and are not among them.
 */
export const LIMITS: readonly Limit[] = [
  { vital: 'scheduleLagP99Ms', words: 'schedule lag P99', op: '<', limit: 5, unit: ' ms' },
  { vital: 'sentRatio', words: 'sent ÷ scheduled', op: '>=', limit: 0.999, unit: '' },
  { vital: 'dropped', words: 'dropped arrivals', op: '==', limit: 0, unit: '' },
  { vital: 'eventLoopDelayP99Ms', words: 'event-loop delay P99', op: '<', limit: 10, unit: ' ms' },
  { vital: 'eventLoopDelayMaxMs', words: 'event-loop delay max', op: '<', limit: 100, unit: ' ms' },
  { vital: 'gcMaxMs', words: 'longest garbage collection', op: '<', limit: 50, unit: ' ms' },
];

/** Calibration offers the null responder this many times the rate (INSTRUMENTS.md). */
export const CALIBRATION_FACTOR = 1.5;

/**
 * Each limit that does not hold, with figure and limit; empty means innocent. A figure that is not a number never holds.
 * `asked`: what this generator can tell about itself; default: everything.
 */
export function complaints(vitals: Vitals, asked: readonly (keyof Vitals)[] = LIMITS.map(({ vital }) => vital)): readonly string[] {
  return LIMITS.filter((limit) => asked.includes(limit.vital) && !holds(vitals[limit.vital], limit)).map(
    (limit) => `${limit.words} ${shown(vitals[limit.vital])}${limit.unit}, limit ${limit.op} ${limit.limit}${limit.unit}`,
  );
}

function holds(figure: number, { op, limit }: Limit): boolean {
  switch (op) {
    case '<':
      return figure < limit;
    case '>=':
      return figure >= limit;
    case '==':
      return figure === limit;
    default:
      return op satisfies never;
  }
}

const shown = (figure: number): string => String(Number(figure.toPrecision(5)));
