// Makes what the journeys must know out of what a run knows. Called by the check critical-paths and by scripts/journeys-setup.ts.
import { type CheckContext, GateError, JOURNEY_IDS, type Surface } from '../../gates/model.ts';
import { ownOrigins } from '../instruments/browser/open-browser.ts';
import { trustedKeys } from '../instruments/browser/trusted-keys.ts';
import { mayRemoveUsers } from './written.ts';
import type { JourneyAccount, JourneyWorld } from './world.ts';

/** What a run has and a world is made of. */
export type WorldSource = Pick<CheckContext, 'tag' | 'surface' | 'url' | 'access' | 'accounts' | 'browser'>;

/** As the surface has them: ours, or by a test of the user's own; one that it has not is not run. */
export function journeysOf({ web }: Pick<Surface, 'web'>): JourneyWorld['journeys'] {
  const entries = JOURNEY_IDS.map((id) => {
    const journey = web?.journeys[id];
    if (journey === undefined) return [id, { notRun: `The surface says nothing of it (surface.web.journeys.${id}).` }] as const;
    return [id, 'spec' in journey ? { spec: journey.spec } : 'ours'] as const;
  });
  return Object.fromEntries(entries);
}

/** Opens the session of every account. Throws GateError LOGIN_FAILED. */
export async function makeWorld(source: WorldSource, { journeys, ledger }: { journeys: JourneyWorld['journeys']; ledger: string }): Promise<JourneyWorld> {
  const { tag, surface, access, browser } = source;
  const { quotaPerMinute, quotaWindowSeconds = 60 } = surface.auth;
  return {
    tag,
    surface,
    sides: { target: { web: source.url('/'), api: source.url('/api') } },
    access: { ...access, trustedKeys: [...(await trustedKeys(ownOrigins(source), access.ca))] },
    executablePath: browser?.path,
    accounts: await accountsOf(source),
    journeys,
    quota: { requests: quotaPerMinute, windowSeconds: quotaWindowSeconds, ledger },
  };
}

/** Those who may remove users come late, for they see more than others; those whose session is given away come last, for it may end. */
async function accountsOf({ accounts, surface }: WorldSource): Promise<JourneyAccount[]> {
  const opened: JourneyAccount[] = [];
  for (const name of accounts.names) {
    const { role, email, userId, token, cookies } = await accounts.session(name);
    const session = { email, userId, token, cookies: cookies === undefined ? undefined : [...cookies] };
    opened.push({ name, role, ...(accounts.hasPassword(name) ? accounts.credentials(name) : {}), disposable: accounts.isDisposable(name), session });
  }
  const rank = ({ role, disposable }: JourneyAccount): number => (disposable === true ? 2 : mayRemoveUsers(surface, role) ? 1 : 0);
  return opened.toSorted((a, b) => rank(a) - rank(b));
}

/** An account that a journey of credentials can use: the worker's own where it fits, since others write as others. Undefined: none fits. */
export function fitting(world: JourneyWorld, own: JourneyAccount, fits: (account: JourneyAccount) => boolean): JourneyAccount | undefined {
  return fits(own) ? own : world.accounts.find(fits);
}

/** The account of a worker, counted from 0. Throws GateError USAGE where there are more workers than accounts. */
export function accountOf(world: JourneyWorld, worker: number): JourneyAccount {
  // Where nobody can log in, the journeys that are run need nobody (coverage.ts).
  if (world.accounts.length === 0) return { name: 'nobody', role: '', session: { email: '', userId: '' } };
  const account = world.accounts[worker];
  if (account !== undefined) return account;
  throw new GateError('USAGE', `Worker ${worker + 1} has no account of its own: the environment has ${world.accounts.length}.`, {
    remedy: `Run with --workers ${Math.max(1, world.accounts.length)}, or give the environment another account.`,
  });
}
