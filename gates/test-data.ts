// Small plans, executions and measurements for the tests of gates/: one binding on one metric, varied by each test.
import type { Binding, Expectation } from './model/criterion.ts';
import type { PlannedCriterion, PlannedExecution } from './model/events.ts';
import type { Measurement, Payload } from './model/measurement.ts';
import type { RecordedExecution } from './judge.ts';

export const metrics = {
  latency: { title: 'latency', unit: 'ms', shape: 'samples', better: 'lower' },
  rows: { title: 'orphaned rows', unit: 'count', shape: 'set', better: 'lower' },
  cases: { title: 'cases', unit: 'count', shape: 'cases', better: 'higher' },
} as const;

export function plannedExecution(more: Partial<PlannedExecution> = {}): PlannedExecution {
  return {
    id: 'probe@1',
    check: 'probe',
    options: {},
    rounds: { min: 1, max: 1, budgetMs: 1000 },
    seconds: 1,
    requests: 1,
    locks: [],
    after: [],
    needs: [],
    timeoutMs: 1000,
    metrics,
    ...more,
  };
}

export function plannedCriterion(expect: Expectation, more: Partial<Binding> = {}): PlannedCriterion {
  const binding: Binding = { check: 'probe', expect, ...more };
  return {
    gate: 'phase3',
    criterion: {
      id: 'phase3.test.row',
      section: 'Test',
      text: 'A row',
      source: 'plan §3.6',
      required: true,
      profiles: ['pr', 'full'],
      kind: { measured: [binding] },
    },
    bindings: [{ binding, execution: 'probe@1' }],
  };
}

export function measurement(metric: string, payload: Payload, more: Partial<Measurement> = {}): Measurement {
  return {
    metric,
    labels: {},
    n: 1,
    startedAt: '2026-11-23T04:00:00.000Z',
    endedAt: '2026-11-23T04:00:01.000Z',
    instrument: { name: 'probe', version: '1', healthy: true },
    payload,
    ...more,
  };
}

export function recorded(rounds: readonly (readonly Measurement[])[], more: Partial<RecordedExecution> = {}): RecordedExecution {
  return { planned: plannedExecution(), rounds, finished: { outcome: 'measured', why: '' }, decisions: new Map(), ...more };
}
