// Renders the reports of a run again, with what people have added since its seal. Called by `report`, and by every command that adds to a run.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GateError, type Reporter, type RunView } from '../gates/model.ts';
import type { Approvers } from '../gates/paper/approvers.ts';
import { examine, isExamined } from '../gates/paper/examine.ts';
import { runPapers } from '../gates/paper/papers-view.ts';
import { runInFolder } from '../gates/paper/sealed-run.ts';
import { readArtifact, type RunFolder } from '../gates/run-folder.ts';
import { viewOf } from '../gates/view.ts';
import { html } from '../reporters/html.ts';
import { markdown } from '../reporters/markdown.ts';
import { verifyFolder } from './papers.ts';
import type { Host } from './terminal.ts';

/** What a report shows: the run as it was sealed, or with the papers as of its decision, or as of now. */
export type AsOf = 'seal' | 'decision' | 'now';

/** What people open; report.json stays as it was sealed, because signatures cover it. */
const FOR_PEOPLE: readonly Reporter[] = [html, markdown];

/** An unfinished run has no papers. Throws RUN_NOT_SEALED, PAPERS_DAMAGED where the files do not hold together, USAGE as of a decision that nobody has made. */
export function viewAsOf(folder: RunFolder, asOf: AsOf, approvers: Approvers | undefined, now: Date): RunView {
  const run = examine(runInFolder(folder));
  if (isExamined(run)) {
    const view = viewOf(folder);
    if (asOf === 'seal') return view;
    const papers = runPapers({ run, approvers, asOf, verification: verifyFolder(folder, approvers, now) });
    if (papers !== undefined) return { ...view, papers };
    throw new GateError('USAGE', `Nothing has been decided on ${folder.id}, so there is no report as of its decision.`, {
      remedy: 'Leave --as-of out for the papers as of now, or record the decision with naap-gate decide.',
    });
  }
  if (run.some(({ code }) => code === 'NOT_SEALED')) {
    if (asOf === 'now') return viewOf(folder);
    throw new GateError('RUN_NOT_SEALED', `Run ${folder.id} is not finished, so there is no report as of its ${asOf}.`, {
      remedy: 'Finish it with --resume, or leave --as-of out.',
    });
  }
  throw new GateError(
    'PAPERS_DAMAGED',
    `No report is made of ${folder.id}, because its files do not hold together:\n${run.map(({ text }) => `  - ${text}`).join('\n')}`,
    {
      remedy: 'Restore them from a bundle or a backup; naap-gate verify says when they hold.',
    },
  );
}

export function rendered(reporter: Reporter, view: RunView, folder: RunFolder): string | Uint8Array {
  return reporter.render(view, (digest) => readArtifact(folder, digest));
}

/** Whole or not at all: somebody may have the old file open. Throws DISK. */
export function writeReport(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  } catch (cause) {
    rmSync(`${path}.new`, { force: true });
    throw new GateError('DISK', `${path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      remedy: 'Give another file with -o.',
      cause,
    });
  }
}

/** report.html and report.md as of now; answers their paths. */
export function renewReports(folder: RunFolder, approvers: Approvers | undefined, now: Date): string[] {
  const view = viewAsOf(folder, 'now', approvers, now);
  return FOR_PEOPLE.map((reporter) => {
    const path = join(folder.path, reporter.file);
    writeReport(path, rendered(reporter, view, folder));
    return path;
  });
}

/** After something was added. It stands in the ledger already, so a report that fails is said and takes nothing back. */
export function renewAfterAdding(folder: RunFolder, approvers: Approvers | undefined, host: Host): void {
  try {
    renewReports(folder, approvers, new Date());
    host.stdout.write(`report.html and report.md of ${folder.id} show it.\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    host.stderr.write(`It is recorded, but the reports could not be made anew and are as before: ${why}\nTry again: naap-gate report ${folder.id}\n`);
  }
}
