import { expect, test } from 'vitest';
import { GateError, RunReport } from '../gates/model.ts';
import { json } from './json.ts';
import { hostileRun } from './saved-runs/hostile.ts';
import { pass, savedRuns } from './saved-runs/index.ts';

const read = (): undefined => undefined;
const rendered = (view: typeof pass): string => String(json.render(view, read));

test.each(Object.entries(savedRuns))('report.json of "%s" holds the whole report and ends in a newline', (_name, view) => {
  expect(RunReport.parse(JSON.parse(rendered(view)))).toEqual(view.report);
  expect(rendered(view).endsWith('}\n')).toBe(true);
});

test('keys stand in the order of the schema, whatever order they came in', () => {
  const reversed = Object.fromEntries(Object.entries(pass.report).reverse()) as typeof pass.report;
  expect(rendered({ ...pass, report: reversed })).toBe(rendered(pass));
  expect(Object.keys(JSON.parse(rendered(pass)) as object)).toEqual(Object.keys(RunReport.shape).filter((key) => key in pass.report));
});

test('hostile text comes back as it was', () => {
  const view = hostileRun();
  expect(JSON.parse(rendered(view))).toEqual(JSON.parse(JSON.stringify(view.report)));
});

test('a report that does not fit its schema is refused, not written', () => {
  const broken = { ...pass, report: { ...pass.report, verdict: 'fine' as 'pass' } };
  expect(() => rendered(broken)).toThrow(GateError);
});
