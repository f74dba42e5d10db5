// The files of a run's folder as a store sees them: lines, artifacts, reports. Shared by push and fetch.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { journalPath, ledgerPath, type RunFolder } from '../../gates/run-folder.ts';

export const CHAINS = ['journal', 'ledger'] as const;
export type ChainName = (typeof CHAINS)[number];

export function chainPath(folder: RunFolder, chain: ChainName): string {
  return chain === 'journal' ? journalPath(folder) : ledgerPath(folder);
}

/** Whole lines without their newlines; a line that is being written, or was cut off, is none yet. */
export function wholeLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a);
  return end < 0 ? [] : bytes.subarray(0, end).toString('utf8').split('\n');
}

/** `artifacts/<sha256>`. */
export function artifactNames(folder: RunFolder): string[] {
  const directory = join(folder.path, 'artifacts');
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => /^[0-9a-f]{64}$/.test(name))
    .map((name) => `artifacts/${name}`);
}

/** report.json and whatever else stands beside the chains; no locks, no drafts. */
export function reportNames(folder: RunFolder): string[] {
  return readdirSync(folder.path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && isReportName(entry.name))
    .map(({ name }) => name);
}

/** What may come out of a database and become the name of a file. */
export function isReportName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name) && !/^(run|ledger)\.ndjson$|\.(lock|new)$|\.lock\./.test(name);
}
export function isArtifactName(name: string): boolean {
  return /^artifacts\/[0-9a-f]{64}$/.test(name);
}
export function isRunId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$/.test(id);
}
