// Which request of the mix each arrival sends: weighted, seeded, and the same for every worker without their talking.
import type { LoadRequest } from '../../../gates/model.ts';

/** Answers the index into `requests` for arrival `index`. Throws RangeError for an empty mix. */
export function mixOf(requests: readonly Pick<LoadRequest, 'weight'>[], seed: number): (index: number) => number {
  if (requests.length === 0) throw new RangeError('A load mix needs at least one request.');
  const ends: number[] = [];
  let sum = 0;
  for (const request of requests) ends.push((sum += request.weight));
  return (index) => {
    const point = uniform(seed, index) * sum;
    const found = ends.findIndex((end) => point < end);
    return found === -1 ? ends.length - 1 : found;
  };
}

/** 0 ≤ x < 1, a hash of seed and index (the finalizer of MurmurHash3), so that any worker can compute any arrival. */
function uniform(seed: number, index: number): number {
  let h = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
