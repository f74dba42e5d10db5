import { stripTypeScriptTypes } from 'node:module';
import { expect, test } from 'vitest';
import type { Workload } from '../../../../gates/model.ts';
import { mixOf } from '../mix.ts';
import { renderScript } from './script.ts';

const workload: Workload = {
  requests: [
    {
      route: 'orders',
      method: 'POST',
      url: 'https://api.example/orders?x=`${1}`',
      headers: { authorization: 'Bearer "t"' },
      body: '{"a":1}',
      weight: 1,
      ok: [201],
    },
    { route: 'health', method: 'GET', url: 'https://api.example/health', headers: {}, weight: 3, ok: [200, 404] },
  ],
  rateRps: 1000,
  warmupMs: 2000,
  durationMs: 10_000,
  timeoutMs: 5000,
  seed: 7,
};
const rendering = { version: 'v2.1.0', users: 1550 };

/** What the script is in JavaScript: its options, and the functions that ask k6 for nothing. */
function run<T>(script: string, expression: string): T {
  const code = stripTypeScriptTypes(script)
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(/^export (default )?/gm, '');
  return new Function('Counter', `${code.replace('function  ()', 'function arrive()').replace('function ()', 'function arrive()')}; return ${expression};`)(
    function Counter() {},
  ) as T;
}

test('a constant rate: one scenario for warm-up and window, after one in which the users open their connections', () => {
  const options = run<object>(renderScript(workload, rendering), 'options');
  expect(options).toEqual({
    systemTags: ['status', 'error_code'],
    scenarios: {
      open: { executor: 'per-vu-iterations', exec: 'open', vus: 1550, iterations: 1, maxDuration: '3100ms', gracefulStop: '500ms' },
      load: {
        executor: 'constant-arrival-rate',
        rate: 1000,
        timeUnit: '1s',
        duration: '12000ms',
        startTime: '3600ms',
        preAllocatedVUs: 1550,
        maxVUs: 1550,
        gracefulStop: '6000ms',
      },
    },
    thresholds: { dropped_iterations: ['count==0'] },
  });
});

test('stepped rates: jumps, and a last stage that counts for nothing', () => {
  const stages = [
    { durationMs: 2000, rateRps: 100 },
    { durationMs: 8000, rateRps: 1000 },
  ];
  const options = run<{ scenarios: { load: object } }>(renderScript({ ...workload, warmupMs: 500, stages }, rendering), 'options');
  expect(options.scenarios.load).toMatchObject({
    executor: 'ramping-arrival-rate',
    startRate: 100,
    stages: [
      { target: 100, duration: '0s' },
      { target: 100, duration: '500ms' },
      { target: 100, duration: '0s' },
      { target: 100, duration: '2000ms' },
      { target: 1000, duration: '0s' },
      { target: 1000, duration: '8000ms' },
      { target: 1, duration: '0s' },
      { target: 1, duration: '1000ms' },
    ],
  });
});

test('requests are what the workload says, whatever characters are in them', () => {
  expect(run(renderScript(workload, rendering), 'requests')).toEqual(workload.requests.map((request) => ({ ...request, body: request.body ?? null })));
});

test('the mix is that of the built-in engine, arrival for arrival', () => {
  const picked = run<number[]>(renderScript(workload, rendering), 'Array.from({ length: 2000 }, (_, index) => pick(index))');
  expect(picked).toEqual(Array.from({ length: 2000 }, (_, index) => mixOf(workload.requests, workload.seed)(index)));
});

test('it says at its top what it sends, and skips no check of a certificate', () => {
  const script = renderScript(workload, rendering);
  expect(script.split('\n')[0]).toBe('// Load of naap-gate: 1000 req/s for 12 s, of which the first 2 s do not count. For k6 v2.1.0.');
  expect(script).not.toContain('insecureSkipTLSVerify');
});

test('the intended time goes along only where it is asked for', () => {
  expect(renderScript(workload, rendering)).not.toContain('PERIOD_MS');
  expect(renderScript(workload, { ...rendering, intendedHeader: 'x-intended' })).toContain("'x-intended': intended");
});
