// Holds the plan's text against the gates, both ways: no row without a criterion, no criterion without a row, in the plan's words and order.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Gate } from '../model.ts';
import { coreRollbackTriggers } from './core-database-cutover.ts';
import { gates } from './index.ts';
import { CRITICAL_PATHS } from './measures.ts';
import { risks } from './risks.ts';
import { STANDING } from './standing.ts';
import { PHASES, RISKS, TEAM, TRIGGERS, type PlanRow, differences, isDeliverable, readPlan } from './testing/plan-document.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const COPY = join(ROOT, 'docs', 'plan', 'naap-vercel-migration-plan.md');
/** Where the plan is kept outside the repository; not on every machine. */
const ORIGINAL = join(ROOT, '..', 'shared', 'plan', 'naap-vercel-migration-plan.md');

const markdown = readFileSync(COPY, 'utf8');
const lines = markdown.split('\n');
const plan = readPlan(markdown);
const data = rowsOfData(gates);

function isPhase({ id }: Gate): boolean {
  return /^phase\d$/.test(id);
}

/** The register in the plan's shape. */
function rowsOfData(all: readonly Gate[]): PlanRow[] {
  const words = (list: readonly string[], none: string): string => (list.length === 0 ? none : list.join(', '));
  return [
    ...all.flatMap(({ id, criteria }) =>
      criteria.filter(({ section }) => section !== STANDING).map(({ section, text, source }) => ({ list: id, section, text, source })),
    ),
    ...coreRollbackTriggers.map(({ text, source }) => ({ list: TRIGGERS, section: TRIGGERS, text, source })),
    ...risks.map(({ risk, probability, impact, mitigation, contingency }) => ({
      list: RISKS,
      section: '',
      text: [risk, probability, impact, mitigation, contingency].join(' | '),
      source: '',
    })),
    ...all.filter(isPhase).map(({ id, title, objective }) => ({ list: PHASES, section: id, text: `${title} | ${objective}`, source: '' })),
    ...all.filter(isPhase).map(({ id, team }) => ({
      list: TEAM,
      section: id,
      text: [team?.lead, words(team?.reviewers ?? [], 'N/A'), words(team?.onCall ?? [], 'N/A')].join(' | '),
      source: '',
    })),
  ];
}

test('every row of the plan has its criterion, every criterion its row, in the same words and order', () => {
  expect(differences(plan, data)).toEqual([]);
});

test.skipIf(!existsSync(ORIGINAL))('the copy of the plan is the plan', () => {
  expect(markdown).toBe(readFileSync(ORIGINAL, 'utf8'));
});

test('the rows are as many as the issue counts', () => {
  const count = (select: (row: PlanRow) => boolean): number => plan.filter(select).length;
  const phase = (n: number): number => count((row) => row.list === `phase${n}` && !isDeliverable(row));
  expect([0, 1, 2, 3, 4, 5, 6, 7].map(phase)).toEqual([15, 19, 20, 21, 19, 16, 17, 27]);
  expect({
    checklists: count((row) => row.list.startsWith('phase') && !isDeliverable(row)),
    deliverables: count(isDeliverable),
    cutover: count(({ list }) => list.startsWith('cutover-t')),
    coreDatabase: count(({ list }) => list.startsWith('cutover-db')),
    triggers: count(({ list }) => list === TRIGGERS),
    metrics: count(({ list }) => list === 'success'),
    approvals: count(({ list }) => list === 'plan'),
    risks: count(({ list }) => list === RISKS),
  }).toEqual({ checklists: 154, deliverables: 53, cutover: 29, coreDatabase: 12, triggers: 3, metrics: 13, approvals: 4, risks: 7 });
});

test('no box to tick in the plan is left unread', () => {
  const boxes = lines.flatMap((line, index) => (line.startsWith('- [ ]') ? [index] : []));
  const read = new Set(plan.map(({ line }) => line));
  expect(boxes.filter((index) => !read.has(index))).toEqual([]);
  expect(plan.filter(({ list }) => list === 'unknown')).toEqual([]);
});

describe('every row, one by one,', () => {
  const reread = (change: (copy: string[]) => void): string[] => {
    const copy = [...lines];
    change(copy);
    return differences(readPlan(copy.join('\n')), data);
  };
  const isTold = (found: readonly string[], where: string, text: string): boolean => found.some((one) => one.startsWith(where) && one.includes(text));
  /** Rows of which the comparison says nothing, or not enough. */
  const unseen = <Row>(rows: readonly Row[], isSeen: (row: Row, index: number) => boolean): Row[] => rows.filter((row, index) => !isSeen(row, index));

  test('is missed when it is deleted from the plan', () => {
    expect(
      unseen(plan, ({ line = 0, text }) =>
        isTold(
          reread((copy) => copy.splice(line, 1)),
          'in the data, not in the plan',
          text,
        ),
      ),
    ).toEqual([]);
  });

  test('is seen when it is reworded in the plan', () => {
    const reword = (line: string): string => line.replace(/\w(?=\W*(_+ Date: _+|\|)?$)/, '$&s');
    const isSeen = ({ line = 0, text }: PlanRow): boolean => {
      const found = reread((copy) => (copy[line] = reword(lines[line] ?? '')));
      return reword(lines[line] ?? '') !== lines[line] && found.length === 2 && isTold(found, 'in the data, not in the plan', text);
    };
    expect(unseen(plan, isSeen)).toEqual([]);
  });

  test('is seen when the heading above it is reworded in the plan', () => {
    const isSeen = ({ line = 0, section }: PlanRow): boolean => {
      const words = section.replace('Deliverables: ', '');
      const heading = lines.findLastIndex((text, index) => index < line && /^(#|\*\*)/.test(text) && text.includes(words));
      return heading >= 0 && reread((copy) => (copy[heading] = (lines[heading] ?? '').replace(words, `${words} indeed`))).length > 0;
    };
    expect(
      unseen(
        plan.filter(({ list }) => ![PHASES, RISKS, TEAM].includes(list)),
        isSeen,
      ),
    ).toEqual([]);
  });

  test('is missed when it is deleted from the data', () => {
    expect(unseen(data, ({ text }, index) => isTold(differences(plan, data.toSpliced(index, 1)), 'in the plan, not in the data', text))).toEqual([]);
  });

  test.each(['text', 'section', 'source'] as const)('is seen when its %s is changed in the data', (part) => {
    expect(unseen(data, (row, index) => differences(plan, data.with(index, { ...row, [part]: `${row[part]} indeed` })).length === 2)).toEqual([]);
  });

  test('is seen when it changes places with the next of its list, on either side', () => {
    const isSeen = (rows: readonly PlanRow[], compare: (changed: PlanRow[]) => string[], index: number): boolean => {
      const [row, next] = [rows[index], rows[index + 1]];
      if (row === undefined || next === undefined || next.list !== row.list || isDeliverable(next) !== isDeliverable(row)) return true;
      return compare(rows.with(index, next).with(index + 1, row)).join() === `in another order: ${row.list}`;
    };
    expect(unseen(data, (_, index) => isSeen(data, (changed) => differences(plan, changed), index))).toEqual([]);
    expect(unseen(plan, (_, index) => isSeen(plan, (changed) => differences(changed, data), index))).toEqual([]);
  });
});

test('a checklist that the plan gains is seen', () => {
  const gained = `${markdown}\n\`\`\`markdown\n## Phase 8 Completion Checklist\n\n### Functionality\n- [ ] All is well\n\`\`\`\n- [ ] And a box by itself\n`;
  expect(differences(readPlan(gained), data)).toHaveLength(2);
});

test('the critical paths are the ten of the plan', () => {
  const listed = /export const criticalPaths = \[([^\]]*)\]/.exec(markdown)?.[1] ?? '';
  expect([...listed.matchAll(/'([^']+)'/g)].map(([, id]) => id)).toEqual([...CRITICAL_PATHS]);
});

test('a gate waits for the signatures that its checklist asks for', () => {
  for (const { criteria, approvers } of gates.filter(isPhase)) {
    const signed = criteria.filter(({ section }) => /^(Final )?Sign-off$/.test(section)).map(({ text }) => text);
    expect(approvers).toEqual(signed);
  }
});

test('deliverables are optional, everything else is required', () => {
  for (const criterion of gates.flatMap(({ criteria }) => criteria))
    expect([criterion.id, criterion.required]).toEqual([criterion.id, !isDeliverable(criterion)]);
});
