import { expect, test } from 'vitest';
import { GateError } from '../../gates/model.ts';
import type { Accounts, Environment, HttpRequest, HttpResponse } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { createAccounts } from './accounts.ts';
import type { AccountsOptions } from './accounts.ts';

const PASSWORD = 'correct horse battery staple';
const ACCOUNTS = {
  admin: { email: 'admin@example.com', password: PASSWORD, role: 'admin' },
  member: { email: 'member@example.com', password: PASSWORD, role: 'member' },
};

function answer(status: number, json: unknown, headers: Record<string, string> = {}): HttpResponse {
  return { status, json, headers, text: JSON.stringify(json), durationMs: 1 };
}
const welcome = (token: string): HttpResponse => answer(200, { success: true, data: { user: { id: 'u1' }, token, expiresAt: '2026-11-08T00:00:00Z' } });
const refusal = (status: number, code: string, headers = {}): HttpResponse => answer(status, { success: false, error: { code, message: 'no' } }, headers);

interface Opened {
  readonly accounts: Accounts;
  readonly asked: HttpRequest[];
  readonly slept: number[];
}
/** An application that gives these answers, one after the other. */
function open(...answers: (HttpResponse | Error)[]): Opened {
  const asked: HttpRequest[] = [];
  const slept: number[] = [];
  let now = 0;
  const accounts = createAccounts({
    environment: { accounts: ACCOUNTS, expiredSession: 'long-gone', surface: naapSurface() },
    http: {
      sent: 0,
      send: (request) => {
        asked.push(request);
        const next = answers.shift();
        return next instanceof Error || next === undefined ? Promise.reject(next ?? new Error('asked too often')) : Promise.resolve(next);
      },
    },
    clock: {
      monotonicMs: () => now,
      sleep: (ms) => {
        slept.push(ms);
        now += ms;
        return Promise.resolve();
      },
    },
    signal: new AbortController().signal,
  });
  return { accounts, asked, slept };
}
async function catchError(promise: Promise<unknown>): Promise<GateError> {
  return promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: GateError) => error,
  );
}

test('callers at the same time, and later ones, share one login', async () => {
  const { accounts, asked } = open(welcome('t1'));
  const sessions = await Promise.all([accounts.session('member'), accounts.session('member')]);
  sessions.push(await accounts.session('member'));
  expect(new Set(sessions)).toEqual(new Set([{ account: 'member', role: 'member', email: 'member@example.com', userId: 'u1', token: 't1' }]));
  expect(asked).toEqual([{ path: '/api/v1/auth/login', method: 'POST', side: 'target', body: { email: 'member@example.com', password: PASSWORD } }]);
});

test('names come in the order of the config, with their roles and the expired token', () => {
  const { accounts } = open();
  expect({ names: accounts.names, role: accounts.roleOf('admin'), expired: accounts.expiredToken }).toEqual({
    names: ['admin', 'member'],
    role: 'admin',
    expired: 'long-gone',
  });
});

test('a refused login names the account, never the password, and is not asked again', async () => {
  const { accounts, asked } = open(refusal(401, 'INVALID_CREDENTIALS'));
  const error = await catchError(accounts.session('member'));
  expect(error).toMatchObject({ code: 'LOGIN_FAILED', message: 'Account "member" could not log in: 401 INVALID_CREDENTIALS.' });
  expect(`${error.message} ${error.remedy} ${JSON.stringify(error)}`).not.toContain(PASSWORD);
  expect(await catchError(accounts.session('member'))).toBe(error);
  expect(asked).toHaveLength(1);
});

test('a login that nobody answered is asked again by the next caller', async () => {
  const { accounts } = open(new GateError('TARGET_UNREACHABLE', 'nobody there'), welcome('t2'));
  expect(await catchError(accounts.session('member'))).toMatchObject({ code: 'TARGET_UNREACHABLE' });
  expect((await accounts.session('member')).token).toBe('t2');
});

test('a 429 is waited out once, as long as it asks for', async () => {
  const { accounts, slept } = open(refusal(429, 'RATE_LIMITED', { 'retry-after': '7' }), welcome('t3'));
  expect((await accounts.session('member')).token).toBe('t3');
  expect(slept).toEqual([7000]);
});

test('retryAfter in the body counts where the header is absent', async () => {
  const { accounts, slept } = open(answer(429, { success: false, error: { code: 'RATE_LIMITED', retryAfter: 3 } }), welcome('t4'));
  await accounts.session('member');
  expect(slept).toEqual([3000]);
});

test('a second 429, and one that asks for too long, are failures', async () => {
  const twice = open(refusal(429, 'RATE_LIMITED', { 'retry-after': '1' }), refusal(429, 'RATE_LIMITED', { 'retry-after': '1' }));
  expect(await catchError(twice.accounts.session('member'))).toMatchObject({ code: 'LOGIN_FAILED', message: expect.stringContaining('429') });
  const long = open(refusal(429, 'RATE_LIMITED', { 'retry-after': '1800' }));
  expect(await catchError(long.accounts.session('member'))).toMatchObject({ code: 'LOGIN_FAILED' });
  expect(long.slept).toEqual([]);
});

test('an answer without a token is no login', async () => {
  const { accounts } = open(answer(200, { success: true, data: {} }));
  expect(await catchError(accounts.session('member'))).toMatchObject({ code: 'LOGIN_FAILED', remedy: expect.stringContaining('no `token`') });
});

test('an unknown account is told with those that are known', async () => {
  const { accounts } = open();
  expect(await catchError(accounts.session('ghost'))).toMatchObject({
    code: 'LOGIN_FAILED',
    message: 'The environment has no account "ghost". Known: admin, member.',
  });
});

test('logins count against the same quota as what checks ask for', async () => {
  const { accounts, slept } = open(welcome('t5'));
  for (let index = 0; index < 9; index += 1) await accounts.authQuota(new AbortController().signal);
  await accounts.session('member');
  expect(slept).toHaveLength(1);
});

test('each side has a session and a quota of its own, for the same account', async () => {
  const { accounts, asked, slept } = open(welcome('t6'), welcome('l6'), refusal(401, 'INVALID_CREDENTIALS'));
  for (let index = 0; index < 8; index += 1) await accounts.authQuota(new AbortController().signal);
  const sessions = [await accounts.session('member'), await accounts.session('member', 'legacy'), await accounts.session('member', 'legacy')];
  expect(sessions.map(({ token }) => token)).toEqual(['t6', 'l6', 'l6']);
  expect(asked.map(({ side }) => side)).toEqual(['target', 'legacy']);
  expect(slept).toEqual([]);
  expect(await catchError(accounts.session('admin', 'legacy'))).toMatchObject({
    code: 'LOGIN_FAILED',
    message: 'Account "admin" could not log in on the legacy side: 401 INVALID_CREDENTIALS.',
  });
});

/** Accounts without passwords; the application gives these answers, one after the other. */
function openGiven(
  given: Environment['accounts'],
  answers: readonly HttpResponse[],
  setUp?: AccountsOptions['setUp'],
): { accounts: Accounts; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const left = [...answers];
  const accounts = createAccounts({
    environment: { accounts: given, surface: naapSurface() },
    http: {
      sent: 0,
      send: async (request) => {
        asked.push(request);
        return left.shift() ?? refusal(401, 'UNAUTHORIZED');
      },
    },
    clock: { monotonicMs: () => 0, sleep: () => Promise.resolve() },
    signal: new AbortController().signal,
    setUp,
  });
  return { accounts, asked };
}
const somebody = answer(200, { success: true, data: { user: { id: 'u7', email: 'ann@naap.dev' } } });

test('a session that was made elsewhere is asked once whose it is, and never logs in', async () => {
  const { accounts, asked } = openGiven({ member: { role: 'member', disposable: false, session: { token: 'given' } } }, [somebody]);
  const session = { account: 'member', role: 'member', email: 'ann@naap.dev', userId: 'u7', token: 'given' };
  expect([await accounts.session('member'), await accounts.session('member')]).toEqual([session, session]);
  expect(asked.map(({ path, as }) => [path, as?.token])).toEqual([['/api/v1/auth/me', 'given']]);
  expect([accounts.hasPassword('member'), accounts.isDisposable('member')]).toEqual([false, false]);
  expect(() => accounts.credentials('member')).toThrowError(/has no password/);
});

test.each<readonly [string, HttpResponse, RegExp]>([
  ['is not accepted', refusal(401, 'UNAUTHORIZED'), /is not accepted: GET \/api\/v1\/auth\/me answers 401 UNAUTHORIZED/],
  ['is of nobody', answer(200, { success: true, data: {} }), /does not tell whose the session/],
])('a session that %s is no session', async (_name, response, words) => {
  const { accounts } = openGiven({ member: { role: 'member', disposable: false, session: { token: 'given' } } }, [response]);
  const error = await catchError(accounts.session('member'));
  expect({ code: error.code, message: error.message }).toEqual({ code: 'LOGIN_FAILED', message: expect.stringMatching(words) });
  expect(error.message + error.remedy).not.toContain('given"');
});

test('a token of the target is not shown to the legacy side', async () => {
  const { accounts, asked } = openGiven({ member: { role: 'member', disposable: false, session: { token: 'given' } } }, [somebody]);
  expect(await catchError(accounts.session('member', 'legacy'))).toMatchObject({ code: 'LOGIN_FAILED' });
  expect(asked).toEqual([]);
});

test('the set-up is asked once for all accounts, and only when one of them is needed', async () => {
  let times = 0;
  const nobody = { role: 'member', disposable: false };
  const { accounts } = openGiven({ a: nobody, b: nobody, c: nobody }, [somebody, somebody], async () => {
    times += 1;
    return new Map([
      ['a', { token: 'of-a' }],
      ['b', { token: 'of-b' }],
    ]);
  });
  expect(times).toBe(0);
  expect((await Promise.all([accounts.session('a'), accounts.session('b')])).map(({ token }) => token)).toEqual(['of-a', 'of-b']);
  expect((await catchError(accounts.session('c'))).message).toBe('Account "c" has no session.');
  expect(times).toBe(1);
});
