// Every event that a journal may hold. An event type that is not here is an error when read (DESIGN §4).
import { z } from 'zod';
import { Comparison } from './comparator.ts';
import { Binding, Criterion, Enforcement } from './criterion.ts';
import { NotApplicable } from './environment.ts';
import { Measurement, Payload, Shape, Unit } from './measurement.ts';
import { Attempt, CriterionReport, PolicyFiles, Problem, Reason, Subject } from './report.ts';
import { Profile, State, Verdict } from './verdicts.ts';
import { Waiver } from './waiver.ts';

export const JOURNAL_VERSION = 1;
/** Longest line, bytes; what is larger becomes an artifact. */
export const MAX_LINE_BYTES = 64 * 1024;

/** One check with one set of options: bindings that agree on both share it. */
export const PlannedExecution = z.object({
  id: z.string(),
  check: z.string(),
  options: z.unknown(),
  rounds: z.object({ min: z.int(), max: z.int(), budgetMs: z.int() }),
  seconds: z.number(),
  requests: z.int(),
  locks: z.array(z.string()),
  after: z.array(z.string()),
  needs: z.array(z.string()),
  timeoutMs: z.int().positive(),
  /** The check's own words on its metrics, kept so that a replay needs nothing but the journal. */
  metrics: z.record(
    z.string(),
    z.object({ title: z.string(), unit: Unit, shape: Shape, better: z.enum(['lower', 'higher']), repeatable: z.boolean().optional() }),
  ),
  /** Set when it will not run: `deferred`, or `inconclusive` where something it needs is missing. */
  skip: z.object({ state: State, reason: Reason }).optional(),
});
export type PlannedExecution = z.infer<typeof PlannedExecution>;

export const PlannedCriterion = z.object({
  criterion: Criterion,
  gate: z.string(),
  /** For measured criteria: the execution of each binding, in order; null where there is no check yet. */
  bindings: z.array(z.object({ binding: Binding, execution: z.string().nullable() })),
  /** Settled at plan: deferred, pending, not applicable, NO_CHECK_YET, precondition missing. */
  settled: z.object({ state: State, reason: Reason }).optional(),
});
export type PlannedCriterion = z.infer<typeof PlannedCriterion>;

export const Plan = z.object({
  gate: z.string(),
  title: z.string(),
  environment: z.string(),
  target: z.string(),
  profile: Profile,
  criteria: z.array(PlannedCriterion),
  executions: z.array(PlannedExecution),
  notApplicable: z.array(NotApplicable.extend({ criterion: z.string() })),
  /** For this gate on this environment, the expired too. */
  waivers: z.array(Waiver),
  /** In force on `today`: a report mode whose last day has passed enforces. */
  enforcement: Enforcement,
  /** What of the policy does not count any more: changed limits and a report mode whose last day has passed. */
  problems: z.array(Problem).optional(),
  /** Where the policy was read from: findings about it name the file. */
  files: PolicyFiles.optional(),
  /** Day of the plan, UTC: what has an expiry is held against it. */
  today: z.iso.date(),
});
export type Plan = z.infer<typeof Plan>;

/** A measurement as journalled: its payload inline, or as an artifact when large. */
export const JournalledMeasurement = Measurement.omit({ payload: true }).extend({
  payload: z.union([Payload, z.object({ shape: z.literal('artifact'), sha256: z.string() })]),
});
export type JournalledMeasurement = z.infer<typeof JournalledMeasurement>;

export const JournalEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run.started'),
    journalVersion: z.literal(JOURNAL_VERSION),
    run: z.string(),
    gate: z.string(),
    environment: z.string(),
    profile: Profile,
    /** The plan, as an artifact: what was to run, decided before anything ran. */
    plan: z.string(),
    digests: z.object({ config: z.string(), policy: z.string(), baselines: z.string().nullable() }),
    machine: z.object({ tool: z.string(), node: z.string(), platform: z.string(), cpus: z.int(), memoryMiB: z.int() }),
    requireSignoff: z.boolean(),
  }),
  /** `droppedBytes`: a torn tail that was cut off. */
  z.object({ type: z.literal('run.resumed'), droppedBytes: z.int().min(0) }),
  /** `problems`: what the probe found wrong, as error codes with remedies; `attempts`: earlier runs of this gate on this subject (only `before`). */
  z.object({
    type: z.literal('subject.observed'),
    when: z.enum(['before', 'after', 'resumed']),
    subject: Subject,
    problems: z.array(Problem),
    attempts: z.array(Attempt).optional(),
  }),
  z.object({ type: z.literal('artifact.stored'), sha256: z.string(), name: z.string(), mediaType: z.string(), bytes: z.int().min(0) }),
  z.object({ type: z.literal('check.started'), execution: z.string(), fromRound: z.int().min(0) }),
  z.object({ type: z.literal('measurement'), execution: z.string(), round: z.int().min(0), measurement: JournalledMeasurement }),
  /** All measurements of this round stand above; a round without this line is not used. */
  z.object({ type: z.literal('round.finished'), execution: z.string(), round: z.int().min(0), healthy: z.boolean() }),
  /** `labels`: the label set that was decided, where the binding judges each by itself. */
  z.object({
    type: z.literal('compared'),
    execution: z.string(),
    criterion: z.string(),
    binding: z.int().min(0),
    labels: z.object({ route: z.string().optional(), subject: z.string().optional() }).optional(),
    decision: Comparison,
  }),
  z.object({
    type: z.literal('check.finished'),
    execution: z.string(),
    outcome: z.enum(['measured', 'error', 'timeout']),
    why: z.string(),
    seconds: z.number(),
    requests: z.int(),
  }),
  z.object({ type: z.literal('criterion.judged'), criterion: CriterionReport }),
  z.object({
    type: z.literal('run.finished'),
    verdict: Verdict,
    headline: z.string(),
    exitCode: z.int(),
    scope: z.enum(['complete', 'partial']),
    counts: z.record(State, z.int()),
  }),
]);
export type JournalEvent = z.infer<typeof JournalEvent>;

/** What every line of a chain carries besides its event. `prev` is the SHA-256 of the line before, without its newline; 64 zeros in the first. */
export const Link = z.object({ seq: z.int().min(0), at: z.iso.datetime(), prev: z.string().regex(/^[0-9a-f]{64}$/) });
export type Link = z.infer<typeof Link>;
