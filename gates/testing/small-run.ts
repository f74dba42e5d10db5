// A small gate with one of everything that a run can be in the middle of: rounds, comparisons, artifacts, sick rounds, a throw. Run by killable-run.ts, killed by resume.live.test.ts.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { Binding, Check, CheckEvent, Comparator, Gate, Measurement, Payload } from '../model.ts';
import { measurement } from '../test-data.ts';
import { check, gate, round, type Staged } from '../test-run.ts';

/** Larger than what a journal's line may hold, so that it becomes an artifact. */
const MANY = 600;
const samples = (value: number, count = 1): Payload => ({ shape: 'samples', samples: Array.from({ length: count }, (_, index) => value + index / MANY) });

interface Sampled {
  readonly count?: number;
  readonly side?: 'target' | 'legacy';
  readonly healthy?: boolean;
}
function latency(value: number, { count = 1, side, healthy = true }: Sampled = {}): CheckEvent {
  const instrument = { name: 'probe', version: '1', healthy, ...(healthy ? {} : { why: 'starved' }) };
  const labels = side === undefined ? {} : { side };
  return { kind: 'measurement', measurement: measurement('latency', samples(value, count), { labels, instrument, n: count }) };
}

/** Rounds for ever, each told to `begin` before anything of it is measured. */
function rounds(id: string, begin: Begin, eventsOf: (number: number) => readonly CheckEvent[], more: Partial<Check> = {}): Check {
  return check(
    id,
    async function* (context, _options, firstRound = 0) {
      for (let number = firstRound; ; number += 1) {
        begin(id, number);
        await context.artifacts.put(`${id}-${number}.txt`, 'text/plain', `${id} ${number}`);
        yield* eventsOf(number);
        yield round;
      }
    },
    more,
  );
}

type Begin = (check: string, round: number) => void;
function checksOf(begin: Begin): Check[] {
  return [
    rounds('slow', begin, () => [latency(900)]),
    rounds('large', begin, (number) => [latency(10 + number, { count: MANY })]),
    rounds('versus', begin, (number) => [latency(100 + number, { side: 'target' }), latency(100, { side: 'legacy' })]),
    rounds('sick', begin, (number) => [latency(20, { healthy: number > 0 })], { after: ['slow'] }),
    check('throws', async function* () {
      begin('throws', 0);
      yield latency(1);
      throw new Error('boom');
    }),
    rounds('alone', begin, () => [latency(30)], { locks: ['target'], after: ['large', 'versus'] }),
  ];
}

/** Undecided until it has seen four rounds. */
const comparator: Comparator = {
  decide(measured) {
    const effects = measured.map(([target, legacy]) => firstOf(target) - firstOf(legacy));
    const effect = Math.max(...effects);
    const outcome = measured.length < 4 ? 'undecided' : 'within';
    return { outcome, effect, interval: { low: 0, high: effect, level: 0.95 }, reference: 'r', why: `${outcome} after ${measured.length}` };
  },
};
function firstOf(one: Measurement | undefined): number {
  return one?.payload.shape === 'samples' ? (one.payload.samples[0] ?? 0) : 0;
}

const LIMIT: Binding['expect'] = { kind: 'limit', metric: 'latency', statistic: 'max', op: '<', value: 500, minSamples: 1 };
const BINDINGS: Readonly<Record<string, Binding>> = {
  large: { check: 'large', expect: LIMIT, rounds: { min: 2, max: 2, budgetMs: 60_000 } },
  versus: {
    check: 'versus',
    expect: { kind: 'versus', side: 'legacy', metric: 'latency', statistic: 'max', tolerance: { ratio: 0.1 }, minSamples: 1 },
    rounds: { min: 3, max: 6, budgetMs: 60_000 },
  },
};
function gateOf(checks: readonly Check[]): Gate {
  const plain = gate(...checks.map(({ id }) => id));
  const withRounds = (criterion: Gate['criteria'][number]): Gate['criteria'][number] => {
    const binding = BINDINGS[criterion.text];
    return binding === undefined ? criterion : { ...criterion, kind: { measured: [binding] } };
  };
  return { ...plain, criteria: plain.criteria.map(withRounds) };
}

/** `begunPath`: gets a line `check round` for each round that is begun, on the disk before anything of it is measured. */
export function smallRun(begunPath: string): Staged {
  const checks = checksOf((id, number) => {
    const file = openSync(begunPath, 'a');
    writeSync(file, `${id} ${number}\n`);
    fsyncSync(file);
    closeSync(file);
  });
  return { checks, gate: gateOf(checks), comparator };
}
