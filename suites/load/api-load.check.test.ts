import { expect, test } from 'vitest';
import type { CheckContext, LoadEngine, LoadResult, Measurement, Payload, SideName, Workload } from '../../gates/model.ts';
import { apiLoad, type ApiLoadOptions } from './api-load.check.ts';
import { contextFor } from './testing/bench-context.ts';

const OPTIONS: ApiLoadOptions = { rateRps: 100, warmupMs: 0, durationMs: 1000, timeoutMs: 1000, seed: 40 };
const BOTH: ApiLoadOptions = { ...OPTIONS, sides: ['target', 'legacy'] };
const ORIGINS: Readonly<Record<SideName, string>> = { target: 'https://new.example', legacy: 'https://old.example' };

/** Answers every workload at once, and keeps it. */
function engine(sent: Workload[], resultOf: (workload: Workload) => Partial<LoadResult> = () => ({})): LoadEngine {
  const figure: Payload = { shape: 'samples', samples: [1] };
  return {
    name: 'at-once',
    run: async (workload) => {
      sent.push(workload);
      const instrument = { name: 'at-once', version: '1', healthy: true };
      const perRoute = { public: { latency: figure, answered: 60, failed: 0 } };
      const fixed = {
        latency: figure,
        service: figure,
        perRoute,
        inFlight: { mean: 1, max: 1 },
        timeline: [],
        startedAt: '2026-11-23T04:00:00Z',
        endedAt: '2026-11-23T04:00:01Z',
        instrument,
      };
      return { ...fixed, scheduled: 100, sent: 100, answered: 100, failed: 0, failures: {}, ...resultOf(workload) };
    },
  };
}

function context(load: LoadEngine): CheckContext {
  const base = contextFor(ORIGINS.target, load);
  return {
    ...base,
    url: (path, side = 'target') => ORIGINS[side] + path,
    accounts: { ...base.accounts, session: async (account, side = 'target') => ({ account, role: account, email: '', userId: '', token: `${side}-token` }) },
  };
}

/** The measurements of the next rounds, round by round. */
async function roundsOf(count: number, options: ApiLoadOptions, load: LoadEngine, firstRound?: number): Promise<Measurement[][]> {
  const rounds: Measurement[][] = [];
  let current: Measurement[] = [];
  for await (const event of apiLoad.measure(context(load), options, firstRound)) {
    if (event.kind === 'measurement') current.push(event.measurement);
    if (event.kind !== 'end-of-round') continue;
    rounds.push(current);
    current = [];
    if (rounds.length === count) break;
  }
  return rounds;
}
const hosts = (sent: readonly Workload[]): string[] => sent.map(({ requests }) => [...new Set(requests.map(({ url }) => new URL(url).host))].join(' and '));

test('without sides it loads the target alone and labels nothing', async () => {
  const sent: Workload[] = [];
  const rounds = await roundsOf(2, OPTIONS, engine(sent));
  expect(hosts(sent)).toEqual(['new.example', 'new.example']);
  expect(rounds.flat().filter(({ labels }) => labels.side !== undefined)).toEqual([]);
});

test('both sides are measured in each round, by turns first, with one seed, one schedule and one mix for both', async () => {
  const sent: Workload[] = [];
  const rounds = await roundsOf(3, BOTH, engine(sent));
  expect(hosts(sent)).toEqual(['new.example', 'old.example', 'old.example', 'new.example', 'new.example', 'old.example']);
  expect(sent.map(({ seed }) => seed)).toEqual([40, 40, 41, 41, 42, 42]);
  const shape = ({ requests, rateRps, durationMs }: Workload): unknown => ({
    rateRps,
    durationMs,
    mix: requests.map(({ route, method, weight, ok, url }) => ({ route, method, weight, ok, path: new URL(url).pathname })),
  });
  expect(new Set(sent.map((workload) => JSON.stringify(shape(workload)))).size).toBe(1);
  const latencies = rounds.map((round) =>
    round.filter(({ metric, labels }) => metric === 'api.latency' && labels.route === undefined).map(({ labels }) => labels.side),
  );
  expect(latencies).toEqual([
    ['target', 'legacy'],
    ['legacy', 'target'],
    ['target', 'legacy'],
  ]);
});

test('each side gets its own session, and the way through the protection of the target goes to the target alone', async () => {
  const sent: Workload[] = [];
  await roundsOf(1, BOTH, engine(sent));
  const headers = (workload: Workload | undefined): unknown =>
    workload?.requests.map((request) => [request.headers['authorization'], request.headers['x-bypass']]);
  expect(headers(sent[0])).toEqual([
    [undefined, 'yes'],
    ['Bearer target-token', 'yes'],
    [undefined, 'yes'],
  ]);
  expect(headers(sent[1])).toEqual([
    [undefined, undefined],
    ['Bearer legacy-token', undefined],
    [undefined, undefined],
  ]);
});

test('a resumed comparison goes on with the seed and the turn of its round', async () => {
  const sent: Workload[] = [];
  await roundsOf(1, BOTH, engine(sent), 3);
  expect(hosts(sent)).toEqual(['old.example', 'new.example']);
  expect(sent.map(({ seed }) => seed)).toEqual([43, 43]);
});

test('a legacy side that fails one request in a hundred is no reference; a target that does is measured', async () => {
  const failing = (host: string): LoadEngine =>
    engine([], ({ requests }) => (requests[0]?.url.includes(host) === true ? { answered: 99, failed: 1, failures: { 'status 500': 1 } } : {}));
  await expect(roundsOf(1, BOTH, failing('old'))).rejects.toMatchObject({
    code: 'TARGET_UNHEALTHY',
    message: expect.stringContaining('failed 1 of 100 requests at 100 req/s (1 × status 500)'),
  });
  expect(await roundsOf(1, BOTH, failing('new'))).toHaveLength(1);
});

test('a failing reference seen through a sick instrument is left to the runner, which repeats the round', async () => {
  const sick = { name: 'at-once', version: '1', healthy: false, why: 'starved' };
  expect(
    await roundsOf(
      1,
      BOTH,
      engine([], () => ({ failed: 50, instrument: sick })),
    ),
  ).toHaveLength(1);
});

test('both sides cost twice', () => {
  const surface = contextFor('https://new.example', engine([])).surface;
  expect(apiLoad.estimate(BOTH, surface).requests).toBe(2 * apiLoad.estimate(OPTIONS, surface).requests);
  expect(apiLoad.timeoutMs(BOTH, surface)).toBe(2 * apiLoad.timeoutMs(OPTIONS, surface));
  expect([apiLoad.sides?.(OPTIONS), apiLoad.sides?.(BOTH)]).toEqual([['target'], ['target', 'legacy']]);
});
