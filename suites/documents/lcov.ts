// Reads lcov's tracefile (lcov.info, geninfo(1)). Called by coverage.rule.ts.
import type { Contradiction, CountedLines } from './coverage.rule.ts';
import { linesOf } from './document-text.ts';

/** Keys of geninfo(1), the newer ones of lcov 2 among them. What is none of them is no tracefile. */
const KEY = /^(TN|VER|SF|FN|FNDA|FNL|FNA|FNF|FNH|BRDA|BRF|BRH|MCDC|MCF|MCH|DA|LF|LH):(.*)$/;

/** Of one file in the trace: which lines, and whether any test reached them. A file may come in several records, one a test. */
type Lines = Map<number, boolean>;
interface Open {
  readonly file: string;
  readonly lines: Lines;
  found: number | undefined;
  hit: number | undefined;
}

/** Throws where it is no tracefile, or ends in the middle of a record. */
export function readLcov(text: string): CountedLines | Contradiction {
  const files = new Map<string, Lines>();
  let open: Open | undefined;
  for (const [index, line] of linesOf(text).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (line.trim() === 'end_of_record') {
      if (open === undefined) throw wrong(index, line);
      const contradiction = contradictionOf(open);
      if (contradiction !== undefined) return { contradiction };
      merge(files, open);
      open = undefined;
    } else open = readLine(line, index, open);
  }
  if (open !== undefined) throw new Error(`it ends in the middle of the record of ${open.file}: it was cut off`);
  if (files.size === 0) throw new Error('it is no lcov tracefile: it has no record');
  const lines = [...files.values()].flatMap((one) => [...one.values()]);
  return { covered: lines.filter(Boolean).length, total: lines.length, files: files.size };
}

function readLine(line: string, index: number, open: Open | undefined): Open | undefined {
  const [, key, value = ''] = KEY.exec(line) ?? [];
  if (key === undefined) throw wrong(index, line);
  if (key === 'SF') {
    if (open !== undefined || value === '') throw wrong(index, line);
    return { file: value, lines: new Map(), found: undefined, hit: undefined };
  }
  if (key === 'TN' || key === 'VER') return open;
  if (open === undefined) throw wrong(index, line);
  if (key === 'DA') addLine(open, value, index, line);
  if (key === 'LF') open.found = whole(value, index, line);
  if (key === 'LH') open.hit = whole(value, index, line);
  return open;
}

/** `DA:<line>,<hits>[,<checksum>]` */
function addLine(open: Open, value: string, index: number, line: string): void {
  const [, number, hits] = /^([1-9]\d*),(\d+)(?:,.*)?$/.exec(value) ?? [];
  if (number === undefined) throw wrong(index, line);
  open.lines.set(Number(number), Number(hits) > 0 || open.lines.get(Number(number)) === true);
}

/** LF and LH sum up the DA lines; some writers leave them out. */
function contradictionOf({ file, lines, found, hit }: Open): string | undefined {
  const covered = [...lines.values()].filter(Boolean).length;
  if (found !== undefined && found !== lines.size) return `${file}: LF says ${found} lines, ${lines.size} are listed.`;
  if (hit !== undefined && hit !== covered) return `${file}: LH says ${hit} lines hit, ${covered} are.`;
  return undefined;
}

function merge(files: Map<string, Lines>, { file, lines }: Open): void {
  const known = files.get(file);
  if (known === undefined) files.set(file, lines);
  else for (const [number, isHit] of lines) known.set(number, isHit || known.get(number) === true);
}

function whole(value: string, index: number, line: string): number {
  if (!/^\d+$/.test(value)) throw wrong(index, line);
  return Number(value);
}

function wrong(index: number, line: string): Error {
  return new Error(`it is no coverage-summary.json and no lcov tracefile: line ${index + 1} is "${line.slice(0, 60)}"`);
}
