// Puts cases to pages: side by side, a failure twice, whatever goes wrong in words. Used by the checks of this folder.
import { type Case, type CheckContext, type CheckEvent, GateError, type Instrument } from '../../gates/model.ts';
import { type OpenBrowser, openBrowser } from '../instruments/browser/open-browser.ts';
import { lastingAccount } from '../instruments/lasting-account.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { StuckPage } from './look.ts';

/** Thrown by a case that cannot be put here; its message is the reason. */
export class NotRun extends Error {}

/** One try. `detail`: what was expected and what was seen; of one that is ok, what a person should know all the same. */
export interface Finding {
  readonly ok: boolean;
  readonly detail: string;
}

/** `isLast`: there will be no other try, so it is the one to keep a picture of. */
export type Attempt = (isLast: boolean) => Promise<Finding>;

export interface Task {
  readonly id: string;
  readonly attempt: Attempt;
}

async function tryOnce(attempt: Attempt, isLast: boolean): Promise<Omit<Case, 'id'>> {
  try {
    const { ok, detail } = await attempt(isLast);
    return { state: ok ? 'ok' : 'failed', detail };
  } catch (error) {
    if (error instanceof NotRun) return { state: 'not-run', detail: error.message };
    if (error instanceof StuckPage) return { state: 'failed', detail: error.message };
    throw error;
  }
}

/** A failure is tried once more: a pass then is `flaky`, never `ok`. */
export async function runCase({ id, attempt }: Task): Promise<Case> {
  const first = await tryOnce(attempt, false);
  if (first.state !== 'failed') return { id, ...first };
  const second = await tryOnce(attempt, true);
  if (second.state === 'ok') return { id, state: 'flaky', detail: `First: ${first.detail} As expected on the second try.` };
  return { id, ...second };
}

/** Answers as they come, at most `limit` under way. When one throws, waits for the others, then throws. */
export async function* sideBySide<Subject, Answer>(
  subjects: readonly Subject[],
  limit: number,
  work: (subject: Subject) => Promise<Answer>,
): AsyncGenerator<Answer> {
  const waiting = [...subjects];
  const running = new Map<number, Promise<readonly [number, Answer]>>();
  let next = 0;
  try {
    while (waiting.length > 0 || running.size > 0) {
      for (const subject of waiting.splice(0, limit - running.size)) {
        const key = (next += 1);
        running.set(
          key,
          work(subject).then((answer) => [key, answer] as const),
        );
      }
      const [key, answer] = await Promise.race(running.values());
      running.delete(key);
      yield answer;
    }
  } finally {
    await Promise.allSettled(running.values());
  }
}

/** A browser that went away in the middle says nothing about the pages that it had not yet shown. */
export function browserInstrument({ browser, version }: OpenBrowser): Instrument {
  const healthy = browser.isConnected();
  return { name: 'chromium', version, healthy, ...(healthy ? {} : { why: 'the browser ended before the pages had been looked at' }) };
}

/** One round of a check whose only metric are the cases that `plan` makes. */
export async function* measureTasks(
  context: CheckContext,
  { metric, text, concurrency }: { readonly metric: string; readonly text: string; readonly concurrency: number },
  plan: (opened: OpenBrowser) => readonly Task[],
): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const opened = await openBrowser(context);
  try {
    const tasks = plan(opened);
    const cases: Case[] = [];
    for await (const done of sideBySide(tasks, concurrency, runCase)) {
      context.signal.throwIfAborted();
      cases.push(done);
      yield { kind: 'progress', text, done: cases.length, total: tasks.length };
    }
    yield { kind: 'measurement', measurement: measureCases(context, metric, cases, startedAt, browserInstrument(opened)) };
    yield { kind: 'end-of-round' };
  } finally {
    await opened.close();
  }
}

/** Who looks at pages that need a login: the first account whose session lasts. Throws NotRun where there is none, or where it cannot log in. */
export async function requireAccount({ accounts }: CheckContext): Promise<string> {
  const account = lastingAccount(accounts);
  if (account === undefined) throw new NotRun('It needs a login, and the environment has no accounts (`auth.accounts`).');
  try {
    await accounts.session(account);
    return account;
  } catch (error) {
    if (error instanceof GateError && error.code === 'LOGIN_FAILED') throw new NotRun(error.message);
    throw error;
  }
}
