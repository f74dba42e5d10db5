// The journeys that somebody without a mouse must be able to finish: logging in, and writing a post. Used by keyboard-access.check.ts.
import { setTimeout as delay } from 'node:timers/promises';
import { type CheckContext, GateError, type Journeys, type Session } from '../../gates/model.ts';
import { locate, wordsFor } from '../instruments/browser/locate.ts';
import type { OpenPage } from '../instruments/browser/open-browser.ts';
import { readField } from '../instruments/json-field.ts';
import { SHOWN_MS, arrive } from './arrive.ts';
import type { Flaw, Trial } from './cases.ts';
import { holds } from './dialog-cases.ts';
import { strike } from './typing.ts';

type Ours<Journey> = Exclude<NonNullable<Journey>, { readonly spec: string }>;
export type LoginForm = Ours<Journeys['user-login']>;
export type PostForm = Ours<Journeys['community-post']>;

/** What a login or a post may take on a slow application, ms. */
const DONE_MS = 15_000;
/** Between two looks at whether the API has a post. */
const ASK_EVERY_MS = 250;

export interface Typist {
  readonly context: CheckContext;
  readonly open: OpenPage;
}

/** Every try counts against the quota of the auth routes. */
export function loginTrial({ context, open }: Typist, form: LoginForm, account: string): Trial {
  const id = 'keyboard-login';
  return {
    ids: [id],
    open: async () => {
      await open.page.context().clearCookies();
      return arrive(open, { id, path: form.path, access: 'public', shows: [form.email, form.password, form.submit] });
    },
    async look() {
      const { email, password } = context.accounts.credentials(account);
      await context.accounts.authQuota(context.signal);
      const flaw = await strike(open.page, [
        { at: form.email, type: email },
        { at: form.password, type: password },
        { at: form.submit, press: 'Enter' },
      ]);
      return { [id]: flaw ?? (await landingFlaw(open, form)) };
    },
  };
}

async function landingFlaw({ page }: OpenPage, { submit, landing }: LoginForm): Promise<Flaw> {
  const hasLanded = await page
    .waitForURL((url) => url.pathname === landing, { timeout: DONE_MS, waitUntil: 'commit' })
    .then(
      () => true,
      () => false,
    );
  return hasLanded
    ? undefined
    : `Enter on ${wordsFor(submit)} should lead to ${landing}; the page is at ${new URL(page.url()).pathname} after ${DONE_MS / 1000} s.`;
}

/** `keyboard-post-focus` is told apart: a post that was made is one, wherever the focus went. */
export function postTrial({ context, open }: Typist, form: PostForm, author: Session): Trial {
  const [post, focus] = ['keyboard-post', 'keyboard-post-focus'];
  const tag = `${context.tag}-keyboard`;
  context.cleanup(`the posts ${tag}`, () => removePosts(context, form, author, tag));
  let tries = 0;
  return {
    ids: [post, focus],
    open: () => arrive(open, { id: post, path: form.path, access: 'authenticated', shows: [form.open] }),
    async look() {
      const title = `${tag}-${(tries += 1)}`;
      const flaw =
        (await strike(open.page, [{ at: form.open, press: 'Enter' }])) ??
        (await openedFlaw(open, form)) ??
        (await strike(open.page, [
          { at: form.title, type: title },
          { at: form.body, type: `Written by ${title}, who also removes it.` },
          { at: form.submit, press: 'Enter' },
        ])) ??
        (await postedFlaw(context, open, { form, author, title }));
      if (flaw !== undefined) return { [post]: flaw, [focus]: { notPut: 'There was no post after which the focus could return.' } };
      const isBack = await holds(open.page, async () => locate(open.page, form.open).evaluate((element) => element.matches(':focus')));
      return { [post]: undefined, [focus]: isBack ? undefined : `${wordsFor(form.open)} should have the focus again after the post; it has not.` };
    },
  };
}

async function openedFlaw({ page }: OpenPage, form: PostForm): Promise<Flaw> {
  const isOpen = await locate(page, form.title)
    .waitFor({ state: 'visible', timeout: SHOWN_MS })
    .then(
      () => true,
      () => false,
    );
  return isOpen ? undefined : `Enter on ${wordsFor(form.open)} should show ${wordsFor(form.title)}; it did not within ${SHOWN_MS / 1000} s.`;
}

interface Written {
  readonly form: PostForm;
  readonly author: Session;
  readonly title: string;
}

/** The page has let go of the form, and the API has the post. */
async function postedFlaw(context: CheckContext, { page }: OpenPage, { form, author, title }: Written): Promise<Flaw> {
  const isClosed = await locate(page, form.title)
    .waitFor({ state: 'hidden', timeout: DONE_MS })
    .then(
      () => true,
      () => false,
    );
  if (await isListed(context, { form, author, title }))
    return isClosed ? undefined : `The form should close after Enter on ${wordsFor(form.submit)}; it is still open, though the post was made.`;
  return `Enter on ${wordsFor(form.submit)} should make a post; GET ${form.posts} does not show it within ${DONE_MS / 1000} s.`;
}

/** A page may show a post before the API has it, and a list may be kept for a moment. Rejects when the check is stopped. */
export async function isListed({ http, signal }: Pick<CheckContext, 'http' | 'signal'>, { form, author, title }: Written): Promise<boolean> {
  const end = performance.now() + DONE_MS;
  while ((await idsOf({ http }, form, author, title)).length === 0) {
    if (performance.now() >= end) return false;
    await delay(ASK_EVERY_MS, undefined, { signal });
  }
  return true;
}

/** Those whose title begins so. */
async function idsOf({ http }: Pick<CheckContext, 'http'>, { posts, idField }: PostForm, author: Session, title: string): Promise<readonly string[]> {
  const { json } = await http.send({ path: posts, as: author });
  return objectsIn(readField(json, 'data') ?? json)
    .filter((one) => String(one['title']).startsWith(title))
    .flatMap((one) => (typeof one[idField] === 'string' || typeof one[idField] === 'number' ? [String(one[idField])] : []));
}

function objectsIn(json: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof json !== 'object' || json === null) return [];
  const own = Array.isArray(json) ? [] : [json as Readonly<Record<string, unknown>>];
  return [...own, ...Object.values(json).flatMap(objectsIn)];
}

async function removePosts(context: CheckContext, form: PostForm, author: Session, title: string): Promise<void> {
  for (const id of await idsOf(context, form, author, title)) {
    const path = form.undo.replace('{id}', encodeURIComponent(id));
    const { status } = await context.http.send({ method: 'DELETE', path, as: author });
    if (status >= 300 && status !== 404)
      throw new GateError('TARGET_UNHEALTHY', `A post "${title}…" could not be removed: DELETE ${path} answers ${status}.`, { remedy: 'Remove it by hand.' });
  }
}
