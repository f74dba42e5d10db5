// Which of the ten journeys are run here, by whom, and which cannot be: told before anything is opened. Used by critical-paths.check.ts.
import { type Accounts, type CheckContext, GateError, JOURNEY_IDS, type JourneyId, type Surface } from '../../gates/model.ts';
import { journeysOf } from './make-world.ts';
import type { JourneyKind, JourneyWorld } from './world.ts';

type Source = Pick<CheckContext, 'surface' | 'notApplicable'> & { readonly accounts: Pick<Accounts, 'names' | 'hasPassword' | 'isDisposable'> };

/** Without the ones that were declared not applicable: for those the plan answers. */
export type Coverage = Readonly<JourneyWorld['journeys']>;

/** Nobody need be logged in for it. */
const PUBLIC: readonly JourneyId[] = ['user-registration'];
/** They type a password, so they need a login that takes one. */
const BY_PASSWORD: readonly JourneyId[] = ['user-registration', 'user-login'];

/** Throws GateError CONFIG_INVALID, which names every journey that is neither there, nor replaced, nor declared not applicable. */
export function coverageOf(source: Source): Coverage {
  const { surface, notApplicable = [] } = source;
  const asked = JOURNEY_IDS.filter((id) => !notApplicable.includes(`critical-paths.${id}`));
  const missing = asked.filter((id) => !isThere(id, surface));
  if (missing.length > 0) throw uncovered(missing, surface);
  const kinds = journeysOf(surface);
  return Object.fromEntries(asked.map((id) => [id, whoRuns(id, kinds[id], source)] as const));
}

function isThere(id: JourneyId, { web, auth }: Surface): boolean {
  const journey = web?.journeys[id];
  if (journey === undefined) return false;
  return 'spec' in journey || auth.login !== undefined || !BY_PASSWORD.includes(id);
}

function uncovered(missing: readonly JourneyId[], { auth }: Surface): GateError {
  const why = auth.login === undefined ? ' (nobody logs in with a password here: `surface.auth.login` is absent)' : '';
  return new GateError(
    'CONFIG_INVALID',
    `Of the ten critical paths ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} neither there nor replaced nor declared not applicable${why}.`,
    {
      remedy: `For each, describe it in surface.web.journeys, put a test of your own in its place ({ spec: 'e2e/${missing[0]}.spec.ts' }), or declare it: notApplicable: { 'critical-paths.${missing[0]}': { reason, owner, until } }.`,
    },
  );
}

/** A test of the user's own brings what it needs itself. */
function whoRuns(id: JourneyId, kind: JourneyKind | undefined, { accounts }: Source): JourneyKind {
  if (kind !== 'ours' || PUBLIC.includes(id)) return kind ?? { notRun: 'The surface says nothing of it.' };
  if (accounts.names.length === 0) return { notRun: 'It needs somebody who can log in: give the environment accounts (auth.accounts).' };
  const byPassword = accounts.names.some((name) => accounts.hasPassword(name));
  if (id === 'user-login' && !byPassword)
    return { notRun: "It needs an account with a password: all sessions here were made elsewhere (auth.kind: 'password'), or declare it not applicable." };
  if (id === 'user-logout' && !byPassword && !accounts.names.some((name) => accounts.isDisposable(name)))
    return {
      notRun:
        'It would end a session that others use, or one that has been ended: mark an account as disposable (auth.accounts.NAME.disposable: true), and another one where api-auth runs too, which logs one out.',
    };
  return kind;
}
