// report.sarif (SARIF 2.1.0): the findings of a run that stand in a file — of the repository, of its policy, or handed in as evidence. Everything else is in the other reports.
import type { Case, CriterionReport, CriterionResult, FilePlace, Item, Reporter, RunReport, RunView, WaiverOutcome } from '../gates/model.ts';
import { oneLine } from './plain-text.ts';
import { STATE_WORDS } from './wording.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** What paths are relative to. Code scanning takes %SRCROOT% for the checkout that the file is uploaded from. */
const ROOTS = {
  repository: { id: '%SRCROOT%', text: 'The root of the repository.' },
  run: { id: 'RUNFOLDER', text: 'The folder of the run, .naap-gate/runs/<run>.' },
} as const;

/** A finding in SARIF's words: `open` is what could not be decided, and has no level. */
interface Finding {
  readonly rule: string;
  readonly kind: 'fail' | 'open';
  readonly level: 'error' | 'warning' | 'note' | 'none';
  readonly text: string;
  /** What makes it the same finding in the next run. */
  readonly key: string;
  readonly root: keyof typeof ROOTS;
  readonly file: FilePlace;
  readonly accepted?: string;
}

function findingsOf({ report, papers }: RunView): Finding[] {
  const measured = report.criteria.flatMap((criterion) => criterion.results.flatMap((result) => resultFindings(criterion, result)));
  const waivers = report.waivers.flatMap((waiver) => waiverFinding(waiver, report));
  const expired = report.problems.flatMap((problem) => policyFinding(problem, report));
  const documents = (papers?.evidence ?? []).flatMap(({ criterion, state, text, source }) =>
    state === 'failed' && source?.sha256 !== undefined
      ? [finding(criterion, `${source.name}: ${text}`, source.name, { root: 'run', file: { path: `artifacts/${source.sha256}` } })]
      : [],
  );
  return [...measured, ...waivers, ...expired, ...documents];
}

function finding(rule: string, text: string, key: string, more: Partial<Finding> & Pick<Finding, 'file'>): Finding {
  return { rule, kind: 'fail', level: 'error', text: oneLine(text), key, root: 'repository', ...more };
}

function resultFindings(criterion: CriterionReport, { cases = [], items = [] }: CriterionResult): Finding[] {
  const accepted = criterion.state === 'waived' ? { accepted: criterion.reason.text } : {};
  const optional = criterion.required ? {} : ({ level: 'warning' } as const);
  return [
    ...cases.flatMap((one) =>
      one.file === undefined ? [] : [finding(criterion.id, `${one.id}: ${one.detail}`, one.id, { ...accepted, ...levelOf(one, optional), file: one.file })],
    ),
    ...items.flatMap(({ key, detail, file }: Item) =>
      file === undefined ? [] : [finding(criterion.id, `${key}: ${detail}`, key, { ...accepted, ...optional, file })],
    ),
  ];
}

function levelOf({ state }: Case, failed: Partial<Finding>): Partial<Finding> {
  switch (state) {
    case 'failed':
      return failed;
    case 'flaky':
      return { level: 'warning' };
    case 'not-run':
      return { kind: 'open', level: 'none' };
    case 'ok':
      return { level: 'note' };
    default:
      return state satisfies never;
  }
}

/** One that did its work is no finding. */
function waiverFinding({ criterion, state, text }: WaiverOutcome, { files }: RunReport): Finding[] {
  const file = files?.waivers;
  if (state === 'applied' || file === undefined) return [];
  return [finding(criterion, `Waiver (${state}): ${text}`, `waiver ${state}`, { level: 'warning', file: { path: file } })];
}

const POLICY_CODES = ['LIMIT_CHANGE_EXPIRED', 'REPORT_MODE_EXPIRED'];
function policyFinding({ code, text, remedy = '' }: RunReport['problems'][number], { files }: RunReport): Finding[] {
  const file = files?.config;
  return POLICY_CODES.includes(code) && file !== undefined ? [finding(code, `${text} ${remedy}`, text, { level: 'warning', file: { path: file } })] : [];
}

function sarifResult({ rule, kind, level, text, key, root, file, accepted }: Finding, rules: readonly string[]): object {
  const region = file.line === undefined ? {} : { region: { startLine: file.line } };
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    kind,
    level,
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file.path), uriBaseId: ROOTS[root].id }, ...region } }],
    partialFingerprints: { 'naapGateFinding/v1': `${rule} ${oneLine(key)}` },
    ...(accepted === undefined ? {} : { suppressions: [{ kind: 'external', status: 'accepted', justification: oneLine(accepted) }] }),
  };
}

function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function ruleOf(id: string, criteria: readonly CriterionReport[]): object {
  const criterion = criteria.find((one) => one.id === id);
  const text = criterion === undefined ? 'A part of the policy does not count any more.' : oneLine(criterion.text);
  return {
    id,
    shortDescription: { text },
    help: { text: `naap-gate explain ${id}` },
    ...(criterion === undefined ? {} : { properties: { section: criterion.section, source: criterion.source } }),
  };
}

function invocation({ startedAt, endedAt, exitCode, verdict, headline, sealed, problems }: RunReport): object {
  return {
    executionSuccessful: sealed && verdict !== 'error',
    startTimeUtc: startedAt,
    ...(endedAt === null ? {} : { endTimeUtc: endedAt }),
    exitCode,
    exitCodeDescription: `${STATE_WORDS[verdict]}: ${oneLine(headline)}`,
    toolExecutionNotifications: problems.map(({ code, text, remedy = '' }) => ({
      descriptor: { id: code },
      level: 'warning',
      message: { text: oneLine(`${text} ${remedy}`).trim() },
    })),
  };
}

function render(view: RunView): string {
  const { report } = view;
  const findings = findingsOf(view);
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const [name = '', version = ''] = report.machine.tool.split(' ');
  const run = {
    tool: { driver: { name, version, rules: rules.map((id) => ruleOf(id, report.criteria)) } },
    automationDetails: { id: `${name}/${report.gate}/${report.environment}/${report.run}` },
    invocations: [invocation(report)],
    originalUriBaseIds: Object.fromEntries(Object.values(ROOTS).map(({ id, text }) => [id, { description: { text } }])),
    results: findings.map((one) => sarifResult(one, rules)),
    properties: {
      about: 'Only findings with a file; the verdict and all rows are in report.json.',
      verdict: report.verdict,
      headline: report.headline,
      sealed: report.sealed,
    },
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

export const sarif: Reporter = { format: 'sarif', file: 'report.sarif', render };
