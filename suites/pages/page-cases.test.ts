import { expect, test } from 'vitest';
import { type Accounts, type CheckContext, GateError } from '../../gates/model.ts';
import { StuckPage } from './look.ts';
import { type Finding, NotRun, requireAccount, runCase, sideBySide } from './page-cases.ts';

const OK: Finding = { ok: true, detail: '' };
const BAD: Finding = { ok: false, detail: 'It shows nothing.' };

function attempts(...findings: readonly Finding[]): { readonly id: string; readonly lasts: boolean[]; attempt(isLast: boolean): Promise<Finding> } {
  const lasts: boolean[] = [];
  return {
    id: 'home',
    lasts,
    attempt: (isLast) => {
      lasts.push(isLast);
      return Promise.resolve(findings[lasts.length - 1] ?? BAD);
    },
  };
}

test('a failure is tried once more, and only the second try keeps a picture', async () => {
  const failing = attempts(BAD, BAD);
  expect(await runCase(failing)).toEqual({ id: 'home', state: 'failed', detail: 'It shows nothing.' });
  expect(failing.lasts).toEqual([false, true]);
});

test('a pass on the second try is flaky, never ok', async () => {
  expect(await runCase(attempts(BAD, OK))).toEqual({ id: 'home', state: 'flaky', detail: 'First: It shows nothing. As expected on the second try.' });
});

test('what is ok may have something to say', async () => {
  expect(await runCase(attempts({ ok: true, detail: 'No more is known.' }))).toEqual({ id: 'home', state: 'ok', detail: 'No more is known.' });
});

test('what cannot be put is not run, and what breaks breaks the check', async () => {
  const throwing = (error: Error) => ({
    id: 'home',
    attempt: async () => {
      throw error;
    },
  });
  expect(await runCase(throwing(new NotRun('no account')))).toEqual({ id: 'home', state: 'not-run', detail: 'no account' });
  await expect(runCase(throwing(new Error('broken')))).rejects.toThrow('broken');
});

test('a page that is stuck fails its own case, on the second try too', async () => {
  const attempt = () => Promise.reject(new StuckPage('/forum is stuck.'));
  expect(await runCase({ id: 'forum', attempt })).toEqual({ id: 'forum', state: 'failed', detail: '/forum is stuck.' });
});

test('no more work is under way than is allowed, and all of it is done', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const work = async (subject: number): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return subject;
  };
  for await (const subject of sideBySide([1, 2, 3, 4, 5], 2, work)) done.push(subject);
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('when one throws, the others are waited for', async () => {
  const ended: string[] = [];
  const slow = Promise.withResolvers<void>();
  const work = async (subject: string): Promise<string> => {
    if (subject === 'bad') {
      queueMicrotask(() => slow.resolve());
      throw new Error('bad');
    }
    await slow.promise;
    ended.push(subject);
    return subject;
  };
  const all = async (): Promise<void> => {
    for await (const answer of sideBySide(['good', 'bad'], 2, work)) ended.push(`answered ${answer}`);
  };
  await expect(all()).rejects.toThrow('bad');
  expect(ended).toEqual(['good']);
});

const contextWith = (accounts: Partial<Accounts>): CheckContext =>
  ({ accounts: { names: [], isDisposable: () => false, ...accounts } }) as unknown as CheckContext;

test('who looks is the first account whose session lasts', async () => {
  const session = () => Promise.resolve({ account: '', role: '', email: '', userId: '' });
  expect(await requireAccount(contextWith({ names: ['gone', 'ann'], isDisposable: (name) => name === 'gone', session }))).toBe('ann');
  expect(await requireAccount(contextWith({ names: ['gone'], isDisposable: () => true, session }))).toBe('gone');
});

test('without an account, or with one that cannot log in, nothing is run; anything else is an error', async () => {
  await expect(requireAccount(contextWith({}))).rejects.toThrow(NotRun);
  const refusing = (code: 'LOGIN_FAILED' | 'TARGET_UNREACHABLE') =>
    contextWith({ names: ['ann'], session: () => Promise.reject(new GateError(code, 'said why')) });
  await expect(requireAccount(refusing('LOGIN_FAILED'))).rejects.toThrow(NotRun);
  await expect(requireAccount(refusing('TARGET_UNREACHABLE'))).rejects.toThrow(GateError);
});
