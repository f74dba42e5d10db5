// A run with what people have settled since its seal, for reports that people read; the sealed report itself stays as it is.
import { countStates } from '../gates/lattice.ts';
import type { PaperWait, RunPapers, RunReport, RunView } from '../gates/model.ts';

/** Rows, verdict, headline and counts as of the papers, where there are any. */
export function settledReport({ report, papers }: RunView): RunReport {
  if (papers === undefined) return report;
  const { criteria, verdict, headline, waiting } = papers;
  return {
    ...report,
    criteria: [...criteria],
    verdict,
    headline,
    counts: countStates(criteria),
    pending: waiting.map((wait) => ({ criterion: wait.criterion, waitsFor: waitsFor(wait, papers) })),
  };
}

function waitsFor({ criterion, role, text }: PaperWait, { evidence }: RunPapers): string {
  if (role !== undefined) return `Waits for the signature of the ${role}.`;
  const awaited = evidence.filter((one) => one.criterion === criterion && one.state === 'awaited');
  return awaited.length === 0 ? text : `Waits for a document: ${awaited.map(({ describe }) => describe).join(' ')}`;
}
