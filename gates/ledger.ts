// What comes after the seal — evidence, sign-offs, decisions — goes to ledger.ndjson, chained from the seal (DESIGN §4).
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { openChain, readChain } from './chain.ts';
import { type RunFolder, ledgerPath } from './run-folder.ts';
import type { Scrubber } from './scrub.ts';

/** First line: which journal (by the digest of its last line) and which report.json this ledger stands on. */
export const LedgerOpened = z.object({ type: z.literal('ledger.opened'), run: z.string(), seal: z.string(), report: z.string() });

/** Opens the ledger of a sealed run. Does nothing where it is open already: a report that is rendered again changes nothing. */
export function openLedger(folder: RunFolder, opened: { seal: string; report: string }, options: { now: () => Date; scrubber: Scrubber }): void {
  if (existsSync(ledgerPath(folder)) && readChain(ledgerPath(folder)).entries.length > 0) return;
  const chain = openChain(ledgerPath(folder), { now: options.now, toText: options.scrubber.text });
  chain.append(LedgerOpened.parse({ type: 'ledger.opened', run: folder.id, ...opened }));
  chain.sync();
  chain.close();
}
