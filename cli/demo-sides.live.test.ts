// Which sides the demo brings up, and a damage of migrated data from the command line to the journal, as a process.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunReport } from '../gates/model.ts';
import { type CommandFolder, commandFolder } from './testing/command.ts';

let commands: CommandFolder;
beforeAll(() => {
  commands = commandFolder();
});
afterAll(() => commands.remove());

async function phase1(...args: readonly string[]): Promise<{ readonly code: number | null; readonly report: RunReport }> {
  const { code, stdout } = await commands.run(['phase1', '--env', 'demo', '--profile', 'pr', '--json', '--quiet', ...args]);
  return { code, report: RunReport.parse(JSON.parse(stdout)) };
}

test('rows that compare with the legacy databases bring them up without being told, and pass', async () => {
  const { code, report } = await phase1('--only', 'row-counts', 'data-inventory', 'phase1.deliverables.core');
  const measured = report.criteria.filter(({ results }) => results.length > 0).map(({ id, state }) => `${id} ${state}`);
  expect([code, measured]).toEqual([0, ['phase1.data-integrity.row-counts pass', 'phase1.deliverables.data-inventory pass', 'phase1.deliverables.core pass']]);
}, 120_000);

test('a damage to the data fails its row, and is named by table, row and column with both values', async () => {
  const { code, report } = await phase1('--only', 'phase1.testing.data-integrity', '--fault', 'data.trailing-space');
  expect([code, report.verdict]).toEqual([1, 'fail']);
  expect(commands.everythingOf(report.run)).toMatch(/analytics\.Reading\[id=7\]\.a[\s\S]*target \\"left 7 \\"/);
}, 120_000);
