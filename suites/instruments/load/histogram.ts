// HDR histograms of microseconds: recorded in the workers, merged without loss in the engine by adding counts.
import * as hdr from 'hdr-histogram-js';
import type { Payload } from '../../../gates/model.ts';

/** Microseconds are recorded for metrics in ms. */
const PER_UNIT = 1000;

export interface Histogram {
  record(ms: number): void;
  readonly count: number;
  encode(): string;
}

/** 3 significant digits: a figure is right to 0.1 %. `highestMs` sizes it; larger values make it grow. */
export function histogram(highestMs: number): Histogram {
  const inner = hdr.build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: Math.max(2, Math.ceil(highestMs * PER_UNIT)),
    numberOfSignificantValueDigits: 3,
  });
  return {
    record: (ms) => inner.recordValue(Math.max(0, Math.round(ms * PER_UNIT))),
    get count() {
      return inner.totalCount;
    },
    encode: () => hdr.encodeIntoCompressedBase64(inner),
  };
}

/** Adds the counts of all shards. Averaging their quantiles would give 0.57 × the truth (INSTRUMENTS.md, "API load"). */
export function mergeEncoded(shards: readonly string[]): Payload {
  const sum = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3, highestTrackableValue: 60_000_000 });
  for (const shard of shards) sum.add(hdr.decodeFromCompressedBase64(shard) as hdr.JsHistogram);
  return { shape: 'histogram', hdr: hdr.encodeIntoCompressedBase64(sum), perUnit: PER_UNIT };
}

export interface Figures {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly mean: number;
  readonly max: number;
}
/** Quantiles in ms; NaN where nothing was recorded. Throws TypeError for a payload of another shape. */
export function figuresOf(payload: Payload): Figures {
  if (payload.shape !== 'histogram') throw new TypeError(`Expected a histogram, got ${payload.shape}.`);
  const inner = hdr.decodeFromCompressedBase64(payload.hdr);
  const n = inner.totalCount;
  const at = (percentile: number): number => (n === 0 ? NaN : inner.getValueAtPercentile(percentile) / payload.perUnit);
  return {
    n,
    p50: at(50),
    p95: at(95),
    p99: at(99),
    mean: n === 0 ? NaN : inner.mean / payload.perUnit,
    max: n === 0 ? NaN : inner.maxValue / payload.perUnit,
  };
}
