import { expect, test } from 'vitest';
import { orderFlaw, trapFlaw, visibilityFlaw, whyNotWalked } from './keyboard-cases.ts';
import type { Stop, Walk } from './tab-walk.ts';

const stop = (element: number, more: Partial<Stop> = {}): Stop => ({ element, name: `button "${element}"`, goesBack: false, isVisible: true, ...more });
const walk = (stops: readonly Stop[], trappedAt?: Stop): Walk => ({ stops, trappedAt, isWhole: true });

test('a walk in order that can be seen and ends outside of the page has no flaw', () => {
  const fine = walk([stop(1), stop(2)]);
  expect([trapFlaw(fine), orderFlaw(fine), visibilityFlaw(fine)]).toEqual([undefined, undefined, undefined]);
});

test('an element that keeps the focus is a trap, and so is one that takes it back', () => {
  expect(trapFlaw(walk([stop(1), stop(2)], stop(2)))).toBe(
    'Tab should lead through the page and out of it; at button "2" the focus stays on it after 2 of its stops.',
  );
  expect(trapFlaw(walk([stop(1), stop(2), stop(3)], stop(2)))).toContain('at button "2" the focus comes back to it after 3');
});

test('a stop that stands before the one before it is out of order', () => {
  expect(orderFlaw(walk([stop(9), stop(1, { goesBack: true })]))).toBe(
    'The focus should go through the page in its order; from button "9" it goes back to button "1".',
  );
});

test('stops that look the same with the focus are counted, and the first named', () => {
  const unseen = [1, 2, 3, 4].map((element) => stop(element, { isVisible: false }));
  expect(visibilityFlaw(walk([...unseen, stop(5)]))).toBe(
    'Whatever has the focus should look other than without it; 4 of 5 look the same: button "1", button "2", button "3", and 1 more.',
  );
});

test('a walk that came to a limit of its own says to which, and one that met nothing says so', () => {
  const broken = (count: number): Walk => ({ ...walk(Array.from({ length: count }, (_, index) => stop(index + 1))), isWhole: false });
  expect([walk([]), broken(2), broken(300), walk([stop(1)])].map(whyNotWalked)).toEqual([
    { notPut: 'Nothing on the page takes the focus by the Tab key.' },
    { notPut: '60 presses of Tab did not lead out of button "2"; it was walked through no further.' },
    { notPut: 'The page has 300 stops or more; it was walked through no further.' },
    undefined,
  ]);
});
