// What k6's exit code says, in words, and what follows from it. Used by the engine.

/**
 * How a run of k6 ended: it measured; it ended early, so that what it measured is not whole (the round is sick and repeated
 * once); or it could not work with what we gave it, which no repetition mends.
 */
export type Ending = { readonly kind: 'measured' } | { readonly kind: 'early'; readonly words: string } | { readonly kind: 'refused'; readonly words: string };

/** k6 v2.1.0, errext/exitcodes/codes.go. */
const WORDS: Readonly<Record<number, string>> = {
  97: 'its cloud run failed',
  98: 'it could not hear from its cloud',
  100: 'its setup took too long',
  101: 'its teardown took too long',
  102: 'something took too long',
  103: 'it was stopped through its REST API',
  104: 'it did not accept its options',
  105: 'it was ended by a signal',
  106: 'it could not open its REST API',
  107: 'the script threw',
  108: 'the script called test.abort',
  109: 'k6 itself crashed',
  110: 'the script marked the run as failed',
};
/** A threshold was crossed: our script has one, on dropped arrivals, which the record has counted itself. */
const THRESHOLDS = 99;
const REFUSALS: ReadonlySet<number> = new Set([104, 106, 107, 108, 110]);

export function endingOf(code: number | null, signal: string | null): Ending {
  if (code === 0 || code === THRESHOLDS) return { kind: 'measured' };
  if (code === null) return { kind: 'early', words: `k6 was ended by ${signal ?? 'nobody knows what'}` };
  return { kind: REFUSALS.has(code) ? 'refused' : 'early', words: `k6 ended with ${code}: ${WORDS[code] ?? 'an exit code that k6 does not document'}` };
}
