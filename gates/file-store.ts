// Runs kept as files: a folder of folders, which are the runs themselves. The default of `--runs`.
import { existsSync, readFileSync } from 'node:fs';
import { createRunFolder, findRun, journalPath, ledgerPath, listRuns, runFolder, type RunFolder } from './run-folder.ts';
import { criterionMark, type HeldRun, type RunLines, type RunStore, type WantedLines } from './run-store.ts';
import { type ChainScan, NO_LINES, scanChain } from './scan-chain.ts';

/** `directory` need not exist yet. Who writes a run is settled by the locks in its folder. */
export function fileStore(directory: string): RunStore {
  return {
    place: directory,
    begin: async (id) => held(createRunFolder(directory, id)),
    hold: async (id) => held(findRun(directory, id)),
    open: async (id) => findRun(directory, id),
    scan: async (wanted) => (wanted.ids ?? listRuns(directory)).map((id) => scanFolder(runFolder(directory, id), wanted)),
    close: async () => undefined,
  };
}

/** What is written to the folder is where it belongs. */
function held(folder: RunFolder): HeldRun {
  return { folder, settled: async () => undefined, release: async () => undefined };
}

export function scanFolder(folder: RunFolder, { types, judged }: WantedLines): RunLines {
  const mark = typeof judged === 'string' ? criterionMark(judged) : '';
  const isWanted = (type: string, text: () => string): boolean =>
    types.includes(type) || (judged !== undefined && type === 'criterion.judged' && text().includes(mark));
  return { id: folder.id, journal: scanFile(journalPath(folder), isWanted), ledger: scanFile(ledgerPath(folder), () => true) };
}

function scanFile(path: string, isWanted: Parameters<typeof scanChain>[1]): ChainScan {
  return existsSync(path) ? scanChain(readFileSync(path), isWanted) : NO_LINES;
}
