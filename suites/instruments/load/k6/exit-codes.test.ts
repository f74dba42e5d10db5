import { expect, test } from 'vitest';
import { endingOf } from './exit-codes.ts';

test.each([
  [0, null, 'measured', undefined],
  [99, null, 'measured', undefined],
  [104, null, 'refused', 'k6 ended with 104: it did not accept its options'],
  [105, null, 'early', 'k6 ended with 105: it was ended by a signal'],
  [107, null, 'refused', 'k6 ended with 107: the script threw'],
  [108, null, 'refused', 'k6 ended with 108: the script called test.abort'],
  [109, null, 'early', 'k6 ended with 109: k6 itself crashed'],
  [1, null, 'early', 'k6 ended with 1: an exit code that k6 does not document'],
  [null, 'SIGKILL', 'early', 'k6 was ended by SIGKILL'],
  [null, null, 'early', 'k6 was ended by nobody knows what'],
] as const)('exit code %s, signal %s: %s', (code, signal, kind, words) => {
  expect(endingOf(code, signal)).toEqual(words === undefined ? { kind } : { kind, words });
});
