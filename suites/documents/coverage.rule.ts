// Judges the coverage of the application's own tests by its lines, counted again from what the report lists. Called through documentChecks.
import type { DocumentChecks } from '../../gates/model.ts';
import { readSummary } from './coverage-summary.ts';
import { parseJson, readText } from './document-text.ts';
import { readLcov } from './lcov.ts';
import { counted, grouped, percent } from './words.ts';

/** `total` counts lines that can be executed; the files are those that the report lists. */
export interface CountedLines {
  readonly covered: number;
  readonly total: number;
  readonly files: number;
}
/** What contradicts itself in a report; then its numbers are worth nothing. */
export interface Contradiction {
  readonly contradiction: string;
}

export const judgeCoverage: DocumentChecks['coverage'] = (bytes, { minimum, exclusive = false }) => {
  const text = readText(bytes);
  const found = text.trimStart().startsWith('{') ? readSummary(parseJson(text)) : readLcov(text);
  if ('contradiction' in found) return { ok: false, text: `It contradicts itself: ${found.contradiction}` };
  const { covered, total, files } = found;
  if (total === 0) return { ok: false, text: `It counts no line at all (${counted(files, 'file')}), so nothing was covered.` };
  const share = covered / total;
  const ok = exclusive ? share > minimum : share >= minimum;
  const asked = `${exclusive ? 'more than' : 'at least'} ${percent(minimum)}`;
  return {
    ok,
    text: `${percent(share)} of ${counted(total, 'line')} (${grouped(covered)} covered, ${counted(files, 'file')}), ${asked} ${ok ? 'asked' : 'needed'}.`,
  };
};
