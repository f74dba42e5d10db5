// The saved runs must be runs that the gate could have written; else the tests of reporters prove nothing.
import { expect, test } from 'vitest';
import { RunReport } from '../../gates/model.ts';
import { exitCodeOf, gateVerdict, headlineOf, scopeOf } from '../../gates/lattice.ts';
import { savedRuns } from './index.ts';

const runs = Object.entries(savedRuns);

test.each(runs)('the saved run "%s" is a valid report', (_name, { report }) => {
  expect(RunReport.parse(report)).toEqual(report);
});

test.each(runs)('verdict, scope, exit code and headline of the saved run "%s" are what the gate makes of its criteria', (_name, { report }) => {
  expect({ verdict: report.verdict, scope: report.scope, exitCode: report.exitCode, headline: report.headline }).toEqual({
    verdict: gateVerdict(report.criteria),
    scope: scopeOf(report.criteria),
    exitCode: exitCodeOf(report.verdict, report.counts.pending, false),
    headline: headlineOf(report.criteria),
  });
});
