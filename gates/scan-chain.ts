// Walks a chain without parsing its lines: the links are checked, the lines asked for are handed over. For looking at many runs at once; readChain reads one.
import { sha256 } from './digest.ts';
import { GENESIS } from './chain.ts';

export interface ScannedLine {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly text: string;
}
export interface ChainScan {
  /** Those asked for, oldest first; with `damage` only those before it. */
  readonly lines: readonly ScannedLine[];
  /** Whole lines. */
  readonly count: number;
  /** Time of the last whole line. */
  readonly lastAt: string | undefined;
  readonly types: ReadonlySet<string>;
  /** Bytes of a line that was cut off. */
  readonly tornBytes: number;
  /** What does not hold, in words: `line 7 does not carry the digest of the line before`. */
  readonly damage?: string;
}

export const NO_LINES: ChainScan = { lines: [], count: 0, lastAt: undefined, types: new Set(), tornBytes: 0 };

/** The form in which openChain writes; the rest of the line is JSON that nobody looked at yet. */
const LINK = /^\{"seq":(\d+),"at":"([^"]+)","prev":"([0-9a-f]{64})","type":"([\w.-]+)"/;
/** LINK ends within this; types are short. */
const LINK_BYTES = 256;

/** Pure; never throws. */
export function scanChain(bytes: Buffer, isWanted: (type: string, text: () => string) => boolean): ChainScan {
  const lines: ScannedLine[] = [];
  const types = new Set<string>();
  let [from, count, head, lastAt] = [0, 0, GENESIS, undefined as string | undefined];
  const done = (damage?: string): ChainScan => {
    const scan = { lines, count, lastAt, types, tornBytes: bytes.length - (bytes.lastIndexOf(0x0a) + 1) };
    return damage === undefined ? scan : { ...scan, damage: `line ${count + 1} ${damage}` };
  };
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
    const line = bytes.subarray(from, end);
    const link = linkOf(line);
    if (link === undefined) return done('is not a line of a journal');
    if (link.seq !== count) return done(`carries seq ${link.seq}, expected ${count}`);
    if (link.prev !== head) return done('does not carry the digest of the line before');
    if (isWanted(link.type, () => line.toString('utf8'))) lines.push({ seq: count, at: link.at, type: link.type, text: line.toString('utf8') });
    types.add(link.type);
    head = sha256(line);
    lastAt = link.at;
    count += 1;
    from = end + 1;
  }
  return done();
}

interface FoundLink {
  readonly seq: number;
  readonly at: string;
  readonly prev: string;
  readonly type: string;
}
/** A line in another order of fields is as good; it only takes longer. */
function linkOf(line: Buffer): FoundLink | undefined {
  const [, seq, at, prev, type] = LINK.exec(line.toString('latin1', 0, LINK_BYTES)) ?? [];
  if (seq !== undefined && at !== undefined && prev !== undefined && type !== undefined) return { seq: Number(seq), at, prev, type };
  try {
    const parsed = JSON.parse(line.toString('utf8')) as Partial<Record<keyof FoundLink, unknown>> | null;
    const { seq: number, at: time, prev: before, type: name } = parsed ?? {};
    const isWhole = typeof number === 'number' && typeof time === 'string' && typeof before === 'string' && typeof name === 'string';
    return isWhole ? { seq: number, at: time, prev: before, type: name } : undefined;
  } catch {
    return undefined;
  }
}
