import { expect, test } from 'vitest';
import type { Measurement, RunView } from '../../gates/model.ts';
import { coldStarts, latencies } from '../saved-runs/distribution.ts';
import { COLD_START, P99, cased, limited } from '../saved-runs/results.ts';
import { pass } from '../saved-runs/index.ts';
import { distributionOf, quantile, shareAbove } from './distribution.ts';

const of = (measurements: readonly Measurement[]): RunView => ({
  ...pass,
  measurements: new Map([
    ['api-load/api.latency', measurements],
    ['cold-start/coldstart.duration', measurements],
  ]),
});
const p99 = limited(P99, 'pass');
const histogram = latencies(21.4, 0.02, 190);

test('a histogram is read in the unit of its metric', () => {
  const distribution = distributionOf(of(histogram), p99);
  expect(distribution?.total).toBe(60_000);
  expect(quantile(distribution as NonNullable<typeof distribution>, 0.5)).toBeCloseTo(21.6, 0);
});

test('rounds are added up', () => {
  expect(distributionOf(of([...histogram, ...histogram]), p99)?.total).toBe(120_000);
});

test('the legacy side, a sick instrument and single routes are not part of the whole', () => {
  const [base] = histogram as [Measurement];
  const others: Measurement[] = [
    { ...base, labels: { side: 'legacy' } },
    { ...base, instrument: { ...base.instrument, healthy: false, why: 'starved' } },
    { ...base, labels: { route: 'GET /api/v1/auth/me' } },
  ];
  expect(distributionOf(of([base, ...others]), p99)?.total).toBe(60_000);
  expect(distributionOf(of([base, ...others]), { ...p99, labels: { route: 'GET /api/v1/auth/me' } })?.total).toBe(60_000);
  expect(distributionOf(of(others.slice(1, 2)), p99)).toBeUndefined();
});

test('samples are sorted, and quantiles are by nearest rank', () => {
  const distribution = distributionOf(of(coldStarts), limited(COLD_START, 'pass'));
  expect(distribution?.total).toBe(12);
  expect([0, 0.5, 0.95, 1].map((share) => quantile(distribution as NonNullable<typeof distribution>, share))).toEqual([228.4, 252.6, 312.4, 312.4]);
  expect(shareAbove(distribution as NonNullable<typeof distribution>, 288.8)).toBeCloseTo(2 / 12);
});

test('a metric without a distribution has no picture; a histogram that cannot be read throws', () => {
  expect(distributionOf(of([]), cased('api-endpoints', 3))).toBeUndefined();
  const [base] = histogram as [Measurement];
  expect(() => distributionOf(of([{ ...base, payload: { shape: 'histogram', hdr: 'bm90IGEgaGlzdG9ncmFt', perUnit: 1000 } }]), p99)).toThrow(
    'Encoding not supported',
  );
});
