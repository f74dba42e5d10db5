import { expect, test } from 'vitest';
import { GateError, JOURNEY_IDS, type CheckContext } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { accountOf, fitting, journeysOf, makeWorld, type WorldSource } from './make-world.ts';
import { JourneyWorld } from './world.ts';

/** Name → role, and whether its session was given away. */
type People = Readonly<Record<string, { readonly role: string; readonly disposable?: boolean; readonly password?: string }>>;

function sourceOf(people: People): WorldSource {
  const accounts: Partial<CheckContext['accounts']> = {
    names: Object.keys(people),
    session: async (account) => ({ account, role: people[account]?.role ?? '', email: `${account}@naap.test`, userId: account, token: `${account}-token` }),
    hasPassword: (account) => people[account]?.password !== undefined,
    isDisposable: (account) => people[account]?.disposable === true,
    credentials: (account) => ({ email: `${account}@naap.test`, password: people[account]?.password ?? '' }),
  };
  return {
    tag: 'naap-gate-now',
    surface: naapSurface(),
    url: (path) => `http://127.0.0.1:1${path}`,
    access: { headers: {}, ca: undefined },
    accounts: accounts as CheckContext['accounts'],
    browser: undefined,
  };
}
const worldOf = (people: People): Promise<JourneyWorld> => makeWorld(sourceOf(people), { journeys: {}, ledger: '/nowhere' });

test('a world is what its file can hold', async () => {
  const world = await worldOf({ member: { role: 'member', password: 'secret-1' } });
  expect(JourneyWorld.parse(JSON.parse(JSON.stringify(world)))).toMatchObject({
    sides: { target: { web: 'http://127.0.0.1:1/', api: 'http://127.0.0.1:1/api' } },
    accounts: [{ name: 'member', email: 'member@naap.test', password: 'secret-1', session: { token: 'member-token' } }],
    quota: { requests: 10, windowSeconds: 60 },
  });
});

test('workers write as members first, as administrators later, and last as those whose session may end', async () => {
  const world = await worldOf({ given: { role: 'member', disposable: true }, admin: { role: 'admin' }, member: { role: 'member' }, other: { role: 'member' } });
  expect(world.accounts.map(({ name }) => name)).toEqual(['member', 'other', 'admin', 'given']);
});

test('a worker without an account of its own is told how many there may be', async () => {
  const world = await worldOf({ member: { role: 'member' } });
  expect(accountOf(world, 0).name).toBe('member');
  expect(() => accountOf(world, 1)).toThrowError(expect.objectContaining({ code: 'USAGE', remedy: expect.stringMatching(/--workers 1,/) }) as GateError);
});

test('credentials are the worker’s own where it has any, else those of somebody who has', async () => {
  const world = await worldOf({ member: { role: 'member' }, admin: { role: 'admin', password: 'secret-1' } });
  const own = accountOf(world, 0);
  expect(fitting(world, own, ({ password }) => password !== undefined)?.name).toBe('admin');
  expect(fitting(world, own, ({ role }) => role === 'member')).toBe(own);
  expect(fitting(world, own, ({ role }) => role === 'owner')).toBeUndefined();
});

test('a journey is ours, a test of the user’s own, or not run with the reason', () => {
  const surface = naapSurface({ web: { journeys: { 'community-post': { spec: '/e2e/post.spec.ts' }, 'wallet-connect': null } } });
  const { 'community-post': post, 'wallet-connect': wallet, ...others } = journeysOf(surface);
  expect([post, wallet]).toEqual([{ spec: '/e2e/post.spec.ts' }, { notRun: 'The surface says nothing of it (surface.web.journeys.wallet-connect).' }]);
  expect(new Set(Object.values(others))).toEqual(new Set(['ours']));
  expect(Object.values(journeysOf({ web: undefined }))).toHaveLength(JOURNEY_IDS.length);
});
