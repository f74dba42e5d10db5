// Days, limits and numbers as one says them in a meeting; for read-aloud.ts.
import type { CriterionReport, CriterionResult, Expectation } from '../gates/model.ts';
import { oneLine } from './plain-text.ts';
import { counted, digits, quantity } from './quantity.ts';
import { caseWord, resultWords, tellingResult } from './wording.ts';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const;
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'] as const;

/** `23 November 2026` of a day or a moment; what is none stays as it is. */
export function spokenDay(iso: string): string {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/u.exec(iso) ?? [];
  const name = MONTHS[Number(month) - 1];
  return name === undefined ? oneLine(iso) : `${Number(day)}\u00A0${name} ${year}`;
}

/** `23 November 2026 at 04:40 UTC`. */
export function spokenMoment(iso: string): string {
  return `${spokenDay(iso)} at ${iso.slice(11, 16)}\u00A0UTC`;
}

/** 1 is `first`; beyond ten as figures. */
export function ordinal(number: number): string {
  return ORDINALS[number - 1] ?? `${number}th`;
}

/** `a, b and c`. */
export function spokenList(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

/** A text that ends as a sentence does. */
export function sentence(text: string): string {
  const line = oneLine(text);
  return /[.!?…]$/u.test(line) || line === '' ? line : `${line}.`;
}

const ASKED = { '<': 'below', '<=': 'at most', '>': 'above', '>=': 'at least', '==': 'exactly' } as const;

function beyondLimit(result: CriterionResult, expect: Extract<Expectation, { kind: 'limit' }>): string {
  const { value, unit, n } = result;
  if (value === undefined) return '';
  const off = quantity(Math.abs(Number((value - expect.value).toPrecision(12))), unit).replace('%', 'points');
  const way = expect.op === '==' ? 'off' : expect.op.startsWith('<') ? 'too much' : 'too little';
  return `${quantity(value, unit, expect.value)}, where ${ASKED[expect.op]} ${quantity(expect.value, unit)} is asked: ${off} ${way}, from ${counted(n, 'sample')}`;
}

/** What is wrong with a row, with its numbers and the first of what was found. */
export function whatIsWrong(criterion: CriterionReport): string {
  const result = tellingResult(criterion);
  if (result === undefined || result.n === 0 || result.verdict === 'pass') return sentence(criterion.reason.text);
  const { expect } = result;
  if (criterion.reason.code === 'LIMIT_EXCEEDED' && expect.kind === 'limit') return sentence(beyondLimit(result, expect));
  const found = (result.cases ?? []).find(({ state }) => state !== 'ok');
  if (found === undefined) return sentence(criterion.reason.text);
  const bad = (result.cases ?? []).filter(({ state }) => state !== 'ok').length;
  const all = digits(Math.max(result.totalCases ?? 0, result.n));
  return sentence(
    `${bad >= 50 ? 'at least ' : ''}${bad} of ${all} cases ${bad === 1 ? 'is' : 'are'} not as specified; ${caseWord(found.state)}: ${oneLine(found.id)}, ${oneLine(found.detail)}`,
  );
}

/** `P50 latency < 100ms (21.4 ms)`: a row that passed, with its number where it has one. */
export function rowWithNumber(criterion: CriterionReport): string {
  const result = tellingResult(criterion);
  const number = result?.value === undefined ? '' : ` (${resultWords(result).number})`;
  return `${oneLine(criterion.text)}${number}`;
}
