// Where each row that people must sign stands at a moment: who approved, who rejected, what has expired or gone stale. Pure; called by verify, signoff and settlePending.
import { isValidAt, peopleOf, type Trusted, type TrustedRole } from './approvers.ts';
import type { CheckedSignOff } from './check-signatures.ts';
import type { Examined } from './examine.ts';
import type { FindingCode } from './finding.ts';
import type { LedgerEntry } from './read-ledger.ts';

export type Effect =
  | { readonly counts: true }
  /** `code`: why it no longer counts. */
  | { readonly counts: false; readonly code: 'SIGN_OFF_EXPIRED' | 'SIGN_OFF_STALE' | 'KEY_EXPIRED'; readonly text: string };
export interface Approval {
  readonly signOff: CheckedSignOff;
  readonly effect: Effect;
}
export interface Standing {
  readonly criterion: string;
  readonly role: string;
  readonly required: boolean;
  readonly state: 'met' | 'rejected' | 'unmet';
  /** Why it is not met. */
  readonly code: FindingCode | undefined;
  readonly text: string;
  /** The newest approval of each person, whether it counts or not. */
  readonly approvals: readonly Approval[];
}

/** The moment that is asked about: what had been added by then, and the time. */
export interface Moment {
  /** Lines of the ledger that count. */
  readonly lines: number;
  readonly at: Date;
}

/** A role that no person signs for: the row is settled by the bundle of that gate's signed run. */
export function previousGateOf(role: string): string | undefined {
  const number = /^approvers of phase (\d+)$/.exec(role)?.[1];
  return number === undefined ? undefined : `phase${number}`;
}

export function standings(run: Examined, signOffs: readonly CheckedSignOff[], trusted: Trusted, moment: Moment): Standing[] {
  const by = signOffs.filter(({ index }) => index < moment.lines);
  const ledger = run.ledger.slice(0, moment.lines);
  return run.plan.criteria.flatMap(({ criterion: { id, kind, required }, settled }) => {
    if (!('attested' in kind) || settled?.state !== 'pending' || previousGateOf(kind.attested) !== undefined) return [];
    const own = newestOfEachPerson(by.filter(({ event }) => event.role === kind.attested && event.criteria.includes(id)));
    return [{ criterion: id, role: kind.attested, required, ...standingOf(kind.attested, own, trusted.get(kind.attested), ledger, run, moment.at) }];
  });
}

function newestOfEachPerson(signOffs: readonly CheckedSignOff[]): CheckedSignOff[] {
  return peopleOf(signOffs.map(({ key, index }) => ({ ...key, index }))).flatMap((person) => {
    const newest = Math.max(...person.map(({ index }) => index));
    return signOffs.filter(({ index }) => index === newest);
  });
}

type Rest = Pick<Standing, 'state' | 'code' | 'text' | 'approvals'>;

function standingOf(
  name: string,
  signOffs: readonly CheckedSignOff[],
  role: TrustedRole | undefined,
  ledger: readonly LedgerEntry[],
  run: Examined,
  at: Date,
): Rest {
  const approvals = signOffs.filter(({ event }) => event.decision === 'approve').map((signOff) => ({ signOff, effect: effectOf(signOff, ledger, at) }));
  const rest = (state: Standing['state'], code: FindingCode | undefined, text: string): Rest => ({ state, code, text, approvals });
  const rejection = signOffs.find(({ event }) => event.decision === 'reject');
  // A rejection stands until the same person signs anew, whatever has been added or has expired since.
  if (rejection !== undefined)
    return rest('rejected', 'REJECTED', `Rejected by ${nameOf(rejection)} on ${rejection.at.slice(0, 10)}: ${rejection.event.reason ?? ''}`);
  if (role === undefined) return rest('unmet', 'APPROVERS_MISSING', `No approvers are configured for the ${name}.`);
  const counting = approvals.filter(({ effect }) => effect.counts).map(({ signOff }) => signOff);
  if (counting.length < role.min) return tooFew(name, counting.length, role.min, approvals, rest);
  if (role.notRunner && !hasOtherThanRunner(counting, run.opened.by)) {
    const why = run.opened.by === undefined ? 'the run does not tell who ran it' : `"${run.opened.by}" ran the gate`;
    return rest('unmet', 'RUNNER_ALONE', `The ${name} must be somebody else than who ran the gate, by a key whose names are known; ${why}.`);
  }
  return rest(
    'met',
    undefined,
    `Signed by ${counting.map((signOff) => `${nameOf(signOff)} on ${signOff.at.slice(0, 10)}${signOff.expiresAt === null ? '' : `, until ${signOff.expiresAt.slice(0, 10)}`}`).join('; ')}.`,
  );
}

function tooFew(
  name: string,
  count: number,
  min: number,
  approvals: readonly Approval[],
  rest: (state: 'unmet', code: FindingCode, text: string) => Rest,
): Rest {
  const gone = approvals.flatMap(({ effect }) => (effect.counts ? [] : [effect]));
  const waits = `${count} of ${min} ${min === 1 ? 'signature' : 'signatures'} of the ${name}`;
  const [first] = gone;
  return first === undefined
    ? rest('unmet', 'THRESHOLD_NOT_MET', `${waits}.`)
    : rest('unmet', first.code, `${waits}: ${gone.map(({ text }) => text).join(' ')}`);
}

/** Evidence that came later was not seen by who signed before. */
function effectOf(signOff: CheckedSignOff, ledger: readonly LedgerEntry[], at: Date): Effect {
  const { index, key, expiresAt } = signOff;
  const later = ledger.slice(index + 1).find(({ event }) => event.type === 'evidence.added');
  const gone = (code: Extract<Effect, { counts: false }>['code'], text: string): Effect => ({ counts: false, code, text });
  if (later?.event.type === 'evidence.added')
    return gone('SIGN_OFF_STALE', `${nameOf(signOff)} signed before evidence for ${later.event.criterion} was added (${later.at}).`);
  if (expiresAt !== null && new Date(expiresAt) <= at) return gone('SIGN_OFF_EXPIRED', `What ${nameOf(signOff)} signed expired on ${expiresAt}.`);
  if (!isValidAt(key, at)) return gone('KEY_EXPIRED', `The key of ${nameOf(signOff)} ended on ${key.until ?? '?'}.`);
  return { counts: true };
}

/** Positive evidence only: a key without names could be the runner's own. */
function hasOtherThanRunner(signOffs: readonly CheckedSignOff[], runner: string | undefined): boolean {
  return runner !== undefined && signOffs.some(({ key }) => key.names.length > 0 && !key.names.includes(runner));
}

/** The first name of the key's owner, or the key itself. */
export function nameOf({ key }: Pick<CheckedSignOff, 'key'>): string {
  return key.names[0] ?? key.id;
}
