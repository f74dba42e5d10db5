// Takes secrets out of what is packed: zips (traces of a browser), gzip, and bytes that are no text. Called by scrub.ts.
import { gunzipSync, gzipSync, unzipSync, zipSync } from 'fflate';

/** How a secret is taken out of a text. */
type ScrubText = (text: string) => string;

/** Stands in the place of bytes that held a secret and cannot be rewritten without breaking them: a picture, a font. */
export const REMOVED = 'Removed: it held a secret.\n';

const starts = (bytes: Uint8Array, ...magic: readonly number[]): boolean => magic.every((byte, index) => bytes[index] === byte);
const isZip = (bytes: Uint8Array): boolean => starts(bytes, 0x50, 0x4b, 0x03, 0x04);
const isGzip = (bytes: Uint8Array): boolean => starts(bytes, 0x1f, 0x8b);

/** Whatever it is, however deep it is packed. What cannot be unpacked, although it looks packed, is removed: nobody knows what is in it. */
export function scrubBytes(bytes: Uint8Array, scrub: ScrubText): Uint8Array {
  if (isZip(bytes)) return orRemoved(() => scrubZip(bytes, scrub));
  if (isGzip(bytes)) return orRemoved(() => scrubGzip(bytes, scrub));
  const text = new TextDecoder().decode(bytes);
  const clean = scrub(text);
  if (clean === text) return bytes;
  return isText(bytes) ? new TextEncoder().encode(clean) : new TextEncoder().encode(REMOVED);
}

/** Names of entries are scrubbed as well. */
function scrubZip(bytes: Uint8Array, scrub: ScrubText): Uint8Array {
  const entries = Object.entries(unzipSync(bytes)).map(([name, content]) => [scrub(name), scrubBytes(content, scrub)] as const);
  // A fixed time: the same content gives the same digest.
  return zipSync(Object.fromEntries(entries), { level: 6, mtime: new Date('1980-01-02T00:00:00Z') });
}

function scrubGzip(bytes: Uint8Array, scrub: ScrubText): Uint8Array {
  const content = gunzipSync(bytes);
  const clean = scrubBytes(content, scrub);
  return clean === content ? bytes : gzipSync(clean, { mtime: 0 });
}

function orRemoved(work: () => Uint8Array): Uint8Array {
  try {
    return work();
  } catch {
    return new TextEncoder().encode(REMOVED);
  }
}

/** UTF-8 from end to end. */
function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
