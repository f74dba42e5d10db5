// Which pages a name has: most have one; "error-rate" is a check and a trigger. Called by the command, and by the test that looks at every page.
import { Effect, ERROR_CODES, type ErrorCode, GateError, type Gate, type Criterion, Profile, type Reason, REASON_CODES, STATES } from '../../gates/model.ts';
import { nearest } from '../../gates/nearest.ts';
import { CHECKS_TO_COME } from '../../gates/phases/checks-to-come.ts';
import { coreRollbackTriggers } from '../../gates/phases/core-database-cutover.ts';
import { risks } from '../../gates/phases/risks.ts';
import { gateOf } from '../commands/check.ts';
import { checkPage, checkToComePage, metricPages, suitePage } from './check-page.ts';
import { effectPage, errorPage, findingPage, exitPage, profilePage, reasonPage, statePage } from './code-page.ts';
import type { FindingCode } from '../../gates/paper/finding.ts';
import { FINDING_MEANINGS } from './finding-words.ts';
import { criterionPage } from './criterion-page.ts';
import { faultPage } from './fault-page.ts';
import { gatePage, riskPage, rolePage, rolesOf, triggerPage } from './gate-page.ts';
import type { Known } from './known.ts';
import type { Page } from './page.ts';
import { EXIT_WORDS } from './vocabulary.ts';

const FINDING_CODES = Object.keys(FINDING_MEANINGS) as FindingCode[];

/** At least one. Throws USAGE with the nearest name, or with those that the name is the end of. */
export function lookUp(name: string, known: Known): readonly Page[] {
  const exact = pagesOf(name.trim(), known);
  if (exact.length > 0) return exact;
  const ends = criteriaOf(known).filter(({ criterion }) => criterion.id.endsWith(`.${name}`));
  const [only, ...others] = ends;
  if (only !== undefined && others.length === 0) return [criterionPage(only.criterion, only.gate, known)];
  if (ends.length > 0)
    throw new GateError('USAGE', `"${name}" is the end of ${ends.length} criteria:\n${ends.map(({ criterion }) => `  - ${criterion.id}`).join('\n')}`, {
      remedy: 'Give the whole id.',
    });
  throw unknown(name, known);
}

function pagesOf(name: string, known: Known): readonly Page[] {
  const upper = name.toUpperCase().replaceAll('-', '_');
  const lower = name.toLowerCase();
  const pages: readonly (Page | undefined)[] = [
    ...criteriaOf(known, name).map(({ criterion, gate }) => criterionPage(criterion, gate, known)),
    ...known.gates.filter(({ id }) => id === lower || id === lower.replace(/^cutover /, 'cutover-')).map(gatePage),
    ...known.checks.filter(({ id }) => id === lower).map((check) => checkPage(check, known)),
    ...Object.entries(CHECKS_TO_COME).flatMap(([id, check]) => (id === lower ? [checkToComePage(id, check, known)] : [])),
    ...Object.entries(known.suites).flatMap(([id, checks]) => (id === lower ? [suitePage(id, checks)] : [])),
    ...metricPages(name, known),
    ...known.faults.filter(({ id }) => id === lower).map(faultPage),
    ...risks.filter(({ id }) => id === lower).map(riskPage),
    ...coreRollbackTriggers.filter(({ id }) => id === lower).map((trigger) => triggerPage(trigger, risks, known)),
    ...[...rolesOf(known)].flatMap(([role, rows]) => (role.toLowerCase() === lower ? [rolePage(role, rows, known)] : [])),
    ...(isErrorCode(upper) ? [errorPage(upper)] : []),
    ...REASON_CODES.filter((code): code is Reason['code'] => code === upper).map(reasonPage),
    ...FINDING_CODES.filter((code) => code === upper).map(findingPage),
    ...STATES.filter((state) => state === lower).map(statePage),
    ...Effect.options.filter((effect) => effect === lower).map(effectPage),
    ...Profile.options.filter((profile) => profile === lower).map(profilePage),
    exitPage(lower.replace(/^exit[ -]?(code[ -]?)?/, '')),
  ];
  return pages.filter((page) => page !== undefined);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

interface Row {
  readonly gate: Gate;
  readonly criterion: Criterion;
}

/** `name`: those of this id or alias, rows that `naap-gate check` makes among them; otherwise those of all gates. */
function criteriaOf({ gates, checks, suites }: Known, name?: string): readonly Row[] {
  const rows = gates.flatMap((gate) => gate.criteria.map((criterion) => ({ gate, criterion })));
  if (name === undefined) return rows;
  const [made = ''] = name.split('.');
  const one = made.replace(/^check-/, '');
  const isMade = made !== one && (checks.some(({ id }) => id === one) || suites[one] !== undefined);
  const own = isMade ? [gateOf(one)].flatMap((gate) => gate.criteria.map((criterion) => ({ gate, criterion }))) : [];
  return [...rows, ...own].filter(({ criterion }) => criterion.id === name || criterion.aliases?.includes(name));
}

/** Every name that has a page, for guesses and for the test that looks at all of them. */
export function namesOf(known: Known): readonly string[] {
  const names = [
    ...criteriaOf(known).map(({ criterion }) => criterion.id),
    ...known.gates.map(({ id }) => id),
    ...known.checks.flatMap(({ id, metrics }) => [id, ...Object.keys(metrics)]),
    ...Object.entries(CHECKS_TO_COME).flatMap(([id, { metrics }]) => [id, ...Object.keys(metrics)]),
    ...Object.keys(known.suites),
    ...known.faults.map(({ id }) => id),
    ...risks.map(({ id }) => id),
    ...coreRollbackTriggers.map(({ id }) => id),
    ...rolesOf(known).keys(),
    ...Object.keys(ERROR_CODES),
    ...REASON_CODES,
    ...FINDING_CODES,
    ...STATES,
    ...Effect.options,
    ...Profile.options,
    ...Object.keys(EXIT_WORDS),
  ];
  return [...new Set(names)];
}

function unknown(name: string, known: Known): GateError {
  const meant = nearest(name, namesOf(known));
  return new GateError('USAGE', `Nothing is called "${name}".`, {
    remedy: `${meant === undefined ? '' : `Did you mean "${meant}"? `}naap-gate list criteria, list checks, list gates, list faults and list errors show the names; docs/reference.md has them all.`,
  });
}
