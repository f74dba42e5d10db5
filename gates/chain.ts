// An append-only file of JSON lines, each carrying the SHA-256 of the line before (DESIGN §4). Carries the journal and the ledger.
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Link, MAX_LINE_BYTES } from './model/events.ts';
import { GateError } from './model/errors.ts';
import { sha256 } from './digest.ts';

/** `prev` of the first line. */
export const GENESIS = '0'.repeat(64);

export interface ChainEntry {
  readonly link: Link;
  /** The event, not yet validated. */
  readonly event: Record<string, unknown>;
}
export interface ChainContent {
  readonly entries: readonly ChainEntry[];
  /** SHA-256 of the last whole line; GENESIS where there is none. */
  readonly head: string;
  /** Bytes of whole lines, and of a torn tail behind them (a write that was cut off). */
  readonly wholeBytes: number;
  readonly tornBytes: number;
}

/** Reads and verifies. A torn last line is reported, anything else that does not hold throws JOURNAL_DAMAGED with the line's number. */
export function readChain(path: string): ChainContent {
  return parseChain(readFileSync(path), path);
}

/** `path` names the file in errors. */
export function parseChain(content: Uint8Array, path: string): ChainContent {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const lines =
    wholeBytes === 0
      ? []
      : bytes
          .subarray(0, wholeBytes - 1)
          .toString('utf8')
          .split('\n');
  let head = GENESIS;
  const entries = lines.map((line, index) => {
    const entry = parseLine(line, path, index);
    if (entry.link.seq !== index) throw damaged(path, index, `carries seq ${entry.link.seq}, expected ${index}`);
    if (entry.link.prev !== head) throw damaged(path, index, 'does not carry the digest of the line before');
    head = sha256(line);
    return entry;
  });
  return { entries, head, wholeBytes, tornBytes: bytes.length - wholeBytes };
}

function parseLine(line: string, path: string, index: number): ChainEntry {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw damaged(path, index, 'is not JSON', cause);
  }
  const link = Link.safeParse(parsed);
  if (!link.success) throw damaged(path, index, 'has no seq, at and prev');
  const { seq: _seq, at: _at, prev: _prev, ...event } = parsed as Record<string, unknown>;
  return { link: link.data, event };
}

function damaged(path: string, index: number, what: string, cause?: unknown): GateError {
  return new GateError('JOURNAL_DAMAGED', `${path}: line ${index + 1} ${what}.`, {
    remedy: 'The file was changed after it was written. Restore it from the bundle or a backup, or measure again.',
    cause,
  });
}

export interface ChainWriter {
  append(event: object): ChainEntry;
  /** Forces what was appended to the disk. */
  sync(): void;
  close(): void;
  readonly head: string;
}

/** Opens for appending, cutting off a torn tail. `toText` scrubs: it is applied before the line is hashed. */
export function openChain(path: string, options: { now: () => Date; toText: (text: string) => string }): ChainWriter {
  const file = openSync(path, 'a+');
  const before = readChain(path);
  if (before.tornBytes > 0) ftruncateSync(file, before.wholeBytes);
  let head = before.head;
  let seq = before.entries.length;
  let { wholeBytes } = before;
  return {
    append(event) {
      const link = { seq, at: options.now().toISOString(), prev: head };
      const line = options.toText(JSON.stringify({ ...link, ...event }));
      if (Buffer.byteLength(line) > MAX_LINE_BYTES)
        throw new RangeError(`A journal line of ${Buffer.byteLength(line)} bytes; at most ${MAX_LINE_BYTES} are allowed.`);
      writeWhole(file, path, wholeBytes, Buffer.from(`${line}\n`));
      wholeBytes += Buffer.byteLength(line) + 1;
      head = sha256(line);
      seq += 1;
      return { link, event: event as Record<string, unknown> };
    },
    sync: () => fsyncSync(file),
    close: () => closeSync(file),
    get head() {
      return head;
    },
  };
}

/** A full disk takes a part of a line. What it took is cut off again, so that the next line does not stand behind it. Throws DISK. */
function writeWhole(file: number, path: string, wholeBytes: number, line: Uint8Array): void {
  try {
    for (let written = 0; written < line.length;) written += writeSync(file, line, written);
  } catch (cause) {
    ftruncateSync(file, wholeBytes);
    throw new GateError('DISK', `${path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      remedy: 'Free some space. What was written before is kept; a run goes on with --resume.',
      cause,
    });
  }
}
