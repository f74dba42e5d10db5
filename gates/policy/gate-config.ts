// What the configuration may say about a gate (DESIGN §7): zod schemas and their types. Read by cli/config; applied by configured-gates.ts.
import { z } from 'zod';
import { Binding, Enforcement, EvidenceRule, Expectation, Rounds, Statistic } from '../model/criterion.ts';
import { Profile } from '../model/verdicts.ts';

const words = z.string().trim().min(1, 'a text was expected');

/** Another number in the place of a criterion's limit. `check`, `metric` and `statistic` say which limit is meant where the criterion has several. */
export const LimitChange = z.strictObject({
  /** In the metric's unit. */
  value: z.number(),
  reason: words,
  owner: words,
  /** Last day, UTC. */
  until: z.iso.date('a day such as 2026-12-31 was expected'),
  check: z.string().optional(),
  metric: z.string().optional(),
  statistic: Statistic.optional(),
});
export type LimitChange = z.infer<typeof LimitChange>;

const StrictExpectation = z
  .discriminatedUnion('kind', Expectation.options.map((option) => option.strict()) as unknown as typeof Expectation.options)
  .refine((expect) => expect.kind !== 'limit' || expect.changed === undefined, '"changed" is set by `limits` alone');
const StrictRule = z.discriminatedUnion('kind', EvidenceRule.options.map((option) => option.strict()) as unknown as typeof EvidenceRule.options);
const StrictEnforcement = z.discriminatedUnion('mode', Enforcement.options.map((option) => option.strict()) as unknown as typeof Enforcement.options);

/** A criterion that the plan has not. Exactly one of `measured`, `evidence` and `attested`. */
export const OwnCriterion = z
  .strictObject({
    /** `<gate>.<section>.<row>`, kebab-case. */
    id: z.string().regex(/^[a-z0-9+-]+(\.[a-z0-9+-]+)+$/, 'kebab-case words joined by dots, such as phase3.own.search-latency'),
    text: words,
    section: words.optional(),
    /** Where the demand comes from. */
    source: words.optional(),
    /** Default true. */
    required: z.boolean().optional(),
    /** Default both. */
    profiles: z.array(Profile).min(1).optional(),
    note: words.optional(),
    measured: z
      .array(Binding.extend({ expect: StrictExpectation, rounds: Rounds.strict().optional() }).strict())
      .min(1)
      .optional(),
    evidence: z.array(StrictRule).min(1).optional(),
    /** The role that signs. */
    attested: words.optional(),
  })
  .refine(
    ({ measured, evidence, attested }) => [measured, evidence, attested].filter((kind) => kind !== undefined).length === 1,
    'exactly one of measured, evidence and attested was expected',
  );
export type OwnCriterion = z.infer<typeof OwnCriterion>;

/** A gate of the plan takes `limits`, `required`, `add` and `enforce`; a gate of one's own `title`, `criteria`, `objective`, `approvers` and `enforce`. */
export const GateConfig = z.strictObject({
  /** By criterion id; a list where several limits of one criterion change. */
  limits: z
    .record(z.string(), z.union([LimitChange, z.array(LimitChange).min(1)], 'a changed limit, { value, reason, owner, until }, or a list of them was expected'))
    .optional(),
  /** By id: optional rows of the plan (deliverables) that this project requires. */
  required: z
    .record(
      z.string(),
      z.literal(true, { error: 'only true: a row of the plan is not made optional here, but declared in notApplicable, with owner and expiry' }),
    )
    .optional(),
  add: z.array(OwnCriterion).optional(),
  enforce: StrictEnforcement.optional(),
  title: words.optional(),
  objective: words.optional(),
  criteria: z.array(OwnCriterion).min(1).optional(),
  /** Roles whose sign-off the gate waits for. */
  approvers: z.array(words).optional(),
});
export type GateConfig = z.infer<typeof GateConfig>;

/** By gate id. */
export type GatesConfig = Readonly<Record<string, GateConfig>>;
