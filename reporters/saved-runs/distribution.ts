// A latency distribution that looks like an API's, the same on every machine, for the pictures in saved runs.
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { Measurement, SideName } from '../../gates/model.ts';
import { HTTP, LOAD } from './results.ts';

/** Numerical Recipes' linear congruential generator, modulo 2^32; uniform in (0, 1). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Mostly log-normal around `medianMs`; the share `slowShare` takes `slowMs` and a half more or less. */
export function latencies(medianMs: number, slowShare: number, slowMs: number): readonly Measurement[] {
  const next = uniform(7);
  const histogram = build({ numberOfSignificantValueDigits: 3, highestTrackableValue: 60_000_000 });
  for (let index = 0; index < 60_000; index += 1) {
    const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
    const ms = next() < slowShare ? slowMs * (0.5 + next()) : medianMs * Math.exp(0.55 * normal);
    histogram.recordValue(Math.round(ms * 1000));
  }
  return [
    {
      metric: 'api.latency',
      labels: {},
      n: 60_000,
      startedAt: '2026-11-23T04:41:10.000Z',
      endedAt: '2026-11-23T04:42:10.000Z',
      instrument: LOAD,
      payload: { shape: 'histogram', hdr: encodeIntoCompressedBase64(histogram), perUnit: 1000 },
    },
  ];
}

function coldStart(samples: readonly number[]): readonly Measurement[] {
  return [
    {
      metric: 'coldstart.duration',
      labels: {},
      n: samples.length,
      startedAt: '2026-11-23T04:40:40.000Z',
      endedAt: '2026-11-23T04:41:02.000Z',
      instrument: HTTP,
      payload: { shape: 'samples', samples: [...samples] },
    },
  ];
}
export const coldStarts = coldStart([228.4, 231.9, 240.2, 244.8, 251.3, 252.6, 260.1, 266.7, 271.5, 288.8, 301.2, 312.4]);
export const fewColdStarts = coldStart([231.9, 244.8, 260.1, 287.5]);

export function onSide(side: SideName, measurements: readonly Measurement[]): Measurement[] {
  return measurements.map((one) => ({ ...one, labels: { ...one.labels, side } }));
}
