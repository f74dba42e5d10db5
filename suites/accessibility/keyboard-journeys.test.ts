import { expect, test } from 'vitest';
import type { HttpResponse, Session } from '../../gates/model.ts';
import { naapSurface } from '../naap-surface.ts';
import { type PostForm, isListed } from './keyboard-journeys.ts';

const author: Session = { account: 'ann', role: 'member', email: 'ann@naap.test', userId: '1', token: 'a-token' };
const form = naapSurface().web?.journeys['community-post'] as PostForm;
const written = { form, author, title: 'tag-1' };

/** An API whose list has the post from the `from`th time on that it is asked. */
function apiThatLists(from: number) {
  let sent = 0;
  const posts = [{ id: '7', title: 'tag-1' }];
  const answer = (): HttpResponse => ({ status: 200, headers: {}, text: '', durationMs: 1, json: { data: { posts: (sent += 1) < from ? [] : posts } } });
  return {
    get sent() {
      return sent;
    },
    send: () => Promise.resolve(answer()),
  };
}

test('a post that the API shows a moment after the page was made all the same', async () => {
  const http = apiThatLists(3);
  expect(await isListed({ http, signal: new AbortController().signal }, written)).toBe(true);
  expect(http.sent).toBe(3);
});

test('once the check is stopped, nobody waits for a post any more', async () => {
  const http = apiThatLists(Infinity);
  await expect(isListed({ http, signal: AbortSignal.abort() }, written)).rejects.toThrow('aborted');
  expect(http.sent).toBe(1);
});
