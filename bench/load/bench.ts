// `npm run bench -- load`: our engine beside autocannon and wrk, interleaved; answers one document (DESIGN §7) and the words for people.
import { accuracyRound } from './accuracy.ts';
import type { AccuracyRound } from './accuracy.ts';
import { distance, isAccurate, median } from './quantiles.ts';
import type { Distance, Quantiles } from './quantiles.ts';
import { throughputRound } from './throughput.ts';
import type { ThroughputRound } from './throughput.ts';

const ENGINES = ['ours', 'autocannon', 'autocannonUncorrected'] as const;
type EngineName = (typeof ENGINES)[number];

export interface LoadBench {
  readonly accuracy: Readonly<Record<EngineName, Distance>>;
  readonly throughput: {
    readonly oursRps: number;
    readonly autocannonRps: number;
    readonly wrkRps: number | null;
    readonly oursOverWrk: number | null;
    readonly oursOverAutocannon: number;
  };
  /** Every round's P50, P95 and P99 of ours within max(2 %, 0.3 ms) of the truth, from a healthy instrument. */
  readonly accurate: boolean;
  readonly rounds: readonly AccuracyRound[];
}

/** Full: 3 rounds of 40 s an engine, about 6 min. Quick: one of 12 s. */
export async function benchLoad(quick: boolean, say: (text: string) => void): Promise<LoadBench> {
  const [count, durationMs, throughputS] = quick ? [1, 12_000, 2] : [3, 40_000, 5];
  const rounds: AccuracyRound[] = [];
  const throughputs: ThroughputRound[] = [];
  for (let round = 1; round <= count; round += 1) {
    say(`round ${round} of ${count}: accuracy against the known-stall server, ${durationMs / 1000} s an engine`);
    rounds.push(await accuracyRound(durationMs));
    say(`round ${round} of ${count}: throughput against the null responder`);
    throughputs.push(await throughputRound(throughputS));
  }
  return {
    accuracy: accuracyOf(rounds),
    throughput: throughputOf(throughputs),
    accurate: rounds.every(({ healthy, ours, truth }) => healthy && isAccurate(ours, truth)),
    rounds,
  };
}

/** Medians over the rounds. */
function accuracyOf(rounds: readonly AccuracyRound[]): LoadBench['accuracy'] {
  const of = (engine: EngineName): Distance => {
    const distances = rounds.map((round) => distance(round[engine], round.truth));
    return {
      maxRelativeError: median(distances.map((one) => one.maxRelativeError)),
      maxAbsoluteErrorMs: median(distances.map((one) => one.maxAbsoluteErrorMs)),
    };
  };
  return { ours: of('ours'), autocannon: of('autocannon'), autocannonUncorrected: of('autocannonUncorrected') };
}

function throughputOf(rounds: readonly ThroughputRound[]): LoadBench['throughput'] {
  const oursRps = median(rounds.map(({ ours }) => ours));
  const autocannonRps = median(rounds.map(({ autocannon }) => autocannon));
  const wrks = rounds.flatMap(({ wrk }) => wrk ?? []);
  const wrkRps = wrks.length === 0 ? null : median(wrks);
  return { oursRps, autocannonRps, wrkRps, oursOverWrk: wrkRps === null ? null : oursRps / wrkRps, oursOverAutocannon: oursRps / autocannonRps };
}

/** Markdown: a table of the rounds, and the ratios. */
export function describeLoad({ rounds, accuracy, throughput, accurate }: LoadBench): string {
  const row = (name: string, { p50, p95, p99 }: Quantiles): string => `| ${name} | ${ms(p50)} | ${p95 === null ? 'not reported' : ms(p95)} | ${ms(p99)} |`;
  const tables = rounds.map((round, index) =>
    [
      `Round ${index + 1}: ${round.requests} requests of ours, instrument ${round.healthy ? 'healthy' : `sick: ${round.why}`}`,
      '',
      '| | P50 ms | P95 ms | P99 ms |',
      '|---|---|---|---|',
      row('truth (server log)', round.truth),
      row('ours', round.ours),
      row('autocannon 9 `-R 1000`', round.autocannon),
      row('autocannon, uncorrected', round.autocannonUncorrected),
    ].join('\n'),
  );
  const errors = ENGINES.map(
    (engine) => `| ${engine} | ${(accuracy[engine].maxRelativeError * 100).toFixed(2)} % | ${ms(accuracy[engine].maxAbsoluteErrorMs)} |`,
  );
  return [
    '### Accuracy',
    '',
    "Known-stall server: 5 ms of service, every 10 s its process sleeps for 1 s; 1000 req/s. The truth is the server's log: end of the response minus the",
    'intended send time that our requests carry in a header, both from the epoch clock of one machine. autocannon has no intended time, so it is held',
    'against the truth of our run in the same conditions.',
    '',
    ...tables.flatMap((table) => [table, '']),
    '| worst quantile, median of the rounds | relative error | absolute error ms |',
    '|---|---|---|',
    ...errors,
    '',
    `Ours within max(2 %, 0.3 ms) of the truth in every round: ${accurate ? 'yes' : 'NO'}.`,
    '',
    '### Throughput',
    '',
    'One process each side, null responder. Ours: the highest constant arrival rate at which one worker still proves its innocence; the others: a closed loop of 50 connections.',
    '',
    '| ours | autocannon | wrk | ours ÷ autocannon | ours ÷ wrk |',
    '|---|---|---|---|---|',
    `| ${Math.round(throughput.oursRps)} req/s | ${Math.round(throughput.autocannonRps)} req/s | ${throughput.wrkRps === null ? 'not installed' : `${Math.round(throughput.wrkRps)} req/s`} | ${throughput.oursOverAutocannon.toFixed(2)} | ${throughput.oursOverWrk === null ? 'wrk is not installed' : throughput.oursOverWrk.toFixed(2)} |`,
    '',
  ].join('\n');
}

const ms = (value: number): string => (value < 100 ? value.toFixed(2) : value.toFixed(0));
