// What a phase must prove: gates, criteria, bindings and expectations as data (DESIGN §5).
import { z } from 'zod';
import { Profile, SideName } from './verdicts.ts';

/** How a measurement becomes one number. `rate` = hits ÷ total. Quantiles and moments need samples or a histogram. */
export const Statistic = z.enum(['value', 'count', 'rate', 'mean', 'min', 'max', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999']);
export type Statistic = z.infer<typeof Statistic>;

export const Operator = z.enum(['<', '<=', '>', '>=', '==']);
export type Operator = z.infer<typeof Operator>;

const minSamples = z.int().min(1);

/**
 * Share (0.1 = 10 %) or amount in the metric's unit by which a side may be worse and still count as "as before".
 * `atLeast`: the least amount that the share stands for; a tenth of a figure that is tiny is below what can be measured, and nobody's loss.
 */
export const Tolerance = z.union([z.object({ ratio: z.number().min(0), atLeast: z.number().min(0).optional() }), z.object({ amount: z.number().min(0) })]);
export type Tolerance = z.infer<typeof Tolerance>;

/** Why a limit is not the plan's. `from`: the plan's own, in the metric's unit; `until`: its last day. */
export const ChangedLimit = z.object({ from: z.number(), reason: z.string().min(1), owner: z.string().min(1), until: z.iso.date() });
export type ChangedLimit = z.infer<typeof ChangedLimit>;

export const Expectation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('limit'),
    metric: z.string(),
    statistic: Statistic,
    op: Operator,
    value: z.number(),
    minSamples,
    /** Set where the configuration put another limit in the plan's place: "plan 500, here 650". */
    changed: ChangedLimit.optional(),
  }),
  /** Against a stored run. The direction belongs to the metric. */
  z.object({ kind: z.literal('baseline'), metric: z.string(), statistic: Statistic, tolerance: Tolerance, minSamples }),
  /** Against the live legacy side, measured in the same run. */
  z.object({ kind: z.literal('versus'), side: z.literal(SideName.enum.legacy), metric: z.string(), statistic: Statistic, tolerance: Tolerance, minSamples }),
  /** The set must be empty. */
  z.object({ kind: z.literal('none'), metric: z.string() }),
  /** The set may not grow against the baseline. */
  z.object({ kind: z.literal('no-new'), metric: z.string() }),
  /** Functional. `'all'`: every case that the check declares, and at least one. */
  z.object({ kind: z.literal('cases'), metric: z.string(), required: z.union([z.literal('all'), z.array(z.string()).min(1)]) }),
]);
export type Expectation = z.infer<typeof Expectation>;

export const Rounds = z.object({ min: z.int().min(1), max: z.int().min(1), budgetMs: z.int().min(1) });
export type Rounds = z.infer<typeof Rounds>;

export const Binding = z.object({
  check: z.string(),
  /** Overrides the check's preset of the profile; validated by the check's own schema at plan. */
  options: z.record(z.string(), z.unknown()).optional(),
  expect: Expectation,
  /** `each`: every label set is judged by itself and the worst counts. Default `overall`. */
  scope: z.enum(['overall', 'each']).optional(),
  rounds: Rounds.optional(),
});
export type Binding = z.infer<typeof Binding>;

/** What a document must be; every kind says it in words, and where a machine can look it carries what to look for. */
const describe = z.string().min(1);
export const EvidenceRule = z.discriminatedUnion('kind', [
  /** Any file or URL: a person reads it. */
  z.object({ kind: z.literal('document'), describe }),
  /** The bundle of a signed run of this gate, verified with the same approvers. */
  z.object({ kind: z.literal('signed-run'), describe, gate: z.string() }),
  /** `coverage-summary.json` or lcov. `minimum` is a share of the lines, 0…1; `exclusive`: the minimum itself is not enough. */
  z.object({ kind: z.literal('coverage'), describe, minimum: z.number().min(0).max(1), exclusive: z.boolean().optional() }),
  /**
   * Validates as OpenAPI and describes these routes. `endpoints`: only those whose id begins so; absent: all of the surface.
   * `routes` (`GET /api/v1/x`) is filled in at plan from the environment's surface, so that a bundle is verified without it.
   */
  z.object({ kind: z.literal('openapi'), describe, endpoints: z.string().min(1).optional(), routes: z.array(z.string()).optional() }),
  /** JUnit XML of the project's own tests: at least one ran, none failed, none in error. */
  z.object({ kind: z.literal('junit'), describe, suite: z.enum(['unit', 'integration', 'e2e']) }),
  /** Markdown that has headings which begin with these words, each with text below it that is no placeholder. */
  z.object({ kind: z.literal('runbook'), describe, headings: z.array(z.string()).min(1) }),
  /** What `pg_restore -v` or psql said while it restored into a database, and its exit status after it. */
  z.object({ kind: z.literal('restore-log'), describe }),
  /** k6's summary as JSON: requests sent, none dropped, no check failed, every threshold held. */
  z.object({ kind: z.literal('k6-summary'), describe }),
  /** axe-core's results as JSON: every rule of WCAG 2.1 A and AA was run, none is violated. */
  z.object({ kind: z.literal('axe-report'), describe }),
  /** What a bundler wrote of its output (Vite, Next.js, esbuild): every file has a hash of its content in its name. */
  z.object({ kind: z.literal('bundle-manifest'), describe }),
]);
export type EvidenceRule = z.infer<typeof EvidenceRule>;

export const CriterionKind = z.union([
  z.object({ measured: z.array(Binding).min(1) }),
  z.object({ evidence: z.array(EvidenceRule).min(1) }),
  /** The role that signs. */
  z.object({ attested: z.string() }),
]);
export type CriterionKind = z.infer<typeof CriterionKind>;

export const Criterion = z.object({
  /** `<gate>.<section>.<row>`, kebab-case. */
  id: z.string().regex(/^[a-z0-9+-]+(\.[a-z0-9+-]+)+$/),
  section: z.string(),
  /** The plan's own words. */
  text: z.string(),
  /** Where the row stands: `plan §3.6`. */
  source: z.string(),
  required: z.boolean(),
  profiles: z.array(Profile),
  /** Why the measurement differs from the words, when it does. */
  note: z.string().optional(),
  aliases: z.array(z.string()).optional(),
  kind: CriterionKind,
});
export type Criterion = z.infer<typeof Criterion>;

/** Who leads, reviews and is paged, in the words of plan, Appendix B: "Platform" is the lead of that field. Empty where it says N/A. */
export const Team = z.object({ lead: z.string(), reviewers: z.array(z.string()), onCall: z.array(z.string()) });
export type Team = z.infer<typeof Team>;

/** `report`: the gate says what it finds and blocks nobody until the end of that day. */
export const Enforcement = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('enforce') }),
  z.object({ mode: z.literal('report'), until: z.iso.date(), reason: z.string().min(1), owner: z.string().min(1) }),
]);
export type Enforcement = z.infer<typeof Enforcement>;

export const Gate = z.object({
  id: z.string(),
  title: z.string(),
  objective: z.string(),
  source: z.string(),
  criteria: z.array(Criterion),
  /** Roles whose sign-off the gate waits for. */
  approvers: z.array(z.string()),
  team: Team.optional(),
});
export type Gate = z.infer<typeof Gate>;
