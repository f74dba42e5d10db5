// Whether each account can log in: one login each, within the rate limit of the application. Sessions are not kept.
import { setTimeout as delay } from 'node:timers/promises';
import { GateError } from '../../gates/model.ts';
import { createAccounts } from '../../suites/instruments/accounts.ts';
import { setUpSessions } from '../set-up-sessions.ts';
import { withHttp } from './application.ts';
import { lacking, type Look, missing, named, ok, unseen, warn } from './finding.ts';
import { absentBelow, type OpenedEnvironment, type Patient } from './precondition.ts';

const clock = {
  monotonicMs: (): number => performance.now(),
  sleep: async (ms: number, signal: AbortSignal): Promise<void> => void (await delay(ms, undefined, { signal })),
};

export async function lookAtLogins(patient: Patient, opened: OpenedEnvironment): Promise<readonly Look[]> {
  const { environment } = opened;
  const { signal } = patient;
  const names = Object.keys(environment.accounts);
  if (names.length === 0) return [lookAtNone(patient, opened)];
  const headers = absentBelow(opened, 'access');
  const { quotaPerMinute } = environment.surface.auth;
  // One of the quota is spared for whatever else asks from this address (suites/instruments/login-quota.ts).
  const asked = names.slice(0, Math.max(1, quotaPerMinute - 1));
  return withHttp(environment, signal, (http) => {
    const setUp = opened.setUp;
    const accounts = createAccounts({ environment, http, clock, signal, setUp: setUp === undefined ? undefined : () => setUpSessions(setUp, signal) });
    return Promise.all(
      names.map(async (name) => {
        const needed = `a session as "${accounts.roleOf(name)}"`;
        const absent = [...headers, ...absentBelow(opened, `auth.accounts.${name}`)];
        if (absent.length > 0) return named(name, unseen(`${absent.join(', ')} is not set`, needed));
        if (!asked.includes(name)) return named(name, unseen(`the rate limit allows ${quotaPerMinute} logins in a window`, needed));
        return named(name, await lookAtAccount(() => accounts.session(name), accounts.hasPassword(name), needed));
      }),
    );
  });
}

async function lookAtAccount(open: () => Promise<unknown>, hasPassword: boolean, needed: string): Promise<Look> {
  try {
    await open();
    return ok(hasPassword ? 'logged in with its password (one request of the rate limit)' : 'its session was accepted', needed);
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    return missing(`${error.code}: ${error.message}`, needed, error.remedy ?? `naap-gate explain ${error.code} tells more.`);
  }
}

function lookAtNone({ planned }: Patient, { environment }: OpenedEnvironment): Look {
  const isNeeded = typeof planned !== 'string' && (planned.plan?.executions.some(({ needs }) => needs.includes('accounts')) ?? false);
  const remedy = `Add environments.${environment.name}.auth: { kind: 'password', accounts: { … } } (docs/configuration.md).`;
  return lacking(isNeeded, 'the environment names no accounts', 'accounts that can log in', remedy);
}

/** Every role of the surface has an account: what a role may and may not is asked by one. */
export function lookAtRoles({ environment }: OpenedEnvironment): Look {
  const { accounts, surface } = environment;
  const held = Object.values(accounts).map(({ role }) => role);
  const needed = `an account of each role: ${surface.roles.join(', ')}`;
  const without = surface.roles.filter((role) => !held.includes(role));
  if (Object.keys(accounts).length === 0) return unseen('there are no accounts', needed);
  return without.length === 0
    ? ok(`${surface.roles.length} of ${surface.roles.length}`, needed)
    : warn(
        `none of the role ${without.join(', ')}`,
        needed,
        `Add an account of it to environments.${environment.name}.auth.accounts: cases of that role do not run otherwise.`,
      );
}
