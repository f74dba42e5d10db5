// reporters/testing/sarif-2.1.0.schema.json is lib/schemas/sarif-2.1.0-rtm.5.json of the npm package @microsoft/jest-sarif 1.0.0-beta.0 (Microsoft, MIT): the schema of OASIS, as SchemaStore has it.
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import type { RunView } from '../gates/model.ts';
import { sarif } from './sarif.ts';
import { fail, savedRuns } from './saved-runs/index.ts';
import { hostileRun } from './saved-runs/hostile.ts';
import schema from './testing/sarif-2.1.0.schema.json' with { type: 'json' };

interface Result {
  readonly ruleId: string;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
      readonly region?: { readonly startLine: number };
    };
  }[];
  readonly suppressions?: readonly { readonly justification: string }[];
}
interface Run {
  readonly results: readonly Result[];
  readonly invocations: readonly { readonly executionSuccessful: boolean; readonly exitCode: number }[];
  readonly tool: { readonly driver: { readonly name: string; readonly version: string; readonly rules: readonly { readonly id: string }[] } };
}

/** The schema is of draft 4, from which draft 7 differs in nothing that it uses but the name of its id. */
const { $schema: _draft4, id: _id, ...draft7 } = schema;
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
(addFormats as unknown as (to: Ajv) => void)(ajv);
const validate = ajv.compile(draft7);

function runOf(view: RunView): Run {
  const document: unknown = JSON.parse(String(sarif.render(view, () => undefined)));
  validate(document);
  expect(validate.errors).toBeNull();
  return (document as { runs: [Run] }).runs[0];
}
const briefly = ({ ruleId, kind, level, message, locations: [place], suppressions = [] }: Result): string => {
  const at = place?.physicalLocation;
  const where = `${at?.artifactLocation.uriBaseId}/${at?.artifactLocation.uri}${at?.region === undefined ? '' : `:${at.region.startLine}`}`;
  return [`${kind} ${level}`, ruleId, where, message.text, ...suppressions.map(({ justification }) => `accepted: ${justification}`)].join(' | ');
};

/** The failing row of `fail` with findings that stand in files. */
function withFiles(state: 'fail' | 'waived', required = true): RunView {
  const [first] = fail.report.criteria.filter((criterion) => criterion.results.length > 0);
  const [result] = first?.results ?? [];
  if (first === undefined || result === undefined) throw new Error('The saved run has no result.');
  const results = [
    {
      ...result,
      cases: [
        { id: 'a', state: 'failed' as const, detail: 'wrong', file: { path: 'app/über cool.ts', line: 7 } },
        { id: 'b', state: 'flaky' as const, detail: 'again', file: { path: 'b.ts' } },
        { id: 'c', state: 'not-run' as const, detail: 'no login', file: { path: 'c.ts' } },
        { id: 'd', state: 'failed' as const, detail: 'no file' },
      ],
      items: [{ key: 'row 1', detail: 'orphan', file: { path: 'schema.prisma', line: 3 } }],
    },
  ];
  return {
    ...fail,
    report: { ...fail.report, criteria: [{ ...first, id: 'phase3.test.row', required, state, reason: { code: 'CASES_FAILED', text: 'Known.' }, results }] },
  };
}

test.each(Object.entries({ ...savedRuns, hostile: hostileRun() }))(
  'report.sarif of "%s" is valid, and without a finding in a file it has no results',
  (_name, view) => {
    const run = runOf(view);
    expect(run.results).toEqual([]);
    expect(run.tool.driver).toMatchObject({ name: 'naap-gate', version: '0.1.0', rules: [] });
    expect(run.invocations).toMatchObject([{ executionSuccessful: view.report.verdict !== 'error', exitCode: view.report.exitCode }]);
  },
);

test('a case and an item that stand in a file are results there; what could not be decided is open, and no failure', () => {
  const run = runOf(withFiles('fail'));
  expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(['phase3.test.row']);
  expect(run.results.map(briefly)).toEqual([
    'fail error | phase3.test.row | %SRCROOT%/app/%C3%BCber%20cool.ts:7 | a: wrong',
    'fail warning | phase3.test.row | %SRCROOT%/b.ts | b: again',
    'open none | phase3.test.row | %SRCROOT%/c.ts | c: no login',
    'fail error | phase3.test.row | %SRCROOT%/schema.prisma:3 | row 1: orphan',
  ]);
});

test('findings of a waived row are suppressed with the reason, and those of an optional row are warnings', () => {
  expect(runOf(withFiles('waived')).results.map(briefly)[0]).toBe(
    'fail error | phase3.test.row | %SRCROOT%/app/%C3%BCber%20cool.ts:7 | a: wrong | accepted: Known.',
  );
  expect(runOf(withFiles('fail', false)).results[0]).toMatchObject({ kind: 'fail', level: 'warning' });
});

test('waivers and limits that no longer count stand in the files of the policy, where the run knows them', () => {
  const waiver = { criterion: 'phase3.x', environment: 'staging', owner: 'o', reason: 'r', until: '2026-11-01' };
  const waivers = [
    { ...waiver, state: 'expired' as const, text: 'Ended on 2026-11-01.' },
    { ...waiver, state: 'applied' as const, text: 'Applied.' },
  ];
  const problems = [{ code: 'LIMIT_CHANGE_EXPIRED', text: 'The changed limit ended.', remedy: 'Renew it.', scope: 'nothing' as const }];
  const report = { ...fail.report, waivers, problems };
  expect(runOf({ ...fail, report }).results).toEqual([]);
  const files = { config: 'naap-gate.config.ts', waivers: 'ops/naap-gate.waivers.json' };
  expect(runOf({ ...fail, report: { ...report, files } }).results.map(briefly)).toEqual([
    'fail warning | phase3.x | %SRCROOT%/ops/naap-gate.waivers.json | Waiver (expired): Ended on 2026-11-01.',
    'fail warning | LIMIT_CHANGE_EXPIRED | %SRCROOT%/naap-gate.config.ts | The changed limit ended. Renew it.',
  ]);
});

test('evidence that failed its machine check is a result in the folder of the run', () => {
  const sha256 = 'a'.repeat(64);
  const evidence = [
    { criterion: 'phase3.docs', describe: 'JUnit', state: 'failed' as const, text: '1 of 3 failed.', source: { name: 'junit.xml', sha256, bytes: 3 } },
    { criterion: 'phase3.docs', describe: 'Address', state: 'failed' as const, text: 'no digest', source: { name: 'https://x' } },
    { criterion: 'phase3.docs', describe: 'Plan', state: 'ok' as const, text: 'fine', source: { name: 'plan.md', sha256, bytes: 3 } },
  ];
  const { report, measurements } = fail;
  const papers = {
    at: '2026-11-23T00:00:00.000Z',
    holds: false,
    findings: [],
    criteria: [],
    verdict: 'fail' as const,
    headline: '',
    signatures: [],
    evidence,
    waiting: [],
    approvers: [],
    notes: [],
  };
  expect(runOf({ report, measurements, papers }).results.map(briefly)).toEqual([
    `fail error | phase3.docs | RUNFOLDER/artifacts/${sha256} | junit.xml: 1 of 3 failed.`,
  ]);
});

test('the schema refuses what is no SARIF', () => {
  expect(validate({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
});
