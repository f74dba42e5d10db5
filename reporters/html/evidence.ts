// What stands below a criterion's row: the picture of its distribution, interval, reason, next step, failing cases, findings, every result.
import type { Case, CriterionReport, CriterionResult, Item, RunView } from '../../gates/model.ts';
import { distributionOf, figureBehind } from '../charts/distribution.ts';
import { distributionStrip, distributionWords } from '../charts/distribution-strip.ts';
import { type Side, sidesWords, twoSides } from '../charts/two-sides.ts';
import { isComparison } from '../comparisons.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { digits } from '../quantity.ts';
import { caseWord, isToldByNumbers, labelWords, nextStep, resultWords, tellingResult } from '../wording.ts';
import { badge, code, table } from './parts.ts';

/** False where the row itself says everything. */
export function evidence(view: RunView, criterion: CriterionReport): Markup | false {
  const result = tellingResult(criterion);
  const parts: Child[] = [
    ...pictures(view, criterion),
    sentences(criterion, result),
    result !== undefined && findings(result),
    criterion.results.length > 1 && allResults(criterion.results),
  ];
  return parts.some((part) => part !== false) && h('div', { class: 'evidence' }, ...parts);
}

/** Of the telling result, and of every comparison. */
function pictures(view: RunView, criterion: CriterionReport): (Markup | false)[] {
  const telling = tellingResult(criterion);
  const drawn = [...(telling === undefined || isComparison(telling) ? [] : [telling]), ...criterion.results.filter(isComparison)];
  return drawn.map((result) => (result.expect.kind === 'versus' ? bothSides(view, criterion, result) : picture(view, criterion, result)));
}

function picture(view: RunView, criterion: CriterionReport, result: CriterionResult): Markup | false {
  const distribution = distributionOf(view, result, { criterion: criterion.id });
  if (distribution === undefined) return false;
  const strip = distributionStrip(distribution, result, oneLine(criterion.text));
  return strip !== undefined && h('figure', null, strip, h('figcaption', null, distributionWords(distribution, result)));
}

function bothSides(view: RunView, criterion: CriterionReport, result: CriterionResult): Markup | false {
  const sides = (['target', 'legacy'] as const).flatMap((side): Side[] => {
    const behind = { criterion: criterion.id, side };
    const [distribution, figure] = [distributionOf(view, result, behind), figureBehind(view, result, behind)];
    return distribution === undefined || figure === undefined ? [] : [{ name: side, distribution, value: figure.value }];
  });
  if (sides.length < 2) return false;
  const strip = twoSides(sides, result, oneLine(criterion.text));
  return strip !== undefined && h('figure', null, strip, h('figcaption', null, sidesWords(sides, result)));
}

function sentences(criterion: CriterionReport, result: CriterionResult | undefined): Markup | false {
  const interval = result === undefined ? '' : resultWords(result).interval;
  const isSaidInRow = result === undefined || result.n === 0 || isToldByNumbers(criterion);
  const sick =
    result?.instrument?.healthy === false && criterion.reason.code !== 'INSTRUMENT_SICK' ? (result.instrument.why ?? 'it gives no reason') : undefined;
  const step = nextStep(criterion);
  const lines: Child[] = [
    !isSaidInRow && h('p', null, oneLine(criterion.reason.text)),
    interval !== '' && h('p', { class: 'quiet' }, interval),
    criterion.note !== undefined && h('p', { class: 'quiet' }, 'Note: ', oneLine(criterion.note)),
    sick !== undefined && h('p', { class: 'quiet' }, `Instrument ${result?.instrument?.name ?? ''} is sick: ${oneLine(sick)}`),
    step !== undefined && h('p', { class: 'next' }, 'Next: ', code(step)),
  ];
  return lines.some((line) => line !== false) && h('div', { class: 'sentences' }, ...lines);
}

function findings(result: CriterionResult): Markup | false {
  const entries: readonly Case[] = (result.cases ?? []).filter((entry) => entry.state !== 'ok');
  const items: readonly Item[] = result.items ?? [];
  if (entries.length + items.length === 0) return false;
  const hidden = (result.totalItems ?? items.length) - items.length;
  return h(
    'ul',
    { class: 'findings' },
    ...entries.map((entry) =>
      h('li', null, h('b', { class: `case-${entry.state}` }, caseWord(entry.state)), code(oneLine(entry.id)), h('span', null, oneLine(entry.detail))),
    ),
    ...items.map((item) => h('li', null, h('b', { class: 'case-failed' }, 'found'), code(oneLine(item.key)), h('span', null, oneLine(item.detail)))),
    hidden > 0 && h('li', null, `and ${digits(hidden)} more`),
    entries.length >= 50 && h('li', null, 'Only the first 50 are listed.'),
  );
}

function allResults(results: readonly CriterionResult[]): Markup {
  const rows = results.map((result) => {
    const words = resultWords(result);
    const name = [result.check, labelWords(result.labels)].filter((part) => part !== '').join(' · ');
    return [`${name} · ${result.metric}`, badge(result.verdict), words.number, words.limit, words.distance, words.samples];
  });
  return h(
    'details',
    null,
    h('summary', null, `All ${results.length} results of this criterion`),
    table(
      'Every result of this criterion',
      [
        { name: 'What' },
        { name: 'Verdict' },
        { name: 'Number', kind: 'figure' },
        { name: 'Limit', kind: 'figure' },
        { name: 'Distance', kind: 'figure' },
        { name: 'Samples', kind: 'figure' },
      ],
      rows,
    ),
  );
}
