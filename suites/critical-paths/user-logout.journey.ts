// Somebody signs out: the session is refused from then on, the browser has forgotten it, and the pages behind it are closed (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { readField } from '../instruments/json-field.ts';
import type { Session } from '../../gates/model.ts';
import { dataOf } from './answers.ts';
import { described, expect, logIn, test } from './journey.ts';
import { fitting } from './make-world.ts';
import { sessionOf } from './world.ts';

test.use({ actor: 'nobody' });

test('somebody signs out, and the session is over', async ({ page, context, world, http, account, go, anotherTab, quota }) => {
  const { path, submit, refusedBy } = described(world, 'user-logout');
  const session = await ownSession();
  await logIn(context, world, session);

  await go(path);
  await locate(page, submit).click();
  await expect.poll(async () => (await http.send({ path: refusedBy, as: session })).status, 'the old session is refused').toBe(401);
  await expect
    .poll(async () => (await context.cookies()).map(({ name }) => name), 'the browser has forgotten the session')
    .not.toContain(world.surface.auth.cookie);
  // The first tab may still be on its way to wherever the application leads after a logout.
  const tab = await anotherTab();
  await go(path, tab);
  await expect(tab, 'the page behind the session is closed').not.toHaveURL(({ pathname }) => pathname === path);

  /** One that nobody else uses: a new one, or that of an account which is given away for this. */
  async function ownSession(): Promise<Session> {
    const { login } = world.surface.auth;
    const byPassword = fitting(world, account, ({ password }) => login !== undefined && password !== undefined);
    const givenAway = fitting(world, account, ({ disposable }) => disposable === true);
    if (login === undefined || byPassword === undefined) {
      if (givenAway !== undefined) return sessionOf(givenAway);
      throw new Error('No account has a password, or a session that may be ended (disposable).');
    }
    const { name, email, password } = byPassword;
    await quota(1);
    const { status, json } = await http.send({ method: 'POST', path: login, body: { email, password } });
    const token = readField(dataOf(json), 'token');
    if (typeof token !== 'string') throw new Error(`The account ${name} could not log in: POST ${login} answers ${status}.`);
    return { ...sessionOf(byPassword), token, cookies: undefined };
  }
});
