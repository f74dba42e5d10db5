// Somebody logs in with a password: a wrong one is refused in words, the right one opens a session that stays (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { emailIn } from './answers.ts';
import { described, expect, sessionIn, settle, test } from './journey.ts';
import { fitting } from './make-world.ts';

test.use({ actor: 'nobody' });

test('somebody logs in, and a wrong password does not', async ({ page, context, world, http, account, go, quota }) => {
  const form = described(world, 'user-login');
  const { email, password } = fitting(world, account, (one) => one.password !== undefined) ?? {};
  if (email === undefined || password === undefined) throw new Error('No account has a password to log in with.');
  const whoIsIt = async (): Promise<readonly unknown[]> => {
    const { status, json } = await http.send({ path: world.surface.auth.me, as: await sessionIn(context) });
    return [status, emailIn(json)];
  };
  await quota(2);

  await go(form.path);
  await locate(page, form.email).fill(email);
  await locate(page, form.password).fill(`not-${password}`);
  await locate(page, form.submit).click();
  const refusal = form.refusal === undefined ? page.getByRole('alert').filter({ hasText: /\S/ }) : locate(page, form.refusal);
  await expect(refusal.first(), 'a wrong password is refused in words').toBeVisible();
  expect(await whoIsIt(), 'a wrong password opens no session').toEqual([401, undefined]);

  await locate(page, form.password).fill(password);
  await locate(page, form.submit).click();
  await expect(page, 'login leads to where the surface says').toHaveURL(({ pathname }) => pathname === form.landing);
  await expect.poll(whoIsIt, 'the session is of who logged in').toEqual([200, email]);

  await page.reload();
  await settle(page);
  expect((await whoIsIt())[0], 'the session is still there after a reload').toBe(200);
});
