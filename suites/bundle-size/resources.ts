// What a browser loaded for a page, told apart by type, and which of it a plugin alone brought. Pure; called by weigh-page.ts and bundle-size.check.ts.

/** `data`: what the application asked of its API, which differs with the data rather than with the build. */
export type ResourceType = 'document' | 'script' | 'style' | 'font' | 'image' | 'media' | 'other' | 'data';

export interface Resource {
  readonly url: string;
  readonly type: ResourceType;
  /** Of the body as it was sent, compressed or not; headers are left out: they are not of the build. */
  readonly transferred: number;
  /** Of the body after decompression: what the browser has to parse. */
  readonly parsed: number;
}
export interface Bytes {
  readonly requests: number;
  readonly transferred: number;
  readonly parsed: number;
}

const BY_PROTOCOL: Readonly<Record<string, ResourceType>> = {
  Document: 'document',
  Script: 'script',
  Stylesheet: 'style',
  Font: 'font',
  Image: 'image',
  Media: 'media',
  EventSource: 'data',
  WebSocket: 'data',
  Ping: 'data',
  Preflight: 'data',
  CSPViolationReport: 'data',
};
const BY_MIME: readonly (readonly [RegExp, ResourceType])[] = [
  [/javascript|wasm/, 'script'],
  [/css/, 'style'],
  [/^font\/|font-/, 'font'],
  [/^image\//, 'image'],
  [/^(?:audio|video)\//, 'media'],
];

/** `kind`: of the DevTools protocol. Code that a page fetches and runs by hand is code all the same. */
export function typeOf(kind: string, mime: string): ResourceType {
  const known = BY_PROTOCOL[kind];
  if (known !== undefined) return known;
  const told = BY_MIME.find(([pattern]) => pattern.test(mime))?.[1];
  return told ?? (kind === 'Fetch' || kind === 'XHR' ? 'data' : 'other');
}

/** Code and assets: what a build decides. */
export function built(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ type }) => type !== 'data');
}

export function sumOf(resources: readonly Resource[]): Bytes {
  return {
    requests: resources.length,
    transferred: resources.reduce((sum, { transferred }) => sum + transferred, 0),
    parsed: resources.reduce((sum, { parsed }) => sum + parsed, 0),
  };
}

export function byType(resources: readonly Resource[]): Readonly<Record<string, Bytes>> {
  return Object.fromEntries([...Map.groupBy(resources, ({ type }) => type)].map(([type, own]) => [type, sumOf(own)]));
}

/** What of a plugin's page no other page loaded: its bundle, and whatever else it alone brings. */
export function ownOf(page: readonly Resource[], others: readonly (readonly Resource[])[]): readonly Resource[] {
  const shared = new Set(others.flat().map(({ url }) => url));
  return built(page).filter(({ url, type }) => type !== 'document' && !shared.has(url));
}

export interface CoveredScript {
  readonly source?: string;
  readonly functions: readonly { readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[] }[];
}
export interface CoveredStyle {
  readonly text?: string;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}
export interface Unused {
  /** Characters. */
  readonly total: number;
  readonly unused: number;
}

/** V8 tells ranges from the outermost to the innermost, and the inner one holds. */
export function unusedScript(scripts: readonly CoveredScript[]): Unused {
  return addUp(
    scripts.map(({ source = '', functions }) => {
      const used = new Uint8Array(source.length);
      for (const { ranges } of functions) for (const { startOffset, endOffset, count } of ranges) used.fill(count > 0 ? 1 : 0, startOffset, endOffset);
      return { total: used.length, unused: used.reduce((sum, one) => sum + 1 - one, 0) };
    }),
  );
}

export function unusedStyle(styles: readonly CoveredStyle[]): Unused {
  return addUp(
    styles.map(({ text = '', ranges }) => ({ total: text.length, unused: text.length - ranges.reduce((sum, { start, end }) => sum + end - start, 0) })),
  );
}

function addUp(parts: readonly Unused[]): Unused {
  return { total: parts.reduce((sum, { total }) => sum + total, 0), unused: parts.reduce((sum, { unused }) => sum + unused, 0) };
}
