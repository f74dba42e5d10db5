import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CheckEvent } from './model.ts';
import { createRunFolder } from './run-folder.ts';
import { check, go, round, states } from './test-run.ts';

const samples: CheckEvent = {
  kind: 'measurement',
  measurement: {
    metric: 'latency',
    labels: {},
    n: 1,
    startedAt: '2026-11-23T08:00:00.000Z',
    endedAt: '2026-11-23T08:00:01.000Z',
    instrument: { name: 'i', version: '1', healthy: true },
    payload: { shape: 'samples', samples: [1] },
  },
};

test('what an interrupted check wrote down is read by the one that goes on, and is gone once it has finished', async () => {
  const runs = mkdtempSync(join(tmpdir(), 'naap-gate-checkpoint-run-'));
  try {
    const folder = createRunFolder(runs, 'one');
    const kept = join(folder.path, 'checkpoints');
    const interrupt = new AbortController();
    const read: unknown[] = [];
    const half = check('half', async function* measure({ checkpoint, signal }) {
      read.push(checkpoint.read());
      checkpoint.write({ chunk: 7 });
      if (read.length === 1) interrupt.abort(new Error('interrupted'));
      signal.throwIfAborted();
      yield samples;
      yield round;
    });
    expect(await go(folder, { checks: [half], signal: interrupt.signal })).toBe(false);
    expect(readdirSync(kept)).toHaveLength(1);
    expect(await go(folder, { checks: [half] })).toBe(true);
    expect(read).toEqual([undefined, { chunk: 7 }]);
    expect(states(folder)).toEqual(['half pass WITHIN_LIMIT']);
    expect(existsSync(kept) ? readdirSync(kept) : []).toEqual([]);
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
});
