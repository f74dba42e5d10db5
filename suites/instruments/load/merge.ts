// Puts the workers' shards together: histograms by their counts, health by the worst of them. Used by the engine and its calibration.
import type { LoadBucket, LoadResult, Payload } from '../../../gates/model.ts';
import type { Lost } from './fleet.ts';
import { figuresOf, mergeEncoded } from './histogram.ts';
import type { Vitals } from './innocence.ts';
import { BUCKET_MS } from './protocol.ts';
import type { ShardResult } from './protocol.ts';

export interface Merged extends Pick<
  LoadResult,
  'latency' | 'service' | 'perRoute' | 'scheduled' | 'sent' | 'answered' | 'failed' | 'failures' | 'inFlight' | 'timeline'
> {
  readonly lag: Payload;
  readonly vitals: Vitals;
  /** Why results are missing, a line for each worker that was lost. */
  readonly lost: readonly string[];
  readonly cpuCores: number;
  readonly runDelayMs: number | undefined;
  readonly rssMiB: number;
}

/** `expected`: requests that were to be scheduled in the window; those of lost workers count as failed. */
export function mergeShards(results: readonly (ShardResult | Lost)[], expected = 0): Merged {
  const shards = results.filter((result): result is ShardResult => !('lost' in result));
  const sum = (of: (shard: ShardResult) => number): number => shards.reduce((total, shard) => total + of(shard), 0);
  const worst = (of: (shard: ShardResult) => number): number => (shards.length === 0 ? NaN : Math.max(...shards.map(of)));
  const scheduled = Math.max(
    expected,
    sum((shard) => shard.scheduled),
  );
  const sent = sum((shard) => shard.sent);
  const answered = sum((shard) => shard.answered);
  const lag = mergeEncoded(shards.map((shard) => shard.lag));
  const missing = scheduled - sum((shard) => shard.scheduled);
  return {
    latency: mergeEncoded(shards.map((shard) => shard.latency)),
    service: mergeEncoded(shards.map((shard) => shard.service)),
    perRoute: mergeRoutes(shards),
    scheduled,
    sent,
    answered,
    failed: scheduled - answered,
    failures: mergeCounts([...shards.map((shard) => shard.failures), missing > 0 ? { 'lost with its worker': missing } : {}]),
    inFlight: mergeInFlight(shards),
    timeline: mergeTimeline(shards),
    lag,
    vitals: {
      scheduleLagP99Ms: figuresOf(lag).p99,
      sentRatio: scheduled === 0 ? NaN : sent / scheduled,
      dropped: sum((shard) => shard.dropped),
      eventLoopDelayP99Ms: worst((shard) => shard.vitals.eventLoopDelayP99Ms),
      eventLoopDelayMaxMs: worst((shard) => shard.vitals.eventLoopDelayMaxMs),
      gcMaxMs: worst((shard) => shard.vitals.gcMaxMs),
    },
    lost: results.flatMap((result) => ('lost' in result ? [result.lost] : [])),
    cpuCores: sum((shard) => shard.vitals.cpuCores),
    runDelayMs: shards.every((shard) => shard.vitals.runDelayMs !== undefined) ? sum((shard) => shard.vitals.runDelayMs ?? 0) : undefined,
    rssMiB: sum((shard) => shard.vitals.rssMiB),
  };
}

function mergeRoutes(shards: readonly ShardResult[]): LoadResult['perRoute'] {
  const routes = new Set(shards.flatMap((shard) => Object.keys(shard.routes)));
  return Object.fromEntries(
    [...routes].map((route) => {
      const parts = shards.flatMap((shard) => shard.routes[route] ?? []);
      const total = (of: 'answered' | 'failed'): number => parts.reduce((count, part) => count + part[of], 0);
      return [route, { latency: mergeEncoded(parts.map((part) => part.latency)), answered: total('answered'), failed: total('failed') }];
    }),
  );
}

function mergeCounts(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sum = new Map<string, number>();
  for (const [key, count] of counts.flatMap((one) => Object.entries(one))) sum.set(key, (sum.get(key) ?? 0) + count);
  return Object.fromEntries([...sum].sort((a, b) => b[1] - a[1]));
}

/** Samples of one moment are added over the workers before mean and maximum are taken. */
function mergeInFlight(shards: readonly ShardResult[]): LoadResult['inFlight'] {
  const moments = (shards[0]?.inFlight ?? []).map((_, at) => shards.reduce((total, shard) => total + (shard.inFlight[at] ?? 0), 0));
  if (moments.length === 0) return { mean: 0, max: 0 };
  return { mean: moments.reduce((a, b) => a + b, 0) / moments.length, max: moments.reduce((a, b) => Math.max(a, b), 0) };
}

function mergeTimeline(shards: readonly ShardResult[]): readonly LoadBucket[] {
  const length = shards[0]?.timeline.n.length ?? 0;
  const at = (index: number): LoadBucket => {
    const add = (column: 'n' | 'failed' | 'sumMs'): number => shards.reduce((total, shard) => total + (shard.timeline[column][index] ?? 0), 0);
    const n = add('n');
    return {
      atMs: index * BUCKET_MS,
      n,
      failed: add('failed'),
      meanMs: add('sumMs') / n,
      maxMs: Math.max(...shards.map((shard) => shard.timeline.maxMs[index] ?? 0)),
    };
  };
  return Array.from({ length }, (_, index) => at(index)).filter((bucket) => bucket.n > 0);
}
