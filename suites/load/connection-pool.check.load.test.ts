// The check against a small API behind a simulated pool, sound and with each defect. What the engine says of its health is not asserted here.
import { afterEach, expect, test } from 'vitest';
import type { Measurement } from '../../gates/model.ts';
import { builtInEngine } from '../instruments/load/engine.ts';
import { connectionPool } from './connection-pool.check.ts';
import { contextFor, figure, firstRound, startSimulatedPool } from './testing/bench-context.ts';
import type { PoolServer } from './testing/bench-context.ts';
import type { Defects } from './testing/simulated-pool.ts';

const engine = builtInEngine();
let server: PoolServer | undefined;
afterEach(() => server?.process.kill('SIGKILL'));

async function measured(defects: Defects): Promise<readonly Measurement[]> {
  server = await startSimulatedPool(defects);
  return firstRound(connectionPool, contextFor(server.origin, engine), connectionPool.presets.pr);
}

/** Each default expectation that the figures do not meet, by metric. */
function missed(measurements: readonly Measurement[]): readonly string[] {
  return connectionPool.defaultExpect.flatMap((expectation) => {
    if (expectation.kind !== 'limit') throw new Error('The check expects limits only.');
    const found = figure(measurements, expectation.metric);
    return found !== undefined && found < expectation.value ? [] : [expectation.metric];
  });
}

test('a sound pool meets every expectation', async () => {
  const measurements = await measured({});
  expect(missed(measurements)).toEqual([]);
  expect(figure(measurements, 'pool.held-at-rest')).toBe(0);
});

test('a pool of two makes the burst wait', async () => {
  expect(missed(await measured({ poolSize: 2 }))).toContain('pool.queueing-delay');
});

test('a route that keeps its connections runs the pool dry, and the connections are still held at rest', async () => {
  const measurements = await measured({ leaks: true });
  expect(missed(measurements)).toContain('pool.refused-requests');
  expect(figure(measurements, 'pool.held-at-rest')).toBe(20);
});

test.each<[string, Defects]>([
  ['150 ms for every request', { addedMs: 150 }],
  ['700 ms for two in a hundred and failures that are not for want of a connection', { slowMs: 700, errorEvery: 200 }],
])('%s, without a connection held, is not the pool', async (_, defects) => {
  expect(missed(await measured(defects))).toEqual([]);
});
