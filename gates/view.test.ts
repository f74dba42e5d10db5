import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Binding, Gate } from './model.ts';
import { createRunFolder } from './run-folder.ts';
import { measurement } from './test-data.ts';
import { check, gate, go, round } from './test-run.ts';
import { viewOf } from './view.ts';

test('a result finds the measurements of its own execution, where the same check ran with other options too', async () => {
  const runs = mkdtempSync(join(tmpdir(), 'runs-'));
  try {
    const folder = createRunFolder(runs, 'r1');
    const probe = check(
      'a',
      async function* (_context, options) {
        yield { kind: 'measurement', measurement: measurement('latency', { shape: 'samples', samples: [(options as { ms: number }).ms] }) };
        yield round;
      },
      { options: z.object({ ms: z.number() }), presets: { pr: { ms: 10 }, full: { ms: 10 } } },
    );
    const binding = (value: number, options?: Record<string, unknown>): Binding => ({
      check: 'a',
      expect: { kind: 'limit', metric: 'latency', statistic: 'max', op: '<', value, minSamples: 1 },
      ...(options === undefined ? {} : { options }),
    });
    const base = gate('a');
    const both: Gate = { ...base, criteria: base.criteria.map((one) => ({ ...one, kind: { measured: [binding(500), binding(100, { ms: 70 })] } })) };
    await go(folder, { checks: [probe], gate: both });
    const { report, behind, measurements } = viewOf(folder);
    const [criterion] = report.criteria;
    const samples = criterion?.results.map((result) => behind?.(criterion.id, result).map(({ payload }) => payload.shape === 'samples' && payload.samples));
    expect(samples).toEqual([[[10]], [[70]]]);
    expect(measurements.get('a/latency')).toHaveLength(2);
    expect(criterion?.results.flatMap((result) => behind?.('phase3.test.other', result))).toEqual([]);
  } finally {
    rmSync(runs, { recursive: true });
  }
});
