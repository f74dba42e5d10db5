// Judges what a bundler wrote of its output: files were built, and each has a hash of its content in its name, so that it may be cached for a year. Called through documentChecks.
import type { DocumentChecks } from '../../gates/model.ts';
import { isRecord, readJson } from './document-text.ts';
import { type Manifest, readManifest } from './manifest-forms.ts';
import { counted, grouped, listed } from './words.ts';

/** Looked up under its name and revalidated each time, or never served to browsers: needs no hash. */
const UNHASHED = /\.(?:html?|map|txt|LICENSE)$/i;

export const judgeBundleManifest: DocumentChecks['bundle-manifest'] = (bytes) => {
  const json = readJson(bytes);
  if (!isRecord(json)) throw new Error('it is no manifest: no JSON object');
  const { form, files, contradictions } = readManifest(json);
  const served = files.filter(({ name }) => !UNHASHED.test(name));
  const against = findAgainst(served, contradictions);
  if (against.length > 0) return { ok: false, text: `${form}: ${against.join(' ')}` };
  const sized = served.flatMap(({ bytes: size }) => size ?? []);
  const sum = sized.length === served.length ? `, ${grouped(sized.reduce((so, one) => so + one, 0))} bytes together` : '';
  return { ok: true, text: `${form}: ${counted(served.length, 'file')}, each with a hash of its content in its name${sum}.` };
};

function findAgainst(served: Manifest['files'], contradictions: readonly string[]): readonly string[] {
  const bare = withoutHash(served.map(({ name }) => name));
  const empty = served.filter(({ bytes }) => bytes !== undefined && !(Number.isSafeInteger(bytes) && bytes > 0)).map(({ name }) => name);
  return [
    contradictions.length > 0 ? `it contradicts itself: ${listed(contradictions)}.` : [],
    served.length === 0 ? 'it names no file that was built.' : [],
    bare.length > 0 ? `${counted(bare.length, 'file')} of ${served.length} without a hash of the content in the name: ${listed(bare)}.` : [],
    empty.length > 0 ? `${counted(empty.length, 'file')} of no bytes: ${listed(empty)}.` : [],
  ].flat();
}

/** Of 8 random characters of base64url about 0.24 % read as a word with digits after it: a few of many files may. */
const WORDS_BY_CHANCE = 0.02;

function withoutHash(names: readonly string[]): readonly string[] {
  const seen = names.map((name) => ({ name, ending: endingOf(name) }));
  const words = seen.filter(({ ending }) => ending === 'word').length;
  const areByChance = words <= Math.floor(names.length * WORDS_BY_CHANCE);
  return seen.filter(({ ending }) => ending === 'none' || (ending === 'word' && !areByChance)).map(({ name }) => name);
}

/** Next.js versions these by the folder, which is the build's id. */
const BY_FOLDER = /(?:^|\/)static\/(?!development\/)[^/]{8,}\/_(?:build|ssg|clientMiddleware)Manifest\.js$/;
/** webpack, Next.js, Parcel. */
const HEXADECIMAL = /^(?=.*\d)[0-9a-f]{8,}$/;
const DATE = /^(?:19|20)\d{6}$/;
/** What rollup and Vite (base64url) and esbuild (base32) put at the end: 8 characters. Rollup's may have a hyphen of its own. */
const AT_THE_END = /[-._~]([A-Za-z0-9_-]{8})$/;
const WORD = /^[A-Za-z]?[a-z]*\d*$/;

function endingOf(path: string): 'hash' | 'word' | 'none' {
  const name =
    path
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? '';
  const stem = name.replace(/(?:\.(?:min|module|legacy|chunk|bundle|worker))*\.[a-z0-9]+$/i, '');
  if (BY_FOLDER.test(path) || stem.split(/[-._~]/).some((part) => HEXADECIMAL.test(part) && !DATE.test(part))) return 'hash';
  const [, end] = AT_THE_END.exec(stem) ?? [];
  if (end === undefined) return 'none';
  return WORD.test(end) ? 'word' : 'hash';
}
