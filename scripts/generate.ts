// Makes the generated files: JSON Schemas in schema/ and the reference tables in docs/. `--check` only compares and fails when one is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Config } from '../cli/config/schema.ts';
import { Waivers } from '../cli/config/waivers.ts';
import { FAULTS } from '../fixtures/faults/registry.ts';
import { ERROR_CODES, JournalEvent, Plan, REASON_MEANINGS, RunReport, STATE_MEANINGS } from '../gates/model.ts';
import { kindOf } from '../gates/judge.ts';
import { gates } from '../gates/phases/index.ts';
import { checks } from '../suites/index.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

const FILES: Readonly<Record<string, () => string>> = {
  'schema/report.schema.json': () => schema(RunReport, 'report.json of a naap-gate run'),
  'schema/plan.schema.json': () => schema(Plan, 'What `naap-gate <gate> --dry-run --json` prints'),
  'schema/journal-event.schema.json': () => schema(JournalEvent, 'One event of run.ndjson, without seq, at and prev'),
  'schema/config.schema.json': () => schema(Config, 'naap-gate.config.json'),
  'schema/waivers.schema.json': () => schema(Waivers, 'naap-gate.waivers.json'),
  'docs/reference.md': reference,
};

const stale = Object.entries(FILES).filter(([path, make]) => !isCurrent(join(ROOT, path), make()));
if (!check) for (const [path, make] of stale) write(join(ROOT, path), make());
if (stale.length > 0) process.stderr.write(`${check ? 'Stale; run "npm run generate"' : 'Written'}: ${stale.map(([path]) => path).join(', ')}\n`);
process.exitCode = check && stale.length > 0 ? 1 : 0;

function isCurrent(path: string, content: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === content;
}
function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
function schema(type: z.ZodType, title: string): string {
  return `${JSON.stringify({ title, ...z.toJSONSchema(type, { io: 'input' }) }, null, 2)}\n`;
}

function reference(): string {
  const criteria = gates.flatMap((gate) => [
    `### ${gate.title}`,
    '',
    `${gate.objective} (${gate.source})`,
    '',
    ...table(
      ['criterion', 'words of the plan', 'kind', 'checks'],
      gate.criteria.map((criterion) => [
        `\`${criterion.id}\``,
        criterion.text,
        kindOf(criterion),
        'measured' in criterion.kind ? [...new Set(criterion.kind.measured.map(({ check: id }) => `\`${id}\``))].join(', ') : '',
      ]),
    ),
    '',
  ]);
  const metrics = checks.flatMap((one) => [
    `### ${one.id}`,
    '',
    `${one.title}. ${one.about.proves}`,
    '',
    `**How.** ${one.about.how}`,
    '',
    `**Numbers.** ${one.about.source}`,
    '',
    `**Left open.** ${one.about.leavesOpen}`,
    '',
    `**When it fails.** ${one.about.whenItFails}`,
    '',
    `Effects: ${one.effects.join(', ')}. Alone on: ${one.locks.join(', ') || 'nothing'}. After: ${one.after.join(', ') || 'nothing'}.`,
    '',
    ...table(
      ['metric', 'what', 'unit', 'shape', 'better'],
      Object.entries(one.metrics).map(([id, metric]) => [`\`${id}\``, metric.title, metric.unit, metric.shape, metric.better]),
    ),
    '',
  ]);
  return [
    '# Reference',
    '',
    'Made by `npm run generate` from the registers; do not edit.',
    '',
    '## Gates and criteria',
    '',
    ...criteria,
    '## Checks and metrics',
    '',
    ...metrics,
    '## Faults of the twin',
    '',
    ...table(
      ['fault', 'what', 'must fail', 'may change'],
      FAULTS.map(({ id, title, must, may }) => [
        `\`${id}\``,
        title,
        must.join('<br>'),
        may.map(({ criterion, reason }) => `${criterion}: ${reason}`).join('<br>'),
      ]),
    ),
    '',
    '## States of a row',
    '',
    ...table(
      ['state', 'verdict', 'what it means'],
      Object.entries(STATE_MEANINGS).map(([state, { isVerdict, means }]) => [state, isVerdict ? 'yes' : 'no', means]),
    ),
    '',
    '## Reasons',
    '',
    ...table(
      ['code', 'state', 'what it means', 'what to do'],
      Object.entries(REASON_MEANINGS).map(([code, { state, means, next }]) => [`\`${code}\``, state, means, next]),
    ),
    '',
    '## Errors',
    '',
    ...table(
      ['code', 'what', 'how it comes to that', 'what to do', 'exit'],
      Object.entries(ERROR_CODES).map(([code, { title, cause, remedy, exit }]) => [`\`${code}\``, title, cause, remedy, String(exit)]),
    ),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
