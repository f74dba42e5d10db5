// People and papers: approvers for the roles that the gate asks for, keys, and what ends soon: waivers, declarations, changed limits, report mode, keys.
import type { Gate, NotApplicable, Waiver } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';
import { type Approvers, isValidAt, peopleOf, trustedApprovers, type TrustedRole } from '../../gates/paper/approvers.ts';
import { previousGateOf } from '../../gates/paper/standings.ts';
import type { ConfiguredGate } from '../../gates/policy/configured-gates.ts';
import { dayOf } from '../config/catalogue.ts';
import { signingKey } from '../signing-key.ts';
import type { Host } from '../terminal.ts';
import { type Look, named, note, ok, unseen, warn } from './finding.ts';

/** Time to renew something before a meeting finds it expired. */
const SOON_DAYS = 14;
const DAY_MS = 86_400_000;

export function rolesAskedBy({ approvers, criteria }: Gate): readonly string[] {
  const attested = criteria.flatMap(({ kind }) => ('attested' in kind && previousGateOf(kind.attested) === undefined ? [kind.attested] : []));
  return [...new Set([...approvers, ...attested])];
}

/** One for each role: people whose keys sign now. Without them the gate can be measured and never signed. */
export function lookAtApprovers(roles: readonly string[], approvers: Approvers | undefined, now: Date): readonly Look[] {
  if (roles.length === 0) return [named('Approvers', ok('the gate asks for no signature', 'nobody'))];
  if (approvers === undefined) return [named('Approvers', lookAtRole(roles.join(', '), undefined, now))];
  const trusted = trustedApprovers(approvers);
  return roles.map((role) => named(role, lookAtRole(role, trusted.get(role), now)));
}

function lookAtRole(role: string, trusted: TrustedRole | undefined, now: Date): Look {
  if (trusted === undefined)
    return warn(
      `nobody is configured as ${role}`,
      'people who may sign; without them the gate is measured and stays pending',
      "Add them to the configuration: approvers: { 'ROLE': { keys: [{ ssh: 'ssh-ed25519 …', names: ['…'] }] } } (docs/sign-off.md).",
    );
  const valid = trusted.keys.filter((key) => isValidAt(key, now));
  const people = peopleOf(valid).length;
  const needed = `${trusted.min} ${trusted.min === 1 ? 'person' : 'people'} with a key that signs today`;
  const found = `${people} ${people === 1 ? 'person' : 'people'}, ${valid.length} of ${trusted.keys.length} keys sign today`;
  if (people < trusted.min) return warn(found, needed, 'Renew the keys that have ended (`until`), or add people.');
  const soon = valid.flatMap(({ until }) => (until !== undefined && daysTo(until, now) <= SOON_DAYS ? [until] : []));
  return soon.length === 0 ? ok(found, needed) : warn(`${found}; one ends on ${soon.toSorted()[0]}`, needed, 'Renew the key before it ends.');
}

/** Whether whoever runs this can sign with a key of ~/.ssh. No passphrase is asked for, so nothing is signed. */
export function lookAtSigningKey(roles: readonly string[], approvers: Approvers | undefined, host: Host): Look {
  const needed = 'only for whoever signs here';
  if (approvers === undefined) return unseen('no approvers are configured', needed);
  const trusted = trustedApprovers(approvers);
  const own = roles.filter((role) => trusted.has(role) && isThere(() => signingKey(undefined, trusted.get(role), host)));
  return own.length === 0
    ? note('no key in ~/.ssh is one of the approvers’', needed, 'Name another key with `naap-gate signoff --key PATH`, should you be one of them.')
    : ok(`a key in ~/.ssh may sign as ${own.join(', ')} (its passphrase was not asked for)`, needed);
}

function isThere(find: () => unknown): boolean {
  try {
    find();
    return true;
  } catch (error) {
    if (error instanceof GateError) return false;
    throw error;
  }
}

/** 0: it is the last day; below it has ended. Days are meant in UTC. */
function daysTo(day: string, now: Date): number {
  return Math.round((Date.parse(day) - Date.parse(dayOf(now))) / DAY_MS);
}

interface Ending {
  readonly what: string;
  readonly until: string;
  readonly owner: string;
}

/** Of this environment and, where one is named, this gate. */
export function lookAtWaivers(waivers: readonly Waiver[], environment: string | undefined, gate: Gate | undefined, now: Date): Look {
  const own = waivers.filter(
    (waiver) =>
      (environment === undefined || waiver.environment === environment) && (gate === undefined || gate.criteria.some(({ id }) => id === waiver.criterion)),
  );
  return lookAtEndings(
    own.map(({ criterion, until, owner }) => ({ what: criterion, until, owner })),
    'waivers',
    now,
  );
}

export function lookAtDeclarations(declared: Readonly<Record<string, NotApplicable>>, gate: Gate | undefined, now: Date): Look {
  const own = Object.entries(declared).filter(([id]) => gate === undefined || gate.criteria.some((criterion) => criterion.id === id || asksFor(criterion, id)));
  return lookAtEndings(
    own.map(([what, { until, owner }]) => ({ what, until, owner })),
    'declarations of not-applicable',
    now,
  );
}

/** `name`: check and case, as `critical-paths.wallet-connect`. */
function asksFor({ kind }: Gate['criteria'][number], name: string): boolean {
  if (!('measured' in kind)) return false;
  return kind.measured.some(
    ({ check, expect }) => expect.kind === 'cases' && expect.required !== 'all' && expect.required.some((id) => `${check}.${id}` === name),
  );
}

function lookAtEndings(endings: readonly Ending[], kind: string, now: Date): Look {
  const needed = `none that has ended or ends within ${SOON_DAYS} days`;
  if (endings.length === 0) return ok(`no ${kind}`, needed);
  const words = ({ what, until, owner }: Ending): string => `${what} (until ${until}, ${owner})`;
  const ended = endings.filter(({ until }) => daysTo(until, now) < 0);
  const soon = endings.filter(({ until }) => daysTo(until, now) >= 0 && daysTo(until, now) <= SOON_DAYS);
  const told = [
    ...(ended.length === 0 ? [] : [`ended: ${ended.map(words).join('; ')}`]),
    ...(soon.length === 0 ? [] : [`ends soon: ${soon.map(words).join('; ')}`]),
  ];
  if (told.length === 0) return ok(`${endings.length}, all in force`, needed);
  return warn(told.join('. '), needed, 'Their owners renew them with a new reason and day, or take them out and let the row count as it is.');
}

/** What of the configuration does not count any more: changed limits and report mode whose day has passed. */
export function lookAtConfigured({ enforcement, problems }: ConfiguredGate): readonly Look[] {
  const mode =
    enforcement.mode === 'report'
      ? [
          named(
            'Report mode',
            note(
              `until ${enforcement.until} (${enforcement.owner}: ${enforcement.reason})`,
              'to enforce: until then the gate tells what it finds and blocks nobody',
            ),
          ),
        ]
      : [];
  return [
    ...mode,
    ...problems.map(({ code, text, remedy }) => named(code, warn(text, 'changes that are in force', remedy ?? `naap-gate explain ${code} tells more.`))),
  ];
}
