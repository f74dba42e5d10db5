// What a binding asks for, in a sentence: metric, statistic, limit, samples, scope, rounds. Called by the pages on criteria, checks and metrics.
import type { Binding, Expectation, Unit } from '../../gates/model.ts';
import { counted } from '../../reporters/quantity.ts';
import { limitWords } from '../../reporters/wording.ts';
import { STATISTIC_WORDS } from './vocabulary.ts';

/** Of a metric, as far as it is known: a check that is not built yet has no titles. */
export interface MetricWords {
  readonly title: string | undefined;
  readonly unit: Unit | undefined;
}

export function bindingWords({ expect, scope, rounds }: Pick<Binding, 'expect' | 'scope' | 'rounds'>, metric: MetricWords): string {
  const what = metric.title === undefined ? expect.metric : `${metric.title} (${expect.metric})`;
  const each = scope === 'each' ? ' Each by itself; the worst counts.' : '';
  const repeated =
    rounds === undefined ? '' : ` Measured in ${rounds.min} to ${rounds.max} rounds, as many as it takes to decide within ${rounds.budgetMs / 1000} s.`;
  return `${what}: ${expectationWords(expect, metric.unit)}.${each}${repeated}`;
}

function expectationWords(expect: Expectation, unit: Unit | undefined): string {
  switch (expect.kind) {
    case 'limit':
      return `${statisticWords(expect.statistic)}${limitWords(expect, unit)}${sampleWords(expect.minSamples)}${changedWords(expect, unit)}`;
    case 'baseline':
      return `${statisticWords(expect.statistic)}${limitWords(expect, unit)}${sampleWords(expect.minSamples)}; with --against legacy: than the live legacy side`;
    case 'versus':
      return `${statisticWords(expect.statistic)}${limitWords(expect, unit)} in the same run${sampleWords(expect.minSamples)}`;
    case 'none':
      return 'none is found, among at least one that was examined';
    case 'no-new':
      return 'none is found that the baseline has not';
    case 'cases':
      return expect.required === 'all' ? 'every case is ok, and there is at least one' : `these cases are ok: ${expect.required.join(', ')}`;
    default:
      return expect satisfies never;
  }
}

function statisticWords(statistic: keyof typeof STATISTIC_WORDS): string {
  const words = STATISTIC_WORDS[statistic];
  return words === '' ? '' : `${words} is `;
}

function sampleWords(minSamples: number): string {
  return minSamples > 1 ? `, of at least ${counted(minSamples, 'sample')}` : '';
}

function changedWords(expect: Extract<Expectation, { kind: 'limit' }>, unit: Unit | undefined): string {
  const { changed } = expect;
  return changed === undefined
    ? ''
    : ` (plan ${limitWords({ ...expect, value: changed.from }, unit)}; changed until ${changed.until} by ${changed.owner}: ${changed.reason})`;
}
