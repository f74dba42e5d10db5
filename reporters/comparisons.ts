// What was compared with the legacy side or a baseline: both numbers, the difference, what is allowed, the decision. For html/ and markdown/.
import type { CriterionReport, CriterionResult, RunReport, RunView } from '../gates/model.ts';
import { figureBehind } from './charts/distribution.ts';
import { quantity } from './quantity.ts';
import { NONE, limitWords, resultWords } from './wording.ts';

export interface Compared {
  readonly criterion: CriterionReport;
  readonly result: CriterionResult;
  /** Empty where there is none. */
  readonly here: string;
  /** The legacy side's, over all rounds; of a baseline the report has no number of its own. */
  readonly before: string;
  readonly difference: string;
  readonly interval: string;
  readonly allowed: string;
}

export function isComparison({ expect }: CriterionResult): boolean {
  return expect.kind === 'versus' || expect.kind === 'baseline' || expect.kind === 'no-new';
}

export function comparisons(view: RunView, report: RunReport): readonly Compared[] {
  return report.criteria.flatMap((criterion) => criterion.results.filter(isComparison).map((result) => compared(view, criterion, result)));
}

function compared(view: RunView, criterion: CriterionReport, result: CriterionResult): Compared {
  const before = result.expect.kind === 'versus' ? figureBehind(view, result, { criterion: criterion.id, side: 'legacy' }) : undefined;
  const words = resultWords(result);
  return {
    criterion,
    result,
    here: words.number,
    before: before === undefined ? NONE : quantity(before.value, result.unit),
    difference: words.distance,
    interval: words.interval.replace(' of the difference', ''),
    allowed: limitWords(result.expect, result.unit),
  };
}
