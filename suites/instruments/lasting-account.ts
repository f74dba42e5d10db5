// Who looks at what needs a login. Used by every check that needs one account and does not end its session.
import type { Accounts } from '../../gates/model.ts';

/** The first of these whose session no check may end, else the first; undefined where there is none. `names`: those that fit; default all. */
export function lastingAccount(accounts: Pick<Accounts, 'names' | 'isDisposable'>, names: readonly string[] = accounts.names): string | undefined {
  return names.find((name) => !accounts.isDisposable(name)) ?? names[0];
}
