// Under which name somebody runs the command: a claim for the record, not a proof. Called by the commands that write to a ledger.
import { userInfo } from 'node:os';
import type { Host } from './terminal.ts';

/** The account of the CI where there is one (GitHub, GitLab), else the system's user. */
export function whoRuns(env: Host['env']): string {
  const named = ['GITHUB_ACTOR', 'GITLAB_USER_LOGIN', 'USER', 'LOGNAME'].map((name) => env[name] ?? '').find((value) => value !== '');
  return named ?? userInfo().username;
}
