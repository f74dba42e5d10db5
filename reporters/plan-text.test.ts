import { expect, test } from 'vitest';
import type { Plan } from '../gates/model.ts';
import { planText } from './plan-text.ts';

const expectation = { kind: 'limit', metric: 'api.latency', statistic: 'p99', op: '<', value: 500, minSamples: 100 } as const;
const criterion = (id: string, check: string, execution: string | null, settled?: Plan['criteria'][number]['settled']): Plan['criteria'][number] => ({
  gate: 'phase3',
  bindings: settled === undefined ? [{ binding: { check, expect: expectation }, execution }] : [],
  settled,
  criterion: {
    id,
    section: 'Performance',
    text: id,
    source: 'plan §3.6',
    required: true,
    profiles: ['full'],
    kind: { measured: [{ check, expect: expectation }] },
  },
});
const execution = (check: string, over: Partial<Plan['executions'][number]> = {}): Plan['executions'][number] => ({
  id: `${check}@1a2b3c4d`,
  check,
  options: {},
  rounds: { min: 1, max: 1, budgetMs: 1 },
  seconds: 72,
  requests: 70_000,
  locks: ['machine', 'target'],
  after: ['api-auth'],
  needs: [],
  timeoutMs: 1,
  metrics: {},
  ...over,
});
const plan: Plan = {
  gate: 'phase3',
  title: 'Phase 3: API layer',
  environment: 'staging',
  target: 'https://staging.naap.dev',
  profile: 'full',
  notApplicable: [],
  waivers: [],
  enforcement: { mode: 'enforce' },
  today: '2026-11-23',
  criteria: [
    criterion('phase3.performance.p99-latency', 'api-load', 'api-load@1a2b3c4d'),
    criterion('phase3.performance.cold-start', 'cold-start', null),
    criterion('phase3.performance.connection-pool', 'connection-pool', 'connection-pool@1a2b3c4d'),
    criterion('phase3.review.security', 'none', null, {
      state: 'pending',
      reason: { code: 'AWAITS_SIGNATURE', text: 'Waits for the signature of the Security Lead.' },
    }),
  ],
  executions: [
    execution('api-load'),
    execution('api-endpoints', { seconds: 9, requests: 214, locks: [], after: [] }),
    execution('connection-pool', { skip: { state: 'deferred', reason: { code: 'NO_LOAD_CONSENT', text: 'staging gives no consent to load.' } } }),
  ],
};

test('a plan says what would run, at what cost, and what would not and why', () => {
  expect(planText(plan, { width: 80, colour: false }).replaceAll('\u202F', ' ')).toMatchInlineSnapshot(`
    "Phase 3: API layer on staging, profile full: the plan
    https://staging.naap.dev. Nothing was sent.

    2 checks would run
      api-load@1a2b3c4d        about 1 min 12 s   70 000 requests
          alone on machine, target; after api-auth
      api-endpoints@1a2b3c4d          about 9 s      214 requests
      At most 70 214 requests; about 1 min 21 s if one runs after the other.

    4 criteria: 1 measured, 1 no check yet, 1 deferred, 1 pending

    Performance
      measured      phase3.performance.p99-latency
                    phase3.performance.p99-latency
                    api-load: api.latency, P99 < 500, at least 100 samples
      no check yet  phase3.performance.cold-start
                    phase3.performance.cold-start
                    cold-start: api.latency, P99 < 500, at least 100 samples
      deferred      phase3.performance.connection-pool
                    phase3.performance.connection-pool
                    connection-pool: api.latency, P99 < 500, at least 100 samples
                    staging gives no consent to load.
      pending       phase3.review.security
                    phase3.review.security
                    Waits for the signature of the Security Lead.
    "
  `);
});
