// Says which success criteria of WCAG 2.1 A and AA a machine looked at, and which wait for a person: "nothing found" must never read as conformance. Pure; used by accessibility.check.ts.
import type { AxeRule } from './axe.ts';
import type { Looked } from './findings.ts';
import { SUCCESS_CRITERIA, type SuccessCriterion, criteriaOf } from './wcag-criteria.ts';

/** Cases of our own, by the first part of their id, and the criterion that they say something about. */
const CASE_CRITERIA: Readonly<Record<string, string>> = {
  'keyboard-trap': '2.1.2',
  'focus-order': '2.4.3',
  'focus-visible': '2.4.7',
  reflow: '1.4.10',
  'narrow-content': '1.4.10',
  'text-size': '1.4.4',
  'reduced-motion': '2.2.2',
  'dialog-focus': '2.4.3',
  'dialog-return': '2.4.3',
};

export interface Covered extends SuccessCriterion {
  /** `machine`: at least one rule or case examined something for it, which is never all of it. `nothing-to-examine`: there are rules, and no page has what they are about. */
  readonly evaluated: 'machine' | 'nothing-to-examine' | 'person';
  /** Rules of axe and cases that examined something. */
  readonly by: readonly string[];
  /** Rules that were violated, or could not be decided. */
  readonly violated: readonly string[];
  readonly undecided: readonly string[];
}

export interface Coverage {
  readonly criteria: readonly Covered[];
  readonly byMachine: number;
  readonly waiting: number;
}

/** `cases`: ids of those that were put. */
export function coverageOf(looked: readonly Looked[], cases: readonly string[]): Coverage {
  const looks = looked.map(({ look }) => look);
  const passed = byCriterion(looks.flatMap((one) => one.passed));
  const violated = byCriterion(looks.flatMap((one) => one.violated));
  const undecided = byCriterion(looks.flatMap((one) => one.undecided));
  const inapplicable = byCriterion(looks.flatMap((one) => one.inapplicable));
  const kinds = [...new Set(cases.map((id) => id.split('/')[0] ?? ''))];
  const criteria = SUCCESS_CRITERIA.map((criterion): Covered => {
    const { number } = criterion;
    const own = kinds.filter((kind) => CASE_CRITERIA[kind] === number);
    const by = [...new Set([...(passed.get(number) ?? []), ...(violated.get(number) ?? []), ...own])].toSorted();
    const evaluated = by.length > 0 ? 'machine' : inapplicable.has(number) ? 'nothing-to-examine' : 'person';
    return { ...criterion, evaluated, by, violated: [...(violated.get(number) ?? [])], undecided: [...(undecided.get(number) ?? [])] };
  });
  const byMachine = criteria.filter(({ evaluated }) => evaluated === 'machine').length;
  return { criteria, byMachine, waiting: criteria.length - byMachine };
}

function byCriterion(rules: readonly Pick<AxeRule, 'id' | 'tags'>[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { id, tags } of rules) for (const number of criteriaOf(tags)) found.set(number, (found.get(number) ?? new Set()).add(id));
  return found;
}

/** What an empty set of violations leaves open: goes wherever "none found" is said. */
export function leftToPeople({ criteria, waiting }: Coverage): string {
  return `${waiting} of ${criteria.length} success criteria wait for a person`;
}

/** The same at length, for the audit. */
export function coverageWords({ criteria, byMachine, waiting }: Coverage, undecided: number): string {
  const open =
    undecided === 0
      ? ''
      : ` ${undecided} ${undecided === 1 ? 'place' : 'places'} that axe could not decide ${undecided === 1 ? 'is' : 'are'} listed for people.`;
  return `No violations found by machine is not conformance: ${byMachine} of ${criteria.length} success criteria were looked at by machine, in part; ${waiting} wait for a person.${open}`;
}
