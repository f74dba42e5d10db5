// `npm run bench -- load`: our engine beside k6, autocannon and wrk, interleaved; answers one document (DESIGN §7) and the words for people.
import type { Binary } from '../../suites/instruments/load/k6/find-k6.ts';
import { accuracyRound } from './accuracy.ts';
import type { AccuracyRound, OpenModelRun } from './accuracy.ts';
import { distance, isAccurate, median } from './quantiles.ts';
import type { Distance, Quantiles } from './quantiles.ts';
import { throughputRound } from './throughput.ts';
import type { ThroughputRound } from './throughput.ts';

const ENGINES = ['ours', 'k6', 'autocannon', 'autocannonUncorrected'] as const;
type EngineName = (typeof ENGINES)[number];

/** k6, or why there is none. */
export type K6ForBench = Binary | { readonly whys: readonly string[] };

export interface LoadBench {
  /** Medians over the rounds; null for k6 where there is none. */
  readonly accuracy: Readonly<Record<EngineName, Distance | null>>;
  /** The same as `accurate`, for k6; null where there is none. */
  readonly k6Accurate: boolean | null;
  /** Its version, or why there is none. */
  readonly k6: string;
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

/** Full: 3 rounds of 40 s an engine, about 9 min. Quick: one of 12 s. */
export async function benchLoad(quick: boolean, k6: K6ForBench, say: (text: string) => void): Promise<LoadBench> {
  const binary = 'path' in k6 ? k6 : undefined;
  const [count, durationMs, throughputS] = quick ? [1, 12_000, 2] : [3, 40_000, 5];
  const rounds: AccuracyRound[] = [];
  const throughputs: ThroughputRound[] = [];
  for (let round = 1; round <= count; round += 1) {
    say(`round ${round} of ${count}: accuracy against the known-stall server, ${durationMs / 1000} s an engine`);
    rounds.push(await accuracyRound(durationMs, binary));
    say(`round ${round} of ${count}: throughput against the null responder`);
    throughputs.push(await throughputRound(throughputS));
  }
  return {
    accuracy: accuracyOf(rounds),
    throughput: throughputOf(throughputs),
    accurate: rounds.every(({ ours }) => isRight(ours)),
    k6Accurate: binary === undefined ? null : rounds.every((round) => round.k6 !== undefined && isRight(round.k6)),
    k6: 'path' in k6 ? k6.version : k6.whys.join('; '),
    rounds,
  };
}

const isRight = ({ healthy, reported, truth }: OpenModelRun): boolean => healthy && isAccurate(reported, truth);

function accuracyOf(rounds: readonly AccuracyRound[]): LoadBench['accuracy'] {
  const of = (distances: readonly Distance[]): Distance | null =>
    distances.length === 0
      ? null
      : {
          maxRelativeError: median(distances.map((one) => one.maxRelativeError)),
          maxAbsoluteErrorMs: median(distances.map((one) => one.maxAbsoluteErrorMs)),
        };
  return {
    ours: of(rounds.map(({ ours }) => distance(ours.reported, ours.truth))),
    k6: of(rounds.flatMap(({ k6 }) => (k6 === undefined ? [] : [distance(k6.reported, k6.truth)]))),
    autocannon: of(rounds.map(({ autocannon, ours }) => distance(autocannon, ours.truth))),
    autocannonUncorrected: of(rounds.map(({ autocannonUncorrected, ours }) => distance(autocannonUncorrected, ours.truth))),
  };
}

function throughputOf(rounds: readonly ThroughputRound[]): LoadBench['throughput'] {
  const oursRps = median(rounds.map(({ ours }) => ours));
  const autocannonRps = median(rounds.map(({ autocannon }) => autocannon));
  const wrks = rounds.flatMap(({ wrk }) => wrk ?? []);
  const wrkRps = wrks.length === 0 ? null : median(wrks);
  return { oursRps, autocannonRps, wrkRps, oursOverWrk: wrkRps === null ? null : oursRps / wrkRps, oursOverAutocannon: oursRps / autocannonRps };
}

/** Markdown: a table of the rounds, and the ratios. */
export function describeLoad({ rounds, accuracy, throughput, accurate, k6Accurate, k6 }: LoadBench): string {
  const row = (name: string, { p50, p95, p99 }: Quantiles): string => `| ${name} | ${ms(p50)} | ${p95 === null ? 'not reported' : ms(p95)} | ${ms(p99)} |`;
  const tables = rounds.map((round, index) =>
    [
      `Round ${index + 1}: ${runWords('ours', round.ours)}${round.k6 === undefined ? '' : `; ${runWords('k6', round.k6)}`}`,
      '',
      '| | P50 ms | P95 ms | P99 ms |',
      '|---|---|---|---|',
      row('truth of our run (server log)', round.ours.truth),
      row('ours', round.ours.reported),
      ...(round.k6 === undefined ? [] : [row("truth of k6's run (server log)", round.k6.truth), row(`k6 ${k6}, as we report it`, round.k6.reported)]),
      row('autocannon 9 `-R 1000`', round.autocannon),
      row('autocannon, uncorrected', round.autocannonUncorrected),
    ].join('\n'),
  );
  const errors = ENGINES.flatMap((engine) => {
    const of = accuracy[engine];
    return of === null ? [] : [`| ${engine} | ${(of.maxRelativeError * 100).toFixed(2)} % | ${ms(of.maxAbsoluteErrorMs)} |`];
  });
  return [
    '### Accuracy',
    '',
    "Known-stall server: 5 ms of service, every 10 s its process sleeps for 1 s; 1000 req/s. The truth is the server's log: end of the response minus the",
    'intended send time that our requests and those of k6 carry in a header, both from the epoch clock of one machine. autocannon has no intended time,',
    'so it is held against the truth of our run in the same conditions.',
    '',
    ...tables.flatMap((table) => [table, '']),
    '| worst quantile, median of the rounds | relative error | absolute error ms |',
    '|---|---|---|',
    ...errors,
    '',
    `Ours within max(2 %, 0.3 ms) of the truth in every round: ${accurate ? 'yes' : 'NO'}. ${k6Words(k6Accurate, k6, rounds)}`,
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

/** Whether k6 kept the same limits, and why not. */
function k6Words(accurate: boolean | null, k6: string, rounds: readonly AccuracyRound[]): string {
  if (accurate === null) return `k6 was not measured: ${k6}.`;
  if (accurate) return 'k6: yes.';
  const cpu = (of: (round: AccuracyRound) => OpenModelRun | undefined): number => median(rounds.flatMap((round) => of(round)?.cpuMsPerRequest ?? []));
  const [ours, theirs] = [cpu((round) => round.ours), cpu((round) => round.k6)];
  return (
    `k6: NO. Why: an answer ends, for a client, when it has been read. k6 takes ${theirs.toFixed(2)} ms of CPU a request (ours ${ours.toFixed(2)}), on the cores that it ` +
    'shares with the server here, so that it reads the answers of a whole pause later than the server has sent them. It errs to the slow side.'
  );
}

function runWords(name: string, { requests, healthy, why }: OpenModelRun): string {
  return `${requests} requests of ${name}, instrument ${healthy ? 'healthy' : `sick: ${why}`}`;
}

const ms = (value: number): string => (value < 100 ? value.toFixed(2) : value.toFixed(0));
