// Builds a saved run of phase 3 from what is special about it; saved-runs/index.ts holds the set that every reporter is tested with.
import { STATES } from '../../gates/model.ts';
import type { CriterionReport, CriterionResult, Measurement, Reason, RunReport, RunView, State } from '../../gates/model.ts';
import { COLD_START, HTTP, LOAD, P50, P99, POOL, REQUESTS_SHA, SERVED, cased, limited } from './results.ts';
import { coldStarts, latencies } from './distribution.ts';
import { PHASE3_ROWS, WAITS_FOR } from './phase3-rows.ts';

type Part = Partial<Pick<CriterionReport, 'state' | 'reason' | 'results' | 'note' | 'required' | 'text'>>;

/** A healthy run's results by criterion. */
const HEALTHY: Readonly<Record<string, CriterionResult>> = {
  'phase3.functionality.api-endpoints': cased('api-endpoints', 148),
  'phase3.functionality.authentication': cased('api-auth', 23),
  'phase3.functionality.authorization': cased('api-auth', 96),
  'phase3.functionality.rate-limiting': cased('rate-limit', 6),
  'phase3.functionality.cors': cased('cors', 9),
  'phase3.performance.cold-start': limited(COLD_START, 'pass'),
  'phase3.performance.p50-latency': limited(P50, 'pass'),
  'phase3.performance.p99-latency': limited(P99, 'pass'),
  'phase3.performance.connection-pool': limited(POOL, 'pass'),
  'phase3.testing.integration-tests': cased('api-integration', 61),
  'phase3.testing.load-tests': limited(SERVED, 'pass'),
  'phase3.testing.security-tests': cased('api-security', 38),
};

/** A criterion judged by one result: state and reason are the result's. */
export function judgedBy(...results: readonly [CriterionResult, ...CriterionResult[]]): Part {
  return { state: results[0].verdict, reason: results[0].reason, results: [...results] };
}

/** A criterion without results. */
export function settled(state: State, code: Reason['code'], text: string): Part {
  return { state, reason: { code, text }, results: [] };
}

function waiting(id: string, kind: CriterionReport['kind']): Part {
  return kind === 'evidence'
    ? settled('pending', 'AWAITS_EVIDENCE', `Waits for a document: ${WAITS_FOR[id]}`)
    : settled('pending', 'AWAITS_SIGNATURE', `Waits for the signature of the ${WAITS_FOR[id]}.`);
}

function phase3(parts: Readonly<Record<string, Part>>): CriterionReport[] {
  return PHASE3_ROWS.map((row) => {
    const healthy = HEALTHY[row.id];
    const usual = healthy === undefined ? waiting(row.id, row.kind) : judgedBy(healthy);
    const base = {
      ...row,
      gate: 'phase3',
      source: 'plan §3.6',
      required: true,
      state: 'error' as const,
      reason: { code: 'NO_DATA' as const, text: '' },
      results: [],
    };
    return { ...base, ...usual, ...parts[row.id] };
  });
}

function countStates(criteria: readonly CriterionReport[]): Record<State, number> {
  const zero = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  for (const { state } of criteria) zero[state] += 1;
  return zero;
}

const EXECUTIONS: RunReport['executions'] = [
  {
    id: 'api-endpoints#1',
    check: 'api-endpoints',
    startedAt: '2026-11-23T04:40:14.000Z',
    seconds: 9.4,
    rounds: 1,
    requests: 214,
    outcome: 'measured',
    why: '',
  },
  { id: 'api-auth#1', check: 'api-auth', startedAt: '2026-11-23T04:40:14.500Z', seconds: 24.1, rounds: 1, requests: 187, outcome: 'measured', why: '' },
  { id: 'cold-start#1', check: 'cold-start', startedAt: '2026-11-23T04:40:40.000Z', seconds: 22.3, rounds: 1, requests: 12, outcome: 'measured', why: '' },
  { id: 'api-load#1', check: 'api-load', startedAt: '2026-11-23T04:41:03.000Z', seconds: 71.8, rounds: 1, requests: 70_000, outcome: 'measured', why: '' },
  {
    id: 'connection-pool#1',
    check: 'connection-pool',
    startedAt: '2026-11-23T04:42:15.000Z',
    seconds: 18.2,
    rounds: 1,
    requests: 24_000,
    outcome: 'measured',
    why: '',
  },
];

export interface Special {
  readonly run: string;
  readonly verdict: RunReport['verdict'];
  readonly headline: string;
  readonly exitCode: number;
  readonly parts?: Readonly<Record<string, Part>>;
  readonly report?: Partial<RunReport>;
  readonly measurements?: RunView['measurements'];
}

/** What the checks of a healthy run measured. */
export const healthyMeasurements = (): ReadonlyMap<string, readonly Measurement[]> =>
  new Map([
    ['api-load/api.latency', latencies(21.4, 0.02, 190)],
    ['cold-start/coldstart.duration', coldStarts],
  ]);

export function savedRun(special: Special): RunView {
  const criteria = special.report?.criteria ?? phase3(special.parts ?? {});
  const report: RunReport = {
    schemaVersion: 1,
    run: special.run,
    gate: 'phase3',
    title: 'Phase 3: API layer',
    environment: 'staging',
    target: 'https://staging.naap.dev',
    subject: { commit: '3f9c2ab41d7e5a60c8f1b2d3e4f5a6b7c8d9e0f1', deploymentId: 'dpl_8Kq2vWzN4', schemaVersion: '20261104_core' },
    scope: 'complete',
    profile: 'full',
    startedAt: '2026-11-23T04:40:12.000Z',
    endedAt: '2026-11-23T04:42:36.000Z',
    sealed: true,
    verdict: special.verdict,
    headline: special.headline,
    exitCode: special.exitCode,
    counts: countStates(criteria),
    criteria,
    executions: EXECUTIONS,
    instruments: [HTTP, LOAD],
    waivers: [],
    enforcement: { mode: 'enforce' },
    pending: criteria.filter(({ state }) => state === 'pending').map(({ id, reason }) => ({ criterion: id, waitsFor: reason.text })),
    notApplicable: [],
    attempts: [
      { run: special.run, startedAt: '2026-11-23T04:40:12.000Z', verdict: special.verdict, exitCode: special.exitCode, sealed: true, reason: special.headline },
    ],
    problems: [],
    artifacts: [{ sha256: REQUESTS_SHA, name: 'requests.ndjson', mediaType: 'application/x-ndjson', bytes: 48_213 }],
    machine: { tool: 'naap-gate 0.1.0', node: '24.21.0', platform: 'linux x64', cpus: 2, memoryMiB: 7963 },
    digests: {
      config: 'c0ffee5d2b1a49e0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718',
      policy: '9d5ed678fe57bcca610140957afab571e1f0c9b2a3d4e5f60718293a4b5c6d7e',
      baselines: null,
    },
    ...special.report,
  };
  return { report, measurements: special.measurements ?? healthyMeasurements() };
}
