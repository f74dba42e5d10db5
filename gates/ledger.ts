// What comes after the seal — evidence, sign-offs, decisions — goes to ledger.ndjson, chained from the seal (DESIGN §4). One writer at a time.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openChain, readChain } from './chain.ts';
import { GateError } from './model/errors.ts';
import { type Examined, examine, isExamined } from './paper/examine.ts';
import { LedgerEvent, LedgerOpened } from './paper/ledger-event.ts';
import { runInFolder } from './paper/sealed-run.ts';
import { type RunFolder, ledgerPath, takeLock } from './run-folder.ts';
import type { Scrubber } from './scrub.ts';

/** Opens the ledger of a sealed run. Does nothing where it is open already: a report that is rendered again changes nothing. `by`: who ran the gate. */
export function openLedger(folder: RunFolder, opened: { seal: string; report: string; by?: string }, options: { now: () => Date; scrubber: Scrubber }): void {
  if (existsSync(ledgerPath(folder)) && readChain(ledgerPath(folder)).entries.length > 0) return;
  const chain = openChain(ledgerPath(folder), { now: options.now, toText: options.scrubber.text });
  chain.append(LedgerOpened.parse({ type: 'ledger.opened', run: folder.id, ...opened }));
  chain.sync();
  chain.close();
}

export interface LedgerWriter {
  /** The run as it stands before this is added; its `ledgerHead` is what the next line stands on. */
  readonly run: Examined;
  /** The time of the next line: now, or that of the last line where the clock has been set back. */
  readonly at: Date;
  append(event: LedgerEvent): void;
}
export interface LedgerOwner {
  readonly processId: number;
  readonly isAlive: (pid: number) => boolean;
  readonly now: () => Date;
  /** Told of what a write that was cut off has left. */
  readonly warn: (text: string) => void;
}

/**
 * Adds to a run whose files hold, under its lock. What is appended is on the disk when this returns.
 * Throws RUN_NOT_SEALED, RUN_LOCKED, PAPERS_DAMAGED with everything that was found.
 */
export async function withLedger<Result>(folder: RunFolder, owner: LedgerOwner, work: (ledger: LedgerWriter) => Promise<Result>): Promise<Result> {
  const release = takeLock(join(folder.path, 'ledger.lock'), owner);
  try {
    setTornTailAside(folder, owner);
    const run = examine(runInFolder(folder));
    if (!isExamined(run)) throw notToBeAddedTo(folder, run);
    const last = new Date(run.ledger.at(-1)?.at ?? 0);
    const now = owner.now();
    const at = now < last ? last : now;
    return await work({ run, at, append: (event) => append(folder, event, at) });
  } finally {
    release();
  }
}

function append(folder: RunFolder, event: LedgerEvent, at: Date): void {
  const parsed = LedgerEvent.parse(event);
  const chain = openChain(ledgerPath(folder), { now: () => at, toText: (text) => text });
  try {
    chain.append(parsed);
    chain.sync();
  } finally {
    chain.close();
  }
}

/** A line that was cut off never counted; its bytes are kept beside the ledger, and the next line takes its place. */
function setTornTailAside(folder: RunFolder, { warn }: LedgerOwner): void {
  const path = ledgerPath(folder);
  if (!existsSync(path)) return;
  const { tornBytes, wholeBytes, entries } = readChain(path);
  if (tornBytes === 0) return;
  const aside = `${path}.torn-${entries.length + 1}`;
  writeFileSync(aside, readFileSync(path).subarray(wholeBytes));
  openChain(path, { now: () => new Date(0), toText: (text) => text }).close();
  warn(`A write to ${path} was cut off and never counted; its ${tornBytes} bytes are kept in ${aside}. Whoever made it has to make it again.`);
}

function notToBeAddedTo(folder: RunFolder, findings: readonly { readonly code: string; readonly text: string }[]): GateError {
  const texts = findings.map(({ text }) => `  - ${text}`).join('\n');
  if (findings.some(({ code }) => code === 'NOT_SEALED'))
    return new GateError('RUN_NOT_SEALED', `Run ${folder.id} is not finished.`, { remedy: 'Finish it with --resume; then add to it.' });
  return new GateError('PAPERS_DAMAGED', `The files of run ${folder.id} do not hold together:\n${texts}`, {
    remedy: 'Restore them from the bundle or a backup, or measure again. Nothing was added.',
  });
}
