// The new check's own exam: on the healthy twin its row passes, with its fault it fails. In processes of their own, since this one knows the registers as they were.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GateError, type State } from '../../gates/model.ts';
import type { Scaffold } from './plan-scaffold.ts';

export interface Proof {
  readonly passed: boolean;
  readonly healthy: Seen;
  readonly faulty: Seen;
}
export interface Seen {
  readonly state: State | 'absent';
  readonly text: string;
}

/** Longest time for both runs, ms. They take about half a minute. */
const BOUND_MS = 240_000;

/** Throws TWIN_FAILED where a run gives no report, also when time is up. */
export async function prove({ name, fault }: Scaffold, interrupt: AbortSignal, say: (text: string) => void): Promise<Proof> {
  const { gateReport } = await import('../../fixtures/exam/gate-process.ts');
  const { grade } = await import('../../fixtures/exam/grade.ts');
  const signal = AbortSignal.any([interrupt, AbortSignal.timeout(BOUND_MS)]);
  const runs = mkdtempSync(join(tmpdir(), 'naap-gate-new-check-'));
  const criteriaWith = async (faults: readonly string[]) => {
    say(`${fault.gate} --env demo --profile pr --only ${name.id}${faults.map((id) => ` --fault ${id}`).join('')}`);
    return (await gateReport({ gate: fault.gate, faults, args: ['--only', name.id] }, runs, signal)).criteria;
  };
  try {
    const healthy = await criteriaWith([]);
    const faulty = await criteriaWith([fault.id]);
    const seen = (criteria: typeof healthy): Seen => {
      const row = criteria.find(({ id }) => fault.must.includes(id));
      const own = row?.results.find(({ check }) => check === name.id);
      const figure = own?.value === undefined ? '' : `${Math.round(own.value)} ${own.unit ?? ''}: `;
      return {
        state: row?.state ?? 'absent',
        text: row === undefined ? 'the report has no such row' : row.state === 'pass' ? `${figure}${own?.reason.text ?? ''}` : row.reason.text,
      };
    };
    return { passed: grade(fault, healthy, faulty).passed, healthy: seen(healthy), faulty: seen(faulty) };
  } catch (error) {
    if (interrupt.aborted || !signal.aborted) throw error;
    throw new GateError('TWIN_FAILED', `The proof did not end within ${BOUND_MS / 1000} s.`, {
      remedy: `Run it by hand: npm run exam -- --only ${fault.id}`,
      cause: error,
    });
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
}
