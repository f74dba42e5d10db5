// Everything that `naap-gate explain` has a page for, from the registers, with what the pages ask of them. Made once by the command.
import type { Check, Criterion, Gate } from '../../gates/model.ts';
import { CHECKS_TO_COME } from '../../gates/phases/checks-to-come.ts';
import { checks, suites } from '../../suites/index.ts';
import type { MetricWords } from './expectation-words.ts';

async function readFaults() {
  const { FAULTS } = await import('../../fixtures/faults/registry.ts');
  return FAULTS;
}

export interface Known {
  readonly gates: readonly Gate[];
  readonly checks: readonly Check[];
  readonly suites: Readonly<Record<string, readonly Check[]>>;
  readonly faults: Awaited<ReturnType<typeof readFaults>>;
}

/** `gates`: as the configuration has them, those of one's own among them. */
export async function readKnown(gates: readonly Gate[]): Promise<Known> {
  return { gates, checks, suites, faults: await readFaults() };
}

export function findCheck({ checks: all }: Known, id: string): Check | undefined {
  return all.find((check) => check.id === id);
}

export function criteriaBoundTo({ gates: all }: Known, check: string, metric?: string): readonly Criterion[] {
  return all.flatMap(({ criteria }) =>
    criteria.filter(
      ({ kind }) =>
        'measured' in kind && kind.measured.some((binding) => binding.check === check && (metric === undefined || binding.expect.metric === metric)),
    ),
  );
}

/** Of a built check in its own words; of one to come the unit alone. */
export function metricWords(known: Known, check: string, metric: string): MetricWords {
  const built = findCheck(known, check);
  if (built !== undefined) return { title: built.metrics[metric]?.title, unit: built.metrics[metric]?.unit };
  return { title: undefined, unit: CHECKS_TO_COME[check]?.metrics[metric]?.unit };
}

/** `naap-gate phase3`, `naap-gate cutover t-0`. */
export function commandOf(gate: string): string {
  return `naap-gate ${gate.replace(/^(cutover|check)-/, '$1 ')}`;
}
