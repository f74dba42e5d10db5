// A machine of a team as the tests of the run stores see it: its own folder, one shared store; runs that take no time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { sha256 } from '../../../gates/digest.ts';
import { fileStore } from '../../../gates/file-store.ts';
import { openLedger } from '../../../gates/ledger.ts';
import type { Check, CheckEvent } from '../../../gates/model.ts';
import { readJournal, type RunFolder } from '../../../gates/run-folder.ts';
import type { RunStore } from '../../../gates/run-store.ts';
import { createScrubber } from '../../../gates/scrub.ts';
import { measurement } from '../../../gates/test-data.ts';
import { check, go, round } from '../../../gates/test-run.ts';
import { render } from '../../../gates/testing/render.ts';
import type { Timing } from '../keep.ts';
import { openPostgresStore, type PostgresStore } from '../postgres-store.ts';

/** Everything quicker than in life, so that tests need not wait. */
const QUICK: Timing = { everyMs: 20, renewMs: 100, retryMs: 100, lastTryMs: 0 };

export interface Machine<Store extends RunStore = RunStore> {
  readonly store: Store;
  /** What people were told. */
  readonly told: string[];
  close(): Promise<void>;
}
interface Differences {
  readonly copies?: string;
  readonly processId?: number;
  readonly leaseMs?: number;
  readonly timing?: Partial<Timing>;
}

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

export async function machineAt(
  url: string,
  name: string,
  { copies, processId = process.pid, leaseMs = 2000, timing }: Differences = {},
): Promise<Machine<PostgresStore>> {
  const own = copies ?? mkdtempSync(join(tmpdir(), `naap-gate-${name}-`));
  made.push(own);
  const told: string[] = [];
  const store = await openPostgresStore({
    url,
    copies: own,
    processId,
    who: `erin@${name}`,
    tell: (text) => void told.push(text),
    leaseMs,
    timing: { ...QUICK, ...timing },
  });
  return {
    store,
    told,
    async close() {
      await store.close();
      if (copies === undefined) rmSync(own, { recursive: true, force: true });
    },
  };
}

export function machineWith(directory: string): Machine {
  return { store: fileStore(directory), told: [], close: async () => undefined };
}

export const sample = (value: number): CheckEvent => ({ kind: 'measurement', measurement: measurement('latency', { shape: 'samples', samples: [value] }) });

export const probe = (valueMs: number): Check =>
  check('probe', async function* () {
    yield sample(valueMs);
    yield round;
  });

/** Measures and seals, as the command does. */
export async function measureIn(folder: RunFolder, checks: readonly Check[] = [probe(100)]): Promise<void> {
  await go(folder, { checks });
  seal(folder);
}

export function seal(folder: RunFolder): void {
  const report = render(folder);
  writeFileSync(join(folder.path, 'report.json'), report);
  openLedger(folder, { seal: readJournal(folder).chain.head, report: sha256(report) }, { now: () => new Date(), scrubber: createScrubber() });
}
