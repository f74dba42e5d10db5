// Reads a ledger strictly: its chain, its events, its one form, what it stands on. Called by examine.
import { type ChainContent, parseChain } from '../chain.ts';
import { broken, Damage, type Finding, orDamage } from './finding.ts';
import { LedgerEvent, type LedgerOpened } from './ledger-event.ts';
import { type SealedRun, utf8File } from './sealed-run.ts';

export interface LedgerEntry {
  readonly at: string;
  /** Digest of the line before: the ledger's head when this was added. */
  readonly prev: string;
  readonly event: LedgerEvent;
}
interface Ledger {
  readonly entries: readonly LedgerEntry[];
  readonly head: string;
  readonly opened: LedgerOpened;
}

/** `on`: the run, the journal's last line and the report that it must stand on. Throws Damage. */
export function readLedger(source: SealedRun, on: { readonly run: string; readonly seal: string; readonly report: string }): Ledger {
  const bytes = utf8File(source, 'ledger.ndjson', 'LEDGER_DAMAGED');
  const chain = orDamage('LEDGER_DAMAGED', () => parseChain(bytes, 'ledger.ndjson'));
  if (chain.entries.length === 0)
    throw damaged('is empty. If the run was ended before it was opened, the command of the run with --resume and its id opens it');
  const entries = readEntries(chain);
  if (!isCanonical(bytes, chain)) throw damaged('is not written in its one form');
  const [first, ...rest] = entries.map(({ event }) => event);
  if (first?.type !== 'ledger.opened' || rest.some(({ type }) => type === 'ledger.opened')) throw damaged('does not begin with ledger.opened, once');
  const off = (['run', 'seal', 'report'] as const).filter((field) => first[field] !== on[field]);
  if (off.length > 0) throw new Damage(...off.map((field) => foundedElsewhere(field, first[field], on[field])));
  return { entries, head: chain.head, opened: first };
}

function foundedElsewhere(field: 'run' | 'seal' | 'report', ledger: string, here: string): Finding {
  return broken(field === 'report' ? 'REPORT_CHANGED' : 'LEDGER_DAMAGED', `The ledger stands on ${field} ${ledger}, but here is ${here}.`);
}

function readEntries({ entries, tornBytes }: ChainContent): LedgerEntry[] {
  if (tornBytes > 0)
    throw damaged(
      `was cut off within its last line, after ${tornBytes} bytes: what that line was to say is not recorded. The next command that adds to the run sets them aside`,
    );
  return entries.map(({ link: { seq, at, prev }, event }) => {
    const parsed = LedgerEvent.safeParse(event);
    if (!parsed.success) throw damaged(`has in line ${seq + 1} no event that this version knows (${String(event['type'])})`);
    if (at < (entries[seq - 1]?.link.at ?? '')) throw damaged(`has in line ${seq + 1} an earlier time than in the line before`);
    return { at, prev, event: parsed.data };
  });
}

/** The last line has no line after it that carries its digest, so its letters are held against the one way to write them. */
function isCanonical(bytes: Uint8Array, { entries }: ChainContent): boolean {
  const lines = entries.map(({ link: { seq, at, prev }, event }) => `${JSON.stringify({ seq, at, prev, ...event })}\n`);
  return Buffer.from(lines.join('')).equals(bytes);
}

function damaged(what: string): Damage {
  return new Damage(broken('LEDGER_DAMAGED', `ledger.ndjson ${what}.`));
}
