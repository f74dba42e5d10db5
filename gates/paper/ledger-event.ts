// Every event that a ledger may hold: what people add to a run after its seal (DESIGN §4). Read by verify, written by evidence, signoff and decide.
import { z } from 'zod';
import { Envelope } from '../signing/dsse.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');
const name = z.string().min(1).max(200);

/** A file is kept with the run. An address is only written down: nothing is fetched, and without a digest what stands there may change. */
export const EvidenceSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), name, sha256: digest, bytes: z.int().min(1), mediaType: name }),
  z.strictObject({ kind: z.literal('url'), url: z.url({ protocol: /^https?$/ }).max(2000), sha256: digest.optional() }),
]);
export type EvidenceSource = z.infer<typeof EvidenceSource>;

/** Something that a conditional decision asks for. `due`: its last day. */
export const Condition = z.strictObject({ text: z.string().min(1).max(1000), owner: name, due: z.iso.date() });
export type Condition = z.infer<typeof Condition>;

export const Outcome = z.enum(['go', 'no-go', 'conditional']);
export type Outcome = z.infer<typeof Outcome>;

/** First line: which journal (by the digest of its last line) and which report.json this ledger stands on. `by`: who ran the gate, as the machine or the CI calls them. */
export const LedgerOpened = z.strictObject({ type: z.literal('ledger.opened'), run: z.string(), seal: digest, report: digest, by: name.optional() });
/** `rule`: which of the criterion's evidence rules it answers, counted from 0. */
export const EvidenceAdded = z.strictObject({
  type: z.literal('evidence.added'),
  criterion: z.string(),
  rule: z.int().min(0),
  source: EvidenceSource,
  by: name,
});
/** All that counts stands in the signed statement; the fields beside it are for reading, and must agree with it. */
export const SignedOff = z.strictObject({
  type: z.literal('signoff'),
  role: name,
  criteria: z.array(z.string()).min(1),
  decision: z.enum(['approve', 'reject']),
  reason: z.string().min(1).max(2000).optional(),
  expiresAt: z.iso.datetime().nullable(),
  keyId: z.string(),
  envelope: Envelope,
});
/** What the meeting decided. `signed`: by whom, where somebody did. */
export const Decided = z.strictObject({
  type: z.literal('decision'),
  outcome: Outcome,
  conditions: z.array(Condition),
  by: name,
  signed: z.strictObject({ role: name, keyId: z.string(), envelope: Envelope }).optional(),
});
/** Words for the record; they change nothing. */
export const Noted = z.strictObject({ type: z.literal('note'), text: z.string().min(1).max(5000), by: name });

export const LedgerEvent = z.discriminatedUnion('type', [LedgerOpened, EvidenceAdded, SignedOff, Decided, Noted]);
export type LedgerOpened = z.infer<typeof LedgerOpened>;
export type EvidenceAdded = z.infer<typeof EvidenceAdded>;
export type SignedOff = z.infer<typeof SignedOff>;
export type Decided = z.infer<typeof Decided>;
export type LedgerEvent = z.infer<typeof LedgerEvent>;
