import { expect, test } from 'vitest';
import type { Environment, Plan, Workload } from '../gates/model.ts';
import { apiLoad } from '../suites/load/api-load.check.ts';
import { apiAuth } from '../suites/api/api-auth.check.ts';
import type { K6Places } from '../suites/instruments/load/k6/find-k6.ts';
import { type EngineRequest, chooseEngine, sendsLoad } from './load-engine.ts';

const environment = { name: 'staging', access: { headers: {}, ca: undefined } } as unknown as Environment;
const nowhere = async (): Promise<{ why: string }> => ({ why: 'there is none' });
const NO_K6: K6Places = { PATH: nowhere, cache: nowhere, build: nowhere, release: nowhere };
/** Nobody listens there: the shortest of runs. */
const workload: Workload = {
  requests: [{ route: 'a', method: 'GET', url: 'http://127.0.0.1:1/', headers: {}, weight: 1, ok: [200] }],
  rateRps: 50,
  warmupMs: 0,
  durationMs: 200,
  timeoutMs: 100,
  seed: 1,
};

function request(more: Partial<EngineRequest>, notes: string[] = []): EngineRequest {
  const signal = new AbortController().signal;
  const note = (text: string): void => void notes.push(text);
  return { name: 'k6', environment, isUsed: true, cacheDir: '/nowhere', variables: {}, platform: 'linux', signal, note, places: NO_K6, ...more };
}

test('without k6 the built-in engine measures, and both the note and the figures say so', async () => {
  const notes: string[] = [];
  const chosen = chooseEngine(request({}, notes));
  await chosen.undisturbed(['machine']);
  expect(notes).toEqual(['k6 cannot be had: there is none; there is none; there is none; there is none. The built-in engine measures instead.']);
  const { instrument } = await chosen.engine.run(workload, () => undefined, new AbortController().signal);
  expect(instrument).toMatchObject({ name: 'built-in', facts: { insteadOf: 'k6: there is none; there is none; there is none; there is none' } });
});

test('a check that must have the machine alone waits until k6 is there; another does not', async () => {
  let found = (): void => undefined;
  const coming = new Promise<{ why: string }>((resolve) => (found = () => resolve({ why: 'late' })));
  const chosen = chooseEngine(request({ places: { ...NO_K6, PATH: () => coming } }));
  const order: string[] = [];
  const waiting = chosen.undisturbed(['machine', 'target']).then(() => order.push('machine'));
  await chosen.undisturbed(['auth-quota']).then(() => order.push('quota'));
  found();
  await waiting;
  expect(order).toEqual(['quota', 'machine']);
});

test('what goes wrong while looking for k6 is told, and does not end the run', async () => {
  const notes: string[] = [];
  const chosen = chooseEngine(request({ places: { ...NO_K6, cache: () => Promise.reject(new Error('disk full')) } }, notes));
  await chosen.undisturbed(['machine']);
  expect(notes).toEqual(['k6 cannot be had: disk full. The built-in engine measures instead.']);
});

test('on macOS an environment with an authority of its own is left to the built-in engine', async () => {
  const notes: string[] = [];
  const withCa = { ...environment, access: { headers: {}, ca: 'PEM' } };
  await chooseEngine(request({ platform: 'darwin', environment: withCa }, notes)).undisturbed(['machine']);
  expect(notes).toEqual([expect.stringContaining('keychain')]);
});

test('nothing is looked for in a run without load, nor for another engine', async () => {
  const asked: K6Places = { ...NO_K6, PATH: () => Promise.reject(new Error('asked')) };
  const notes: string[] = [];
  for (const more of [{ isUsed: false }, { name: 'built-in' }, { name: 'autocannon' }] as const)
    await chooseEngine(request({ places: asked, ...more }, notes)).undisturbed(['machine']);
  expect(notes).toEqual([]);
});

test('a plan sends load where an execution of a load check is not skipped', () => {
  const plan = (check: string, skip?: object): Plan => ({ executions: [{ check, skip }] }) as unknown as Plan;
  const checks = [apiLoad, apiAuth];
  expect(sendsLoad(plan('api-load'), checks)).toBe(true);
  expect(sendsLoad(plan('api-load', { state: 'deferred' }), checks)).toBe(false);
  expect(sendsLoad(plan('api-auth'), checks)).toBe(false);
});
