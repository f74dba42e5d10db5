import { gunzipSync, gzipSync, strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { REMOVED } from './scrub-archive.ts';
import { createScrubber } from './scrub.ts';

const SECRET = 'correct horse battery "staple"';
const scrubber = createScrubber();
scrubber.add('PASSWORD', SECRET);
const PICTURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xd8, 0xff, 0x00]);

/** Every form that a secret may have in the bytes of an archive, entry by entry, unpacked to the end. */
function finds(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  const forms = [SECRET, encodeURIComponent(SECRET), JSON.stringify(SECRET).slice(1, -1), Buffer.from(SECRET).toString('base64').slice(0, -4)];
  if (forms.some((form) => text.includes(form))) return true;
  if (text.startsWith('PK')) return Object.entries(unzipSync(bytes)).some(([name, content]) => finds(strToU8(name)) || finds(content));
  return bytes[0] === 0x1f && bytes[1] === 0x8b && finds(gunzipSync(bytes));
}

test('a secret is in no byte of a stored zip: not in its entries, their names, what is packed in them, or beside a picture', () => {
  const trace = JSON.stringify({ params: { value: SECRET }, cookie: `session=${encodeURIComponent(SECRET)}`, auth: btoa(`me:${SECRET}`) });
  const zip = zipSync({
    'trace.trace': strToU8(trace),
    [`resources/${SECRET}.txt`]: strToU8('x'),
    'resources/body.gz': gzipSync(strToU8(trace)),
    'resources/inner.zip': zipSync({ a: gzipSync(strToU8(SECRET)) }),
    'resources/font.woff': new Uint8Array([...PICTURE, ...strToU8(SECRET)]),
    'resources/picture.png': PICTURE,
  });
  expect(finds(zip)).toBe(true);
  const stored = scrubber.bytes(zip, 'application/zip');
  expect(finds(stored)).toBe(false);
  const entries = unzipSync(stored);
  expect(strFromU8(entries['trace.trace'] ?? new Uint8Array())).toContain('[secret PASSWORD]');
  expect(strFromU8(entries['resources/font.woff'] ?? new Uint8Array())).toBe(REMOVED);
  expect(entries['resources/picture.png']).toEqual(PICTURE);
});

test('what looks packed and cannot be unpacked is removed: nobody knows what is in it', () => {
  const torn = zipSync({ a: strToU8(SECRET) }).slice(0, 40);
  expect(strFromU8(scrubber.bytes(torn, 'application/zip'))).toBe(REMOVED);
});

test('the same archive is stored as the same bytes', () => {
  const zip = zipSync({ a: strToU8('nothing secret') });
  expect(scrubber.bytes(zip, 'application/zip')).toEqual(scrubber.bytes(zip, 'application/zip'));
});
