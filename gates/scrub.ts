// Removes secrets before anything is hashed or stored (DESIGN §8): plain, URL-encoded, JSON-escaped and in base64. Called by the journal and the artifact store.
import { scrubBytes } from './scrub-archive.ts';

export interface Scrubber {
  /** Adds a secret value; its name takes its place: `[secret STAGING_DB_URL]`. Values under 4 characters cannot be scrubbed without harm and throw. */
  add(name: string, value: string): void;
  text(text: string): string;
  bytes(bytes: Uint8Array, mediaType: string): Uint8Array;
}

export const SHORTEST_SECRET = 4;
/** A stretch of base64 shorter than this could stand there by chance. */
const SHORTEST_BASE64 = 8;

export function createScrubber(): Scrubber {
  const forms = new Map<string, string>();
  let pattern: RegExp | undefined;
  const text = (input: string): string => {
    pattern ??= forms.size === 0 ? undefined : anyOf([...forms.keys()]);
    return pattern === undefined ? input : input.replace(pattern, (found) => `[secret ${forms.get(found) ?? '?'}]`);
  };
  return {
    add(name, value) {
      if (value.length < SHORTEST_SECRET)
        throw new RangeError(`Secret ${name} has fewer than ${SHORTEST_SECRET} characters and cannot be kept out of reports.`);
      for (const form of formsOf(value)) if (!forms.has(form)) forms.set(form, name);
      pattern = undefined;
    },
    text,
    bytes(bytes, mediaType) {
      if (isText(mediaType)) return new TextEncoder().encode(text(new TextDecoder().decode(bytes)));
      return isArchive(mediaType) ? scrubBytes(bytes, text) : bytes;
    },
  };
}

function formsOf(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, encodeURIComponent(value), encodeURIComponent(value).replaceAll('%20', '+'), escaped, ...base64Forms(value)])];
}

/** The secret inside any base64 text: its stable middle at each of the three byte alignments, both alphabets. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const from = offset === 0 ? 0 : offset + 1;
    const to = encoded.length - ((bytes.length + offset) % 3 === 0 ? 0 : 1);
    const middle = encoded.slice(from, to);
    return middle.length < SHORTEST_BASE64 ? [] : [middle, middle.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function anyOf(values: readonly string[]): RegExp {
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
}

function isText(mediaType: string): boolean {
  return /^text\/|json|xml|javascript|ndjson|typescript/.test(mediaType);
}

function isArchive(mediaType: string): boolean {
  return mediaType === 'application/zip' || mediaType === 'application/gzip';
}
