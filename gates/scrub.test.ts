import { expect, test } from 'vitest';
import { createScrubber } from './scrub.ts';

const SECRET = 'p@ss word/"quoted"+1';
const scrubber = createScrubber();
scrubber.add('DB_PASSWORD', SECRET);

test.each([
  ['plain', `x ${SECRET} y`],
  ['in a URL', `https://host/?q=${encodeURIComponent(SECRET)}&r`],
  ['in JSON', JSON.stringify({ password: SECRET })],
  ['in base64, alone', Buffer.from(SECRET).toString('base64')],
  ['in base64, one byte in', Buffer.from(`u:${SECRET}:x`).toString('base64')],
  ['in base64, two bytes in', Buffer.from(`ab${SECRET}xyz`).toString('base64')],
  ['in base64url', Buffer.from(`user:${SECRET}`).toString('base64url')],
])('a secret is removed %s', (_name, text) => {
  const clean = scrubber.text(text);
  expect(clean).toContain('[secret DB_PASSWORD]');
  for (const form of [SECRET, encodeURIComponent(SECRET), JSON.stringify(SECRET).slice(1, -1)]) expect(clean).not.toContain(form);
  const decoded = Buffer.from(clean.replaceAll('[secret DB_PASSWORD]', ''), 'base64').toString('latin1');
  expect(decoded).not.toContain('word/');
});

test('what holds no secret stays as it was, bytes of pictures included', () => {
  expect(scrubber.text('nothing here')).toBe('nothing here');
  const picture = new Uint8Array([137, 80, 78, 71]);
  expect(scrubber.bytes(picture, 'image/png')).toBe(picture);
});

test('a secret too short to be removed without harm is refused', () => {
  expect(() => createScrubber().add('PIN', '123')).toThrowError(/PIN/);
});
