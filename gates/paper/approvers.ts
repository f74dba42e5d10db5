// Who may sign for which role: the `approvers` of the configuration (DESIGN §7), checked and with their keys read. Called by cli/config, sign-off and verify.
import { z } from 'zod';
import { GateError } from '../model/errors.ts';
import { ed25519PublicKey, type PublicKey, sshPublicKey } from '../signing/public-key.ts';

const validity = {
  /** Names of the person: of the system's user, of the CI's account. Keys that share one belong to one person, who counts once. */
  names: z.array(z.string().min(1)).min(1).optional(),
  /** First and last day on which the key signs. A key that was lost is removed, not ended: what it signed must not stand. */
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
};
export const ApproverKey = z.union(
  [z.strictObject({ ssh: z.string().min(1), ...validity }), z.strictObject({ ed25519: z.string().min(1), ...validity })],
  'a key, { "ssh": "ssh-ed25519 …" } or { "ed25519": "…" }, with names, from and until where wanted',
);
export type ApproverKey = z.infer<typeof ApproverKey>;

const Role = z.strictObject({
  keys: z.array(ApproverKey).min(1),
  /** People who must approve. Default 1. */
  min: z.int().min(1).optional(),
  /** Days after which a sign-off no longer counts. Default: it does not expire. */
  expiresDays: z.int().min(1).optional(),
  /** Whoever ran the gate may not be the only one who approves. */
  notRunner: z.boolean().optional(),
});

/** By role, in the words of the gates: "Security Lead". */
export const Approvers = z.record(z.string().min(1), Role.superRefine(checkRole));
export type Approvers = z.infer<typeof Approvers>;

export interface TrustedKey extends PublicKey {
  readonly names: readonly string[];
  readonly from: string | undefined;
  readonly until: string | undefined;
}
export interface TrustedRole {
  readonly keys: readonly TrustedKey[];
  readonly min: number;
  readonly expiresDays: number | undefined;
  readonly notRunner: boolean;
}
export type Trusted = ReadonlyMap<string, TrustedRole>;

/** Of approvers that were validated. */
export function trustedApprovers(approvers: Approvers): Trusted {
  return new Map(
    Object.entries(approvers).map(([role, { keys, min = 1, expiresDays, notRunner = false }]) => [
      role,
      { keys: keys.map(trustedKey), min, expiresDays, notRunner },
    ]),
  );
}

function trustedKey(key: ApproverKey): TrustedKey {
  return { ...publicKeyOf(key), names: key.names ?? [], from: key.from, until: key.until };
}
function publicKeyOf(key: ApproverKey): PublicKey {
  return 'ssh' in key ? sshPublicKey(key.ssh) : ed25519PublicKey(key.ed25519);
}

/** All mistakes of a role at once: keys that cannot be read, a key given twice, more signatures asked for than there are people. */
function checkRole({ keys, min = 1 }: z.infer<typeof Role>, context: z.RefinementCtx<z.infer<typeof Role>>): void {
  const read: TrustedKey[] = [];
  for (const [index, key] of keys.entries()) {
    const problem = (message: string): void => context.addIssue({ code: 'custom', path: ['keys', index], message });
    try {
      const trusted = trustedKey(key);
      if (read.some(({ id }) => id === trusted.id)) problem('the same key stands here twice, and a key counts once');
      read.push(trusted);
    } catch (error) {
      if (!(error instanceof GateError)) throw error;
      problem([error.message.replace(/\.$/, ''), error.remedy?.replace(/\.$/, '')].filter(Boolean).join('. '));
    }
  }
  const people = peopleOf(read).length;
  if (keys.length > 0 && read.length === keys.length && min > people)
    context.addIssue({ code: 'custom', path: ['min'], message: `${min} people must sign, but the keys belong to ${people}` });
}

/** The keys in groups, one a person: keys that share a name belong together. */
export function peopleOf<Key extends Pick<TrustedKey, 'id' | 'names'>>(keys: readonly Key[]): Key[][] {
  return keys.reduce<Key[][]>((people, key) => {
    const same = people.filter((person) => person.some((other) => isSamePerson(other, key)));
    return [...people.filter((person) => !same.includes(person)), [...same.flat(), key]];
  }, []);
}

export function isSamePerson(a: Pick<TrustedKey, 'id' | 'names'>, b: Pick<TrustedKey, 'id' | 'names'>): boolean {
  return a.id === b.id || a.names.some((name) => b.names.includes(name));
}

/** A day is meant to its end, in UTC. */
export function isValidAt({ from, until }: Pick<TrustedKey, 'from' | 'until'>, at: Date): boolean {
  const day = at.toISOString().slice(0, 10);
  return (from === undefined || from <= day) && (until === undefined || day <= until);
}

/** Reads an approvers file: the `approvers` of a configuration, or a configuration with them. Throws CONFIG_INVALID with all mistakes. */
export function parseApprovers(text: string, path: string): Approvers {
  const invalid = (what: string, cause?: unknown): GateError =>
    new GateError('CONFIG_INVALID', `${path} ${what}`, {
      remedy: 'Give JSON of the shape { "Security Lead": { "keys": [{ "ssh": "ssh-ed25519 …" }], "min": 1 } }.',
      cause,
    });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw invalid('is no JSON.', cause);
  }
  const within = typeof content === 'object' && content !== null && 'approvers' in content ? content.approvers : content;
  const parsed = Approvers.safeParse(within);
  if (parsed.success) return parsed.data;
  throw invalid(`has mistakes:\n${parsed.error.issues.map(({ path: place, message }) => `  - ${place.join('.')}: ${message}`).join('\n')}`);
}
