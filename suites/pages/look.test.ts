import { expect, test } from 'vitest';
import { answerOf, read, StuckPage } from './look.ts';

const PAGE = { url: () => 'https://naap.test/forum?token=abc' };

test('what a page answers in time is its answer, be it an error', async () => {
  expect(await answerOf(PAGE, Promise.resolve(3))).toBe(3);
  await expect(answerOf(PAGE, Promise.reject(new Error('replaced')))).rejects.toThrow('replaced');
});

test('a page that owes its answer is stuck, and is named without the values of its query', async () => {
  const asked = answerOf(PAGE, new Promise(() => undefined), 10);
  await expect(asked).rejects.toThrow(StuckPage);
  await expect(asked).rejects.toThrow('/forum is stuck: it has not answered the browser for 0.01 s.');
});

test('a page that is replaced whenever it is read shows not nothing: it could not be read', async () => {
  const page = { ...PAGE, evaluate: () => Promise.reject(new Error('Execution context was destroyed')), waitForLoadState: () => Promise.resolve() };
  await expect(read(page as never)).rejects.toThrow('/forum could not be read: it is replaced again and again.');
});
