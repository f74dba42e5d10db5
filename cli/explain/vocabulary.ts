// The words of the model in whole sentences: statistics, shapes, effects, needs, locks, profiles, kinds of evidence, exit codes. Read by the pages of explain.
import type { Effect, EvidenceRule, Lock, Need, Profile, Shape, Statistic } from '../../gates/model.ts';

export const STATISTIC_WORDS: Readonly<Record<Statistic, string>> = {
  value: '',
  count: 'the number',
  rate: 'the share',
  mean: 'the mean',
  min: 'the smallest',
  max: 'the largest',
  p50: 'the median (P50)',
  p75: 'the P75',
  p90: 'the P90',
  p95: 'the P95',
  p99: 'the P99',
  p999: 'the P99.9',
};

export const SHAPE_WORDS: Readonly<Record<Shape, string>> = {
  samples: 'single figures',
  histogram: 'a histogram',
  proportion: 'so many of so many',
  set: 'a list of findings',
  cases: 'cases, each ok, failed, flaky or not run',
  value: 'one figure',
};

export const EFFECT_WORDS: Readonly<Record<Effect, string>> = {
  read: 'It only reads: requests that change nothing, and logins of the accounts that the environment names.',
  synthetic: 'It acts as named canary accounts on listed paths, capped and cleaned up: what production allows beside reading.',
  write: 'It writes objects that carry the tag of the run, and removes them at the end, on interrupt, and in the next run if it was killed.',
  load: 'It sends load: only with the consent of the environment (`load`), within its caps, and never to production.',
  disruptive: 'It disturbs what others use (cuts connections, restarts things): never in production.',
};

export const NEED_WORDS: Readonly<Record<Need, string>> = {
  accounts: 'accounts that can log in (`auth.accounts`)',
  'database:target': 'the target database (`databases.target`)',
  'databases:legacy': 'the legacy databases (`databases.legacy`)',
  'database:pooled': 'the way to the target through its pooler (`databases.target.pooled`)',
  'database:scratch': 'a scratch server, where a dump is restored into a new database (`databases.scratch`)',
  legacy: 'a live legacy side (`legacy: { web, api }`)',
  k6: 'k6',
  'cold-start': 'a sign by which a cold start is known (`surface.coldStart`)',
  browser: 'a Chromium on this machine (`browser: { path }`, or one that is found)',
};

export const LOCK_WORDS: Readonly<Record<Lock, string>> = {
  machine: 'the machine that measures',
  target: 'the target',
  'auth-quota': 'the rate limit of the auth routes',
  browser: 'the browser',
};

export const PROFILE_WORDS: Readonly<Record<Profile, string>> = {
  pr: 'Minutes, on every migration pull request: less load and fewer repetitions, load only where the target is on this machine. What minutes cannot prove is deferred, and a run with deferred rows cannot be signed.',
  full: 'What a gate meeting needs: every row, with the load and the repetitions that its limits ask for. The default.',
};

/** What a machine looks at in a document of this kind; nothing where a person reads it. */
export const EVIDENCE_WORDS: Readonly<Record<EvidenceRule['kind'], string>> = {
  document: 'Any file or address. It is kept with its digest; a person reads it.',
  'signed-run': 'A machine verifies the bundle: a signed run of that gate, by the approvers of the configuration.',
  coverage: "A machine reads Istanbul's coverage-summary.json or lcov and computes the share of covered lines itself.",
  openapi: 'A machine validates it as OpenAPI and looks for every route that the surface names.',
  junit: 'A machine reads the JUnit XML: at least one test ran, none failed, none ended in error.',
  runbook: 'A machine reads the Markdown: every required heading is there, with text below it.',
  'restore-log': 'A machine reads the log of the restore: something was restored, and it ended without errors.',
  'k6-summary': 'A machine reads the summary of k6: thresholds were set and held, and no iteration was dropped.',
  'axe-report': 'A machine reads the results of axe: the rules of WCAG 2.1 A and AA ran and found no violation.',
  'bundle-manifest': 'A machine reads the manifest of the build: files, with the digest in their names.',
};

export const EXIT_WORDS: Readonly<Record<string, { readonly title: string; readonly next: string }>> = {
  '0': { title: 'Passed, also with warnings or waivers; for other commands: done.', next: 'Nothing is to be done. Warnings and waivers stand in the report.' },
  '1': {
    title: 'A finding: a required row failed, or a verification does not hold.',
    next: 'See the rows that failed; `naap-gate explain CRITERION` tells what to do about each.',
  },
  '2': {
    title: 'The command line or the configuration is wrong; nothing was sent.',
    next: 'The message names the mistake and its remedy.',
  },
  '3': {
    title: 'It cannot be decided: rows are inconclusive or in error, or something that is needed is missing.',
    next: 'It is no pass and no finding. Supply what the reasons name, and run again. `naap-gate doctor --env NAME --gate GATE` looks for what is missing.',
  },
  '4': {
    title: 'Measured rows pass, and people are still awaited (only with --require-signoff).',
    next: 'The report lists who and what is awaited.',
  },
  '130': { title: 'Interrupted by Ctrl-C or SIGTERM.', next: 'What was measured is kept: the last line of the output is the command that goes on.' },
};
