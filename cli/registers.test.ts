// Holds the registers of gates/ and suites/ against each other, here because neither may import the other.
import { expect, test } from 'vitest';
import { CHECKS_TO_COME } from '../gates/phases/checks-to-come.ts';
import { coreRollbackTriggers } from '../gates/phases/core-database-cutover.ts';
import { gates } from '../gates/phases/index.ts';
import { checks } from '../suites/index.ts';

const bindings = gates.flatMap(({ criteria }) =>
  criteria.flatMap(({ id, kind }) =>
    'measured' in kind ? kind.measured.map(({ check, options, expect: { metric } }) => ({ criterion: id, check, metric, options })) : [],
  ),
);
const triggers = coreRollbackTriggers.map(({ id, check, metric }) => ({ criterion: id, check, metric, options: undefined }));

test('every check that a criterion is bound to is built or to come', () => {
  const known = new Set([...checks.map(({ id }) => id), ...Object.keys(CHECKS_TO_COME)]);
  expect([...bindings, ...triggers].filter(({ check }) => !known.has(check))).toEqual([]);
});

test('a check that is built is no longer to come: its line in gates/phases/checks-to-come.ts goes', () => {
  expect(checks.map(({ id }) => id).filter((id) => id in CHECKS_TO_COME)).toEqual([]);
});

test('every metric that a criterion expects of a built check is one that the check declares', () => {
  const undeclared = [...bindings, ...triggers].filter(({ check: id, metric }) => {
    const check = checks.find((one) => one.id === id);
    return check !== undefined && check.metrics[metric] === undefined;
  });
  expect(undeclared).toEqual([]);
});

test('the options of every binding are options of its check, in each profile', () => {
  for (const { check: id, options } of bindings) {
    const check = checks.find((one) => one.id === id);
    for (const preset of Object.values(check?.presets ?? {})) expect(check?.options.safeParse({ ...(preset as object), ...options }).success, id).toBe(true);
  }
});
