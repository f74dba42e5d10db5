// Somebody new makes an account: the page says what comes next, and the account is really there (plan §0.1.3).
import { locate } from '../instruments/browser/locate.ts';
import { emailIn } from './answers.ts';
import { described, expect, test } from './journey.ts';
import { emailOf, irremovable, removeWritten } from './written.ts';

test.use({ actor: 'nobody' });

test('somebody new makes an account and can log in with it', async ({ page, world, http, tools, tag, go, undo, quota }) => {
  const form = described(world, 'user-registration');
  const { login } = world.surface.auth;
  const email = emailOf(tag);
  const password = `Aa1!-${tag}`;
  undo(`the user ${email}`, async () => [...(await removeWritten(tools, (text) => text === email)), ...irremovable(world, email)]);
  await quota(2);

  await go(form.path);
  await locate(page, form.displayName).fill(tag);
  await locate(page, form.email).fill(email);
  await locate(page, form.password).fill(password);
  if (form.confirmPassword !== undefined) await locate(page, form.confirmPassword).fill(password);
  await locate(page, form.submit).click();
  await expect(page, 'registration leads to where the surface says').toHaveURL(({ pathname }) => pathname === form.landing);
  await page.waitForURL(({ pathname }) => pathname !== form.path);
  if (login === undefined) throw new Error('The surface names no login (surface.auth.login): whether the account exists cannot be told.');
  const { status, json } = await http.send({ method: 'POST', path: login, body: { email, password } });
  expect([status, emailIn(json)], 'the new account can log in').toEqual([200, email]);
});
