// Reads Istanbul's coverage-summary.json (Jest, Vitest, nyc, c8). Called by coverage.rule.ts.
import { z } from 'zod';
import type { Contradiction, CountedLines } from './coverage.rule.ts';
import { isRecord, readShape } from './document-text.ts';

const count = z.int().min(0);
const Entry = z.object({ lines: z.object({ total: count, covered: count }) });
const Summary = z.record(z.string(), Entry).and(z.object({ total: Entry }));

/** `pct` is not read: it is "Unknown" where there are no lines. Throws where it is no such summary. */
export function readSummary(json: unknown): CountedLines | Contradiction {
  if (!isRecord(json) || !('total' in json))
    throw new Error(`it is no coverage-summary.json: it has no "total"${isCoverageMap(json) ? '; it is coverage-final.json, of another reporter' : ''}`);
  const { total, ...files } = readShape(Summary, json, 'coverage-summary.json');
  const entries = Object.entries(files);
  const impossible = [['total', total] as const, ...entries].find(([, { lines }]) => lines.covered > lines.total);
  if (impossible !== undefined) return { contradiction: `${impossible[0]} has ${impossible[1].lines.covered} of ${impossible[1].lines.total} lines covered.` };
  const sum = (field: 'covered' | 'total'): number => entries.reduce((so, [, { lines }]) => so + lines[field], 0);
  if (sum('total') !== total.lines.total || sum('covered') !== total.lines.covered)
    return {
      contradiction: `the total says ${total.lines.covered} of ${total.lines.total} lines, its ${entries.length} files together ${sum('covered')} of ${sum('total')}.`,
    };
  return { covered: total.lines.covered, total: total.lines.total, files: entries.length };
}

/** coverage-final.json maps each file to its statements. */
function isCoverageMap(json: unknown): boolean {
  return isRecord(json) && Object.values(json).some((file) => isRecord(file) && 'statementMap' in file);
}
