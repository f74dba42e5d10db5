// Measures whether somebody without a mouse can log in and write a post (WCAG 2.1.1); beside accessibility.check.ts, because it writes.
import { z } from 'zod';
import { type Case, type Check, type CheckContext, type CheckEvent, GateError, type Instrument, type Session } from '../../gates/model.ts';
import { type OpenBrowser, openBrowser } from '../instruments/browser/open-browser.ts';
import { measureCases } from '../instruments/measure-cases.ts';
import { lastingAccount } from '../instruments/lasting-account.ts';
import { type Trial, runTrial } from './cases.ts';
import { type Typist, loginTrial, postTrial } from './keyboard-journeys.ts';

const Options = z.strictObject({});
type Options = z.infer<typeof Options>;

async function* measure(context: CheckContext): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const browser = await openBrowser(context);
  try {
    const cases: Case[] = [];
    const absent: Record<string, string> = {};
    for (const journey of [login, post]) {
      yield { kind: 'progress', text: 'going by keyboard alone' };
      const outcome = await journey(context, browser);
      if ('absent' in outcome) absent[outcome.absent] = 'not in the surface';
      else cases.push(...outcome.cases);
    }
    const instrument: Instrument = { name: 'keyboard', version: browser.version, healthy: true, facts: absent };
    yield { kind: 'measurement', measurement: measureCases(context, 'accessibility.keyboard-journeys', cases, startedAt, instrument) };
    yield { kind: 'end-of-round' };
  } finally {
    await browser.close();
  }
}

/** `absent`: the surface says that there is no such journey, so that there is no such case. */
type Outcome = { readonly cases: readonly Case[] } | { readonly absent: string };

const notRun = (ids: readonly string[], detail: string): Outcome => ({ cases: ids.map((id) => ({ id, state: 'not-run', detail })) });
const replacedBy = (spec: string): string => `The journey is replaced by a test of your own (${spec}), which cannot be gone through by keyboard from here.`;

async function login(context: CheckContext, browser: OpenBrowser): Promise<Outcome> {
  const form = context.surface.web?.journeys['user-login'];
  if (form === undefined) return { absent: 'user-login' };
  if ('spec' in form) return notRun(['keyboard-login'], replacedBy(form.spec));
  const account = context.accounts.names.findLast((name) => context.accounts.hasPassword(name));
  if (account === undefined) return notRun(['keyboard-login'], 'The environment has no account with a password.');
  return go(context, browser, undefined, (typist) => loginTrial(typist, form, account));
}

async function post(context: CheckContext, browser: OpenBrowser): Promise<Outcome> {
  const ids = ['keyboard-post', 'keyboard-post-focus'];
  const form = context.surface.web?.journeys['community-post'];
  if (form === undefined) return { absent: 'community-post' };
  if ('spec' in form) return notRun(ids, replacedBy(form.spec));
  const account = lastingAccount(context.accounts);
  if (account === undefined) return notRun(ids, 'The environment has no account.');
  const author = await sessionOf(context, account);
  return typeof author === 'string' ? notRun(ids, author) : go(context, browser, account, (typist) => postTrial(typist, form, author));
}

/** Or why there is none. */
async function sessionOf({ accounts }: CheckContext, account: string): Promise<Session | string> {
  try {
    return await accounts.session(account);
  } catch (error) {
    if (error instanceof GateError && error.code === 'LOGIN_FAILED') return error.message;
    throw error;
  }
}

async function go(context: CheckContext, browser: OpenBrowser, as: string | undefined, trial: (typist: Typist) => Trial): Promise<Outcome> {
  const open = await browser.page(as === undefined ? {} : { as });
  try {
    return { cases: await runTrial(trial({ context, open }), context.signal) };
  } finally {
    await open.close();
  }
}

export const keyboardAccess: Check<Options> = {
  id: 'keyboard-access',
  title: 'Logging in and posting without a mouse',
  about: {
    proves:
      'Somebody who has a keyboard alone can log in and write a post: Tab leads to every field and button on the way, Enter does what a click does, and after the post the focus is back where it came from.',
    how: 'Chromium opens the login page as nobody. Tab is pressed until the field for the address has the focus, the address is typed, and so on to the button, where Enter must lead to where the login lands. Then, as an account, the page of the posts: Tab to the button that opens the form, Enter, title and text, Tab to the button that sends, Enter; the form must close, the API must list the post, and the focus must be back at the button. The mouse is never used. The post carries the tag of the run and is removed. What fails is tried once more from the beginning.',
    source:
      'WCAG 2.1.1 and 2.4.3 (https://www.w3.org/TR/WCAG21/). Fields and buttons are those of the journeys user-login and community-post (`surface.web.journeys`). 150 presses of Tab and fifteen seconds are our own: nobody has more patience.',
    leavesOpen:
      'The other eight journeys by keyboard; shortcuts; what a screen reader says. Whether every element of every page can be reached and left again is `accessibility`.',
    whenItFails:
      'The detail names where Tab should have led and where it went. An element that it goes past mostly is a div or a link without href that listens to clicks: make it a button. Where Enter does nothing, the listener is on another event than click. A focus that is not back was on an element that was removed: give it back when the form closes.',
  },
  revision: 1,
  effects: ['read', 'write'],
  needs: ['browser', 'accounts'],
  locks: ['browser', 'auth-quota'],
  after: [],
  options: Options,
  presets: { pr: {}, full: {} },
  metrics: { 'accessibility.keyboard-journeys': { title: 'Journeys that can be finished by keyboard', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'accessibility.keyboard-journeys', required: 'all' }],
  estimate: () => ({ seconds: 5, requests: 80 }),
  timeoutMs: () => 240_000,
  measure,
};
