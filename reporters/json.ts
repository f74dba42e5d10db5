// report.json: the report itself, for machines; keys in the order of its schema.
import { GateError, RunReport } from '../gates/model.ts';
import type { Reporter } from '../gates/model.ts';

/** Throws GateError INTERNAL where the report does not fit its own schema: better no file than one that lies about its version. */
function render(report: RunReport): string {
  const parsed = RunReport.safeParse(report);
  if (!parsed.success) {
    throw new GateError('INTERNAL', `The report of run ${report.run} does not fit its schema.`, {
      remedy: 'Keep the journal and report this as a defect of naap-gate.',
      cause: parsed.error,
    });
  }
  return `${JSON.stringify(parsed.data, null, 2)}\n`;
}

export const json: Reporter = { format: 'json', file: 'report.json', render: (view) => render(view.report) };
