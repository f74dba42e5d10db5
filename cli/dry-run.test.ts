// Every gate with the checks that are built, as --dry-run shows it. Here because neither gates/ nor reporters/ may import suites/.
import { expect, test } from 'vitest';
import { makePlan } from '../gates/plan.ts';
import { checksToCome, gates } from '../gates/phases/index.ts';
import { testEnvironment } from '../gates/test-environment.ts';
import { planText } from '../reporters/plan-text.ts';
import { checks } from '../suites/index.ts';

const withoutBreaks = (text: string): string => text.replaceAll(/\s+/gu, ' ');

test.each(gates.map((gate) => [gate.id, gate] as const))('the plan of %s shows every row: its words, its id, and how it would be proved', (_, gate) => {
  const plan = makePlan({ gate, environment: testEnvironment(), checks, checksToCome, profile: 'full', only: [], today: '2026-11-23' });
  const text = planText(plan, { width: 100, colour: false });
  expect(gate.criteria.length).toBeGreaterThan(0);
  expect(text).toContain(gate.criteria.length === 1 ? '1 criterion: ' : `${gate.criteria.length} criteria: `);
  const read = withoutBreaks(text);
  for (const { id, text: words, kind } of gate.criteria) {
    expect(read).toContain(` ${withoutBreaks(words)}`);
    expect(text).toMatch(new RegExp(`^ +${id.replaceAll('.', String.raw`\.`).replaceAll('+', String.raw`\+`)}$`, 'mu'));
    if ('evidence' in kind) for (const { describe } of kind.evidence) expect(read).toContain(withoutBreaks(describe));
    if ('attested' in kind) expect(read).toContain(kind.attested);
    if ('measured' in kind) for (const { check } of kind.measured) expect(read).toContain(` ${check}: `);
  }
});
