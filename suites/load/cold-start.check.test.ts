import { expect, test } from 'vitest';
import type { ColdStart, LoadEngine, Measurement } from '../../gates/model.ts';
import { type ColdStartOptions, coldStart } from './cold-start.check.ts';
import { SMALL_SURFACE, contextFor, firstRound } from './testing/bench-context.ts';
import { type Behaviour, type SimulatedFunction, simulateFunction } from './testing/simulated-functions.ts';

const NO_LOAD: LoadEngine = { name: 'none', run: () => Promise.reject(new Error('A cold start is no load.')) };
const OPTIONS: ColdStartOptions = { starts: 3, tries: 6, timeoutMs: 500, budgetMs: 5000, maxCpuWait: 1e9 };
const DECLARED: ColdStart = { marker: { header: 'X-Cold', value: '1' }, idleMs: 45, routes: ['public'] };
/** Marks the first answer of an instance alone. */
const honest: Behaviour = { startMs: 40, idleMs: 40, headers: (_, nth) => (nth === 1 ? { 'x-cold': '1' } : { 'x-cold': '0' }) };

interface Seen {
  /** Samples of the route. */
  readonly samples: readonly number[];
  readonly overall: readonly number[];
  readonly measured: readonly Measurement[];
  readonly log: readonly string[];
  readonly server: SimulatedFunction;
}

async function run(behaviour: Partial<Behaviour>, declared: Partial<ColdStart> = {}, options: Partial<ColdStartOptions> = {}): Promise<Seen> {
  const server = simulateFunction({ ...honest, ...behaviour });
  const log: string[] = [];
  const surface = { ...SMALL_SURFACE, coldStart: { ...DECLARED, ...declared } };
  const context = { ...contextFor('http://127.0.0.1:9', NO_LOAD, surface), http: server, log: (text: string) => void log.push(text) };
  const measured = await firstRound(coldStart, context, { ...OPTIONS, ...options });
  const samplesOf = (route: string | undefined): readonly number[] =>
    measured.flatMap(({ labels, payload }) => (labels.route === route && payload.shape === 'samples' ? payload.samples : []));
  return { samples: samplesOf('public'), overall: samplesOf(undefined), measured, log, server };
}

test('what takes as long as the instance to start is counted, by route and overall; the answers after it are not', async () => {
  const { samples, overall, measured } = await run({});
  expect(samples).toHaveLength(3);
  for (const ms of samples) expect(ms).toBeGreaterThanOrEqual(39);
  expect(overall).toEqual(samples);
  expect(measured[0]?.instrument).toMatchObject({ facts: { cold: 3, warm: 0, medianWarmMs: expect.any(Number) } });
});

test('a function that somebody keeps warm gives no sample, and the check gives up after its tries', async () => {
  const { samples, measured, log, server } = await run({ idleMs: Infinity });
  expect(samples).toEqual([]);
  expect(measured.map(({ n }) => n)).toEqual([0, 0]);
  expect(server.asked.filter((path) => path === '/api/public')).toHaveLength(2 * OPTIONS.tries);
  expect(log).toEqual([expect.stringMatching(/^public: 0 of 3 cold starts proven by X-Cold; 6 answers were warm/)]);
});

test('the silence grows while answers are warm, so an idle time declared too short is made up for', async () => {
  const { samples } = await run({ idleMs: 60 }, {}, { tries: 12 });
  expect(samples).toHaveLength(3);
});

test('a mark that every answer carries proves nothing', async () => {
  const { samples, log } = await run({ headers: () => ({ 'x-cold': '1' }) });
  expect(samples).toEqual([]);
  expect(log[0]).toMatch(/6 were marked as cold as was the one after them/);
});

test('no mark, or one that says something else, proves nothing', async () => {
  expect((await run({ headers: () => ({}) })).samples).toEqual([]);
  expect((await run({ headers: (_, nth) => ({ 'x-cold': nth === 1 ? 'maybe' : '0' }) })).samples).toEqual([]);
});

test('a mark declared without a value counts by being there', async () => {
  const { samples } = await run({ headers: (_, nth): Record<string, string> => (nth === 1 ? { 'x-cold': '' } : {}) }, { marker: { header: 'x-cold' } });
  expect(samples).toHaveLength(3);
});

test('an instance id counts when it is new, the very first one excepted: it may have been warm long before', async () => {
  const { samples, server } = await run({ headers: (instance) => ({ 'x-instance': instance }) }, { marker: { instanceHeader: 'x-instance' } });
  expect(samples).toHaveLength(3);
  expect(server.asked.filter((path) => path === '/api/public')).toHaveLength(2 * 4);
});

test('an id that is new with every request is no instance id', async () => {
  const { samples } = await run({ headers: (instance, nth) => ({ 'x-instance': `${instance}-${nth}` }) }, { marker: { instanceHeader: 'x-instance' } });
  expect(samples).toEqual([]);
});

test('a start whose first answer is an error takes until the first 2xx', async () => {
  const { samples } = await run({ idleMs: 200, status: (nth) => (nth === 1 ? 503 : 200) }, { idleMs: 210 }, { starts: 1 });
  expect(samples).toHaveLength(1);
  expect(samples[0]).toBeGreaterThanOrEqual(40 + 95);
  expect(samples[0]).toBeLessThan(OPTIONS.timeoutMs);
});

test('a start that never comes to a 2xx took at least as long as it was waited for', async () => {
  const { samples } = await run({ status: () => 500, idleMs: 300 }, {}, { timeoutMs: 250, starts: 1, tries: 1 });
  expect(samples).toHaveLength(1);
  expect(samples[0]).toBeGreaterThanOrEqual(140);
});

test('where nothing answers the check says so rather than hand over figures', async () => {
  const dead = { ...simulateFunction(honest), send: () => Promise.reject(new Error('connection refused')) };
  const context = { ...contextFor('http://127.0.0.1:9', NO_LOAD, { ...SMALL_SURFACE, coldStart: DECLARED }), http: dead };
  await expect(firstRound(coldStart, context, OPTIONS)).rejects.toThrow('connection refused');
});

test('a round in which our own process stood still is sick, and says so with figure and limit', async () => {
  const standStill = (nth: number): number => {
    for (const until = performance.now() + (nth === 1 ? 150 : 0); performance.now() < until;);
    return 200;
  };
  const { measured } = await run({ status: standStill }, {}, { starts: 1, tries: 2 });
  expect(measured[0]?.instrument).toMatchObject({ healthy: false, why: expect.stringMatching(/event-loop delay max \d{3,}(\.\d+)? ms, limit < 100 ms/) });
});

test('a start on a machine without a free processor is not counted, and where most are like that the round is sick', async () => {
  // Below what any work takes.
  const { samples, measured, log } = await run({}, {}, { maxCpuWait: 1e-9, tries: 2 });
  expect(samples).toEqual([]);
  expect(measured[0]?.instrument).toMatchObject({ healthy: false, why: expect.stringContaining('times its CPU time during 2 of 2 starts') });
  expect(log[0]).toMatch(/2 fell into a time when this machine had no processor free/);
});

test('the connection is opened before, by a path that starts no function', async () => {
  const { server } = await run({}, {}, { starts: 1, tries: 1 });
  expect(server.asked).toEqual(['/api/health', '/api/public', '/api/public']);
});

test('requests at once are counted each by its own answer', async () => {
  const { samples, server } = await run({}, { atOnce: 4 }, { starts: 1 });
  expect(server.asked.filter((path) => path === '/api/public')).toHaveLength(5);
  expect(samples).toHaveLength(1);
});

test('when the budget is used up there are no more tries', async () => {
  const { server } = await run({}, { idleMs: 60 }, { budgetMs: 130 });
  expect(server.asked.length).toBeLessThan(7);
});

test('the cost of a round grows with what the surface declares', () => {
  const cost = (declared: Partial<ColdStart>) => coldStart.estimate(coldStart.presets.full, { ...SMALL_SURFACE, coldStart: { ...DECLARED, ...declared } });
  expect(cost({ idleMs: 300 }).seconds).toBeLessThan(20);
  expect(cost({ idleMs: 60_000 }).seconds).toBe(1200);
  expect(cost({ idleMs: 300, atOnce: 10 }).seconds).toBeLessThan(2);
});
