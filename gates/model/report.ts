// report.json: what a run proved, for machines (DESIGN §7). The JSON Schema in schema/ is generated from here.
import { z } from 'zod';
import { Enforcement, Expectation, Statistic } from './criterion.ts';
import { Decision } from './comparator.ts';
import { NotApplicable } from './environment.ts';
import { Case, Instrument, Item, Unit } from './measurement.ts';
import { Profile, SideName, State, Verdict } from './verdicts.ts';
import { WaiverOutcome } from './waiver.ts';

/** Why a state is what it is. Codes are stable; texts are for people. */
export const REASON_CODES = [
  'WITHIN_LIMIT',
  'LIMIT_EXCEEDED',
  'ALL_CASES_OK',
  'CASES_FAILED',
  'CASES_FLAKY',
  'CASES_NOT_RUN',
  'SET_EMPTY',
  'ITEMS_FOUND',
  'AS_BEFORE',
  'WORSE_THAN_BEFORE',
  'UNDECIDED',
  'NO_BASELINE',
  'NO_DATA',
  'TOO_FEW_SAMPLES',
  'NOT_A_NUMBER',
  'INSTRUMENT_SICK',
  'NOT_RUN',
  'PRECONDITION_MISSING',
  'SUBJECT_CHANGED',
  'NOT_IDENTIFIED',
  'NO_CHECK_YET',
  'CHECK_ERROR',
  'CHECK_TIMEOUT',
  'INTERRUPTED',
  'AWAITS_EVIDENCE',
  'AWAITS_SIGNATURE',
  'EVIDENCE_ACCEPTED',
  'EVIDENCE_FAILED',
  'SIGNED',
  'REJECTED',
  'NOT_IN_PROFILE',
  'NOT_SELECTED',
  'EFFECT_NOT_ALLOWED',
  'NO_LOAD_CONSENT',
  'LOAD_CAP',
  'UNTRUSTED',
  'DECLARED_NOT_APPLICABLE',
  'NOT_APPLICABLE_EXPIRED',
  'WAIVED',
  'LIMIT_CHANGE_EXPIRED',
] as const;
export const Reason = z.object({ code: z.enum(REASON_CODES), text: z.string() });
export type Reason = z.infer<typeof Reason>;

export const Interval = z.object({ low: z.number(), high: z.number(), level: z.number() });
export type Interval = z.infer<typeof Interval>;

/** One binding (or one label set of it) judged. */
export const CriterionResult = z.object({
  check: z.string(),
  metric: z.string(),
  labels: z.object({ side: SideName.optional(), route: z.string().optional(), subject: z.string().optional() }),
  statistic: Statistic.optional(),
  /** The number that was judged, in `unit`; absent where there is none. */
  value: z.number().optional(),
  unit: Unit.optional(),
  n: z.int().min(0),
  expect: Expectation,
  /** 95 % confidence interval of `value`, where the shape allows one. */
  interval: Interval.optional(),
  comparison: Decision.optional(),
  /** Failed, flaky and not-run cases, at most 50; `totalCases` counts all. */
  cases: z.array(Case).optional(),
  totalCases: z.int().optional(),
  items: z.array(Item).optional(),
  totalItems: z.int().optional(),
  /** What it does not prove that nothing was found. */
  leavesOpen: z.string().optional(),
  verdict: Verdict,
  reason: Reason,
  instrument: Instrument.optional(),
  /** SHA-256 of artifacts that the figure rests on. */
  artifacts: z.array(z.string()),
});
export type CriterionResult = z.infer<typeof CriterionResult>;

export const CriterionReport = z.object({
  id: z.string(),
  gate: z.string(),
  section: z.string(),
  text: z.string(),
  source: z.string(),
  kind: z.enum(['measured', 'evidence', 'attested']),
  required: z.boolean(),
  state: State,
  reason: Reason,
  note: z.string().optional(),
  results: z.array(CriterionResult),
});
export type CriterionReport = z.infer<typeof CriterionReport>;

/** What was judged. A field is null where the application does not tell it. */
export const Subject = z.object({ commit: z.string().nullable(), deploymentId: z.string().nullable(), schemaVersion: z.string().nullable() });
export type Subject = z.infer<typeof Subject>;

/** Something wrong with what was to be judged, found by the probe, or with the policy, found at plan. `scope`: what it makes unmeasurable. */
export const Problem = z.object({
  code: z.string(),
  text: z.string(),
  remedy: z.string().optional(),
  /** What cannot be measured because of it. `verdicts`: whatever only reads is measured, and decides nothing. */
  scope: z.enum(['all', 'database:target', 'legacy', 'verdicts', 'nothing']),
});
export type Problem = z.infer<typeof Problem>;

/** Files of the policy, from the root of what is judged; absent where there is none, or where it lies elsewhere. */
export const PolicyFiles = z.object({ config: z.string().optional(), waivers: z.string().optional() });
export type PolicyFiles = z.infer<typeof PolicyFiles>;

export const Attempt = z.object({
  run: z.string(),
  startedAt: z.iso.datetime(),
  verdict: Verdict.nullable(),
  exitCode: z.int().nullable(),
  sealed: z.boolean(),
  reason: z.string(),
});
export type Attempt = z.infer<typeof Attempt>;

/** One execution of a check, for "where the time went". */
export const ExecutionReport = z.object({
  id: z.string(),
  check: z.string(),
  startedAt: z.iso.datetime().nullable(),
  seconds: z.number().nullable(),
  rounds: z.int(),
  requests: z.int(),
  outcome: z.enum(['measured', 'error', 'timeout', 'interrupted', 'not-run']),
  why: z.string(),
});
export type ExecutionReport = z.infer<typeof ExecutionReport>;

export const RunReport = z.object({
  schemaVersion: z.literal(1),
  run: z.string(),
  gate: z.string(),
  title: z.string(),
  environment: z.string(),
  target: z.string(),
  subject: Subject,
  /** `partial`: rows were deferred; can pass in CI, can be neither signed nor promoted. */
  scope: z.enum(['complete', 'partial']),
  profile: Profile,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  sealed: z.boolean(),
  verdict: Verdict,
  headline: z.string(),
  exitCode: z.int(),
  /** The exit code that the verdict leads to where the gate blocks; set in report mode alone. */
  enforcedExitCode: z.int().optional(),
  counts: z.record(State, z.int()),
  criteria: z.array(CriterionReport),
  executions: z.array(ExecutionReport),
  instruments: z.array(Instrument),
  /** All that are for this gate on this environment, whatever became of them. */
  waivers: z.array(WaiverOutcome),
  enforcement: Enforcement,
  files: PolicyFiles.optional(),
  pending: z.array(z.object({ criterion: z.string(), waitsFor: z.string() })),
  notApplicable: z.array(NotApplicable.extend({ criterion: z.string() })),
  attempts: z.array(Attempt),
  problems: z.array(Problem),
  artifacts: z.array(z.object({ sha256: z.string(), name: z.string(), mediaType: z.string(), bytes: z.int() })),
  machine: z.object({ tool: z.string(), node: z.string(), platform: z.string(), cpus: z.int(), memoryMiB: z.int() }),
  digests: z.object({ config: z.string(), policy: z.string(), baselines: z.string().nullable() }),
});
export type RunReport = z.infer<typeof RunReport>;
