// A small sign for each state, always beside its word: shape and word carry the meaning, colour only repeats it.
import type { State } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Markup } from '../markup.ts';

/** Strokes in a 12 × 12 box. */
const SIGNS: Readonly<Record<State, string>> = {
  pass: 'M2.5 6.5 5 9 9.5 3.5',
  waived: 'M2 7c1.5-3 3-3 4-1s2.500 2 4-1',
  warn: 'M6 2v5M6 9.200v.6',
  inconclusive: 'M3.800 4.300C4 1.300 8.300 1.500 8.200 4.200 8.100 5.800 6 5.900 6 7.600M6 9.500v.5',
  error: 'M7 1.500 3.500 6.500h5L5 10.500',
  fail: 'M3 3 9 9M9 3 3 9',
  pending: 'M6 2.500V6l2.500 1.500M6 1a5 5 0 1 0 .01 0',
  deferred: 'M3 2.500 6 6 3 9.500M7 2.500 10 6 7 9.500',
  'not-applicable': 'M2.500 6h7',
};

export function stateIcon(state: State): Markup {
  return h('svg', { class: 'icon', width: 12, height: 12, viewBox: '0 0 12 12', 'aria-hidden': 'true' }, h('path', { d: SIGNS[state] }));
}
