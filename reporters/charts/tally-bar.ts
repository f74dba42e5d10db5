// Draws how many criteria are in each state as one stacked bar; the HTML report prints the same numbers in words below it.
import { STATES } from '../../gates/model.ts';
import type { RunReport, State } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Markup } from '../markup.ts';

/** States in the order that a reader needs them: what blocks first. */
export const READING_ORDER: readonly State[] = ['fail', 'error', 'inconclusive', 'warn', 'waived', 'pass', 'pending', 'deferred', 'not-applicable'];

/** Decorative: the list beside it says the same in words. */
export function tallyBar(counts: RunReport['counts']): Markup {
  const total = Math.max(
    1,
    STATES.reduce((sum, state) => sum + counts[state], 0),
  );
  let x = 0;
  const parts = READING_ORDER.filter((state) => counts[state] > 0).map((state) => {
    const width = (counts[state] / total) * 100;
    const part = h('rect', { class: `fill-${state}`, x: `${x.toFixed(3)}%`, y: 0, width: `${Math.max(0.5, width - 0.35).toFixed(3)}%`, height: 10, rx: 1.5 });
    x += width;
    return part;
  });
  return h('svg', { class: 'tally', width: '100%', height: 10, 'aria-hidden': 'true' }, ...parts);
}
