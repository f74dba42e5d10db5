import { expect, test } from 'vitest';
import { sha256 } from '../gates/digest.ts';
import { GateError, type RunView } from '../gates/model.ts';
import { intoto } from './intoto.ts';
import { json } from './json.ts';
import { pass, savedRuns } from './saved-runs/index.ts';

const none = (): undefined => undefined;
const chain = { head: 'b'.repeat(64), plan: 'c'.repeat(64) };
interface Statement {
  readonly _type: string;
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicateType: string;
  readonly predicate: { readonly result?: string; readonly passedTests?: readonly string[]; readonly failedTests?: readonly string[]; readonly run?: string };
}
const statements = (view: RunView): Statement[] =>
  String(intoto.render({ ...view, chain }, none))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Statement);

test('two statements of in-toto on the same subjects: a test result, and the whole report', () => {
  const [result, run] = statements(pass);
  expect([result?._type, run?._type]).toEqual(['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v1']);
  expect([result?.predicateType, run?.predicateType]).toEqual(['https://in-toto.io/attestation/test-result/v0.1', 'https://naap-gate.dev/attestation/run/v1']);
  expect(run?.subject).toEqual(result?.subject);
  expect(run?.predicate).toEqual(pass.report);
  expect(result?.subject.find(({ name }) => name === 'report.json')?.digest).toEqual({ sha256: sha256(String(json.render(pass, none))) });
});

test.each(Object.entries(savedRuns))('"%s" is PASSED for standard tools only where the gate is a complete pass that waits for nobody', (_name, view) => {
  const [result] = statements(view);
  const { verdict, scope, sealed, pending, criteria } = view.report;
  expect(result?.predicate.result === 'PASSED').toBe(verdict === 'pass' && scope === 'complete' && sealed && pending.length === 0);
  expect(result?.predicate.passedTests).toEqual(criteria.filter(({ state }) => state === 'pass').map(({ id }) => id));
});

test('a run without a journal is not attested', () => {
  expect(() => intoto.render({ report: pass.report, measurements: pass.measurements }, none)).toThrow(GateError);
});
