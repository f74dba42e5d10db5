// report.json of a run as the tests of gates/ write it.
import { RunReport } from '../model.ts';
import type { RunFolder } from '../run-folder.ts';
import { viewOf } from '../view.ts';

export function render(folder: RunFolder): string {
  return `${JSON.stringify(RunReport.parse(viewOf(folder).report), null, 2)}\n`;
}
