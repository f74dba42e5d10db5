// A machine's look at the documents that people hand in, by kind of rule, and how each is got. Adding a rule adds one line to each table. Wired by cli/papers.ts.
import type { DocumentChecks, MachineRule } from '../../gates/model.ts';
import { judgeAxeReport } from './axe-report.rule.ts';
import { judgeBundleManifest } from './bundle-manifest.rule.ts';
import { judgeCoverage } from './coverage.rule.ts';
import { judgeJunit } from './junit.rule.ts';
import { judgeK6Summary } from './k6-summary.rule.ts';
import { judgeOpenapi } from './openapi.rule.ts';
import { judgeRestoreLog } from './restore-log.rule.ts';
import { judgeRunbook } from './runbook.rule.ts';

export const documentChecks: DocumentChecks = {
  coverage: judgeCoverage,
  openapi: judgeOpenapi,
  junit: judgeJunit,
  runbook: judgeRunbook,
  'restore-log': judgeRestoreLog,
  'k6-summary': judgeK6Summary,
  'axe-report': judgeAxeReport,
  'bundle-manifest': judgeBundleManifest,
};

/** What to hand in and how to make it: the remedy where a document is of no use. */
export const HOW_TO_GET: Readonly<Record<MachineRule['kind'], string>> = {
  coverage:
    'Hand in coverage-summary.json (vitest run --coverage --coverage.reporter=json-summary; jest --coverage --coverageReporters=json-summary) or lcov.info.',
  openapi: 'Hand in the OpenAPI 3 document of the API, as JSON or YAML, with all references within it.',
  junit:
    'Hand in JUnit XML: vitest run --reporter=junit --outputFile=junit.xml, playwright test --reporter=junit, jest with jest-junit, node --test --test-reporter=junit.',
  runbook: 'Hand in one Markdown file with the required headings; text, lists, tables and commands count as text below them, placeholders do not.',
  'restore-log':
    'Keep the log and the exit status of a real restore: { LC_ALL=C pg_restore -v -d DATABASE FILE; echo "exit status $?"; } > restore.log 2>&1 (with psql: -v ON_ERROR_STOP=1 -f FILE).',
  'k6-summary': 'Hand in what k6 run --summary-export FILE wrote, or the data of handleSummary as JSON; the script must have thresholds.',
  'axe-report':
    "Hand in axe-core's results as JSON, one object or an array of them: await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze().",
  'bundle-manifest':
    'Hand in manifest.json of Vite (build.manifest: true), build-manifest.json of Next.js, a metafile of esbuild, or {"files": [{"file": "main-4bd1b696.js", "bytes": 5120}]}.',
};
