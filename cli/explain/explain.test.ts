// Every name has a page, and every page has all its parts: nothing empty, nothing undefined, nothing that the registers do not know.
import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type GateError, REASON_CODES } from '../../gates/model.ts';
import { gates } from '../../gates/phases/index.ts';
import { readKnown } from './known.ts';
import { lookUp, namesOf } from './look-up.ts';
import type { Block, Page } from './page.ts';
import { pageText } from './page-text.ts';

const known = await readKnown(gates);
const pageOf = (name: string, kind: Page['kind']): Page => {
  const page = lookUp(name, known).find((one) => one.kind === kind);
  if (page === undefined) throw new Error(`${name} has no page of the kind ${kind}.`);
  return page;
};
const headings = (page: Page): string[] => page.sections.map(({ heading }) => heading);
const plain = (page: Page, width = 100): string => pageText(page, { width, colour: false });

function wordsOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
      return [block.text];
    case 'items':
      return block.items;
    case 'pairs':
      return block.pairs.flat();
    case 'commands':
      return block.commands;
    default:
      return block satisfies never;
  }
}

/** The parts that a page must have, by its kind. */
const PARTS: Readonly<Record<Page['kind'], readonly string[]>> = {
  criterion: ['The row', 'What it proves', 'When it does not pass', 'Where the numbers come from'],
  check: ['What it proves'],
  suite: ['Its checks', 'To run them all'],
  metric: ['What it is', 'What is judged by it'],
  gate: ['What it is for', 'Its rows', 'How it is decided', 'Who signs', 'Who is there', 'To run it'],
  fault: ['What it is', 'Rows that must fail', 'What is switched', 'To see it'],
  risk: ['In the words of the plan', 'Criteria that watch it', 'When it comes true'],
  role: ['What it signs', 'How it signs'],
  trigger: ['What it says', 'How it is measured', 'What to do when it fires'],
  error: ['How it comes to that', 'How it looks', 'What to do', 'What follows'],
  reason: ['What it means', 'What to do', 'The state'],
  finding: ['What it means', 'What to do', 'How it counts'],
  state: ['What it means', 'How it counts', 'Reasons that lead to it'],
  'exit code': ['What to do'],
  word: ['What it means'],
};

describe.each(namesOf(known).map((name) => ({ name })))('$name', ({ name }) => {
  test('has pages with all their parts, none of them empty', () => {
    for (const page of lookUp(name, known)) {
      expect(headings(page)).toEqual(expect.arrayContaining([...PARTS[page.kind]]));
      expect(new Set(headings(page)).size).toBe(page.sections.length);
      const words = [page.id, page.title, ...page.sections.flatMap(({ heading, blocks }) => [heading, ...blocks.flatMap(wordsOf)])];
      expect(words.filter((word) => word.trim() === '' || /\bundefined\b|\bNaN\b|\[object/.test(word))).toEqual([]);
      for (const { blocks } of page.sections) expect(blocks.length).toBeGreaterThan(0);
    }
  });

  test('fits into 80 columns, but for single words and commands', () => {
    for (const page of lookUp(name, known)) {
      const commands = page.sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'commands' ? block.commands : [])));
      const wide = plain(page, 80)
        .split('\n')
        .filter((line) => line.length > 80 && !commands.includes(line.trim()) && line.trim().includes(' '));
      expect(wide).toEqual([]);
    }
  });
});

test('a measured row tells how, by which limit, with which settings and which fault it is proven to catch', () => {
  const page = pageOf('phase3.performance.p99-latency', 'criterion');
  expect(headings(page)).toEqual([
    'The row',
    'What it proves',
    'How it is measured',
    'It passes when all of this holds',
    'What it needs and does',
    'With which settings',
    'Where the numbers come from',
    'How it is known to find what it looks for',
    'When it does not pass',
    'Risks that it watches',
    'To run it alone',
  ]);
  expect(plain(page)).toMatch(/the P99 is < 500.ms/);
  expect(plain(page)).toContain('--fault api.p99-slow');
});

test('a row without a check says that it is not built, and never that it can pass', () => {
  const text = plain(pageOf('phase4.performance.message-latency', 'criterion'));
  expect(text).toMatch(/NO_CHECK_YET/);
});

test('a row for a document names the command that adds it, and one for a person the command that signs', () => {
  expect(plain(pageOf('phase3.documentation.error-codes', 'criterion'))).toContain('naap-gate evidence add phase3.documentation.error-codes FILE --run RUN');
  expect(plain(pageOf('phase3.review.security', 'criterion'))).toContain('naap-gate signoff RUN --role "Security Lead"');
  expect(plain(pageOf('phase3.standing.previous-phase', 'criterion'))).toContain('naap-gate evidence add phase3.standing.previous-phase phase2.tar --run RUN');
});

test('every gate, check, criterion, fault, error and reason code is among the names', () => {
  const names = new Set(namesOf(known));
  const wanted = [
    ...known.gates.flatMap(({ id, criteria }) => [id, ...criteria.map((criterion) => criterion.id)]),
    ...known.checks.map(({ id }) => id),
    ...known.faults.map(({ id }) => id),
    ...Object.keys(ERROR_CODES),
    ...REASON_CODES,
  ];
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test.each([
  ['target_unreachable', 'TARGET_UNREACHABLE'],
  ['SECURITY LEAD', 'Security Lead'],
  ['cutover t-0', 'cutover-t-0'],
  ['exit 3', '3'],
  ['connection-pool', 'connection-pool'],
  ['p50-latency', 'phase3.performance.p50-latency'],
  ['check-api-load.api-load.api-latency-p99', 'check-api-load.api-load.api-latency-p99'],
])('"%s" is found however it is written', (name, id) => {
  expect(lookUp(name, known)[0]?.id).toBe(id);
});

const refusal = (name: string): GateError => {
  try {
    lookUp(name, known);
  } catch (error) {
    return error as GateError;
  }
  throw new Error(`${name} was found.`);
};

test('a name that nothing has gets the nearest one, and where to look', () => {
  expect(refusal('phase3.performance.p99-latencies')).toMatchObject({
    code: 'USAGE',
    remedy: expect.stringMatching(/^Did you mean "phase3\.performance\.p99-latency"\? naap-gate list criteria/),
  });
  expect(refusal('')).toMatchObject({ code: 'USAGE' });
});

test('the end of several ids lists them rather than choosing one', () => {
  expect(refusal('review.security').message).toMatch(/phase0\.review\.security[\s\S]*phase4\.review\.security/);
});
