// What is wrong with waivers beyond their shape: names that nothing has, rows that cannot be waived, caps that nothing can be held against. Pure; called where the file is read and by `waive`.
import type { Criterion, Gate } from '../model/criterion.ts';
import type { Waiver } from '../model/waiver.ts';
import { nearest } from '../nearest.ts';
import { numericLimits } from './limit-changes.ts';
import type { Mistake } from './mistakes.ts';

export interface WaiverWorld {
  readonly gates: readonly Gate[];
  /** Names of the environments. */
  readonly environments: readonly string[];
}

/** All of them; `path` begins with the waiver's index. */
export function waiverMistakes(waivers: readonly Waiver[], { gates, environments }: WaiverWorld): readonly Mistake[] {
  const criteria = new Map(gates.flatMap((gate) => gate.criteria.map((criterion) => [criterion.id, criterion] as const)));
  return waivers.flatMap((waiver, index) => {
    const at = (field: keyof Waiver, message: string): Mistake => ({ path: [index, field], message });
    const criterion = criteria.get(waiver.criterion);
    const first = waivers.findIndex((one) => isSamePlace(one, waiver));
    return [
      ...(criterion === undefined ? [at('criterion', unknown('criterion', waiver.criterion, [...criteria.keys()]))] : rowMistakes(criterion, waiver, at)),
      ...(environments.includes(waiver.environment)
        ? []
        : [at('environment', `${unknown('environment', waiver.environment, environments)} Known: ${environments.join(', ')}`)]),
      ...(first === index ? [] : [at('criterion', `${waiver.criterion} is waived on ${waiver.environment} by another entry already ([${first}])`)]),
    ];
  });
}

/** A row of an environment has one waiver. */
export function isSamePlace(a: Waiver, b: Pick<Waiver, 'criterion' | 'environment'>): boolean {
  return a.criterion === b.criterion && a.environment === b.environment;
}

function unknown(what: 'criterion' | 'environment', name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `there is no ${what} "${name}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`;
}

function rowMistakes(criterion: Criterion, waiver: Waiver, at: (field: keyof Waiver, message: string) => Mistake): Mistake[] {
  if ('evidence' in criterion.kind) return [at('criterion', `${criterion.id} waits for a document; a waiver is for what is measured`)];
  if ('attested' in criterion.kind) return [at('criterion', `${criterion.id} waits for a signature; a waiver is for what is measured`)];
  const metrics = [...new Set(numericLimits(criterion).map(({ expect }) => expect.metric))];
  if (waiver.max === undefined) return waiver.metric === undefined ? [] : [at('metric', 'says what max is about, and there is no max')];
  if (metrics.length === 0) return [at('max', `${criterion.id} has no limit that is a number, so no value can be held against a cap`)];
  if (waiver.metric === undefined)
    return metrics.length === 1 ? [] : [at('max', `${criterion.id} limits several metrics; say which with metric: ${metrics.join(', ')}`)];
  return metrics.includes(waiver.metric) ? [] : [at('metric', `${criterion.id} has no limit on "${waiver.metric}", but on ${metrics.join(', ')}`)];
}
