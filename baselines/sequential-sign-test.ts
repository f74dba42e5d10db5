// How many of n differences may point the other way, when one looks after every round. The arithmetic behind the comparator.

/** Error on each side over all looks together: the interval has 95 % in all. */
const ALPHA = 0.025;
export const LEVEL = 0.95;

/**
 * Differences that an interval of the median leaves out at each end, after `n` of them; undefined while `n` is too small
 * for any interval at 95 % (fewer than six).
 *
 * The order statistics of n differences enclose their median with a probability that the binomial gives exactly, whatever
 * the distribution (Conover, Practical Nonparametric Statistics, §3.2; benchstat takes the same interval of a median).
 * A runner that stops as soon as an interval decides takes many looks, and each look of its own would be a chance to be
 * wrong (peeking). So the ranks are chosen such that a fair coin, tossed for as long as one likes, leaves them at *any*
 * look with at most 2.5 %: mass that has left is spent, and one more difference is left out as soon as what remains of
 * the 2.5 % pays for it. It gives 0 from six on, 1 from ten, 2 from fourteen.
 */
export function leftOut(n: number): number | undefined {
  let mass = [1]; // By number of differences that point the other way: the probability to be there and never to have left.
  let spent = 0;
  let out: number | undefined;
  for (let tosses = 1; tosses <= n; tosses += 1) {
    mass = [...mass, 0].map((stay, count) => (stay + (mass[count - 1] ?? 0)) / 2);
    for (let next = out === undefined ? 0 : out + 1; spent + (mass[next] ?? 0) <= ALPHA && next < tosses / 2; next += 1) {
      spent += mass[next] ?? 0;
      mass[next] = 0;
      out = next;
    }
  }
  return out;
}
