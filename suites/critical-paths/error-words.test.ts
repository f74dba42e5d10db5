import { expect, test } from 'vitest';
import { errorWords } from './error-words.ts';

/** As Playwright 1.65 words them. */
const COMPARED = `Error: a wrong password opens no session

expect(received).toEqual(expected) // deep equality

- Expected  - 2
+ Received  + 2

  Array [
-   401,
-   undefined,
+   200,
+   "other@naap.test",
  ]`;
const NOT_VISIBLE = `Error: the post is there after a reload

expect(locator).toBeVisible() failed

Locator: getByText('naap-gate-1', { exact: true })
Expected: visible
Timeout: 8000ms
Error: element(s) not found

Call log:
  - the post is there after a reload with timeout 8000ms
  - waiting for getByText('naap-gate-1', { exact: true })
`;
const VALUES = `Error: the old session is refused

expect(received).toBe(expected) // Object.is equality

Expected: 401
Received: 200`;
const HIDDEN = `TimeoutError: locator.fill: Timeout 10000ms exceeded.
Call log:
  - waiting for getByLabel('Title', { exact: true })
    - locator resolved to <input required="" name="title" id="post-title" maxlength="200"/>
    - fill("secret")
  - attempting fill action
    2 × waiting for element to be visible, enabled and editable
      - element is not visible
    - retrying fill action
`;

test.each([
  ['a comparison', [COMPARED], 'a wrong password opens no session: expected 401, undefined, received 200, "other@naap.test"'],
  [
    'something that is not there',
    [NOT_VISIBLE],
    "the post is there after a reload: at getByText('naap-gate-1', { exact: true }), expected visible, seen element(s) not found",
  ],
  ['two values', [VALUES], 'the old session is refused: expected 401, received 200'],
  ['something that cannot be used', [HIDDEN], "fill of getByLabel('Title', { exact: true }): not possible for 10 s, element is not visible"],
  [
    'something that never came',
    [HIDDEN.replace('      - element is not visible\n', '')],
    "fill of getByLabel('Title', { exact: true }): not possible for 10 s, it was not there",
  ],
  [
    'the time of the whole test',
    ['Test timeout of 30000ms exceeded.', HIDDEN],
    "Test timeout of 30000ms exceeded. fill of getByLabel('Title', { exact: true }): not possible for 10 s, element is not visible",
  ],
  ['words of our own', ['Error: /forum could not be opened. It redirects without end.'], '/forum could not be opened. It redirects without end.'],
  ['nothing', [], ''],
])('%s is said in a sentence, without the call log and what was typed', (_what, errors, words) => {
  expect(errorWords(errors)).toBe(words);
});

test('a sentence ends somewhere', () => {
  expect(errorWords([`Error: ${'x'.repeat(1000)}`])).toHaveLength(300);
});
