// A strict reader of the XML and HTML that reporters write, for their tests: anything that is not well-formed throws. Not a general parser.

export interface ElementNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (ElementNode | string)[];
}

/** Characters that XML 1.0 allows (production 2). */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const TAG = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/uy;
const ATTRIBUTE = /([\w:-]+)="([^"<]*)"/gu;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(#\d+|\w+)?;?/gu, (entity, name: string | undefined) => {
    const known = name?.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : ENTITIES[name ?? ''];
    if (known === undefined || !entity.endsWith(';')) throw new SyntaxError(`Bare or unknown entity ${entity}`);
    return known;
  });
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, decoded(value)] as const);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new SyntaxError(`An attribute stands twice in ${text}`);
  return Object.fromEntries(pairs);
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: (ElementNode | string)[];
}

/** The root element. `voids` are elements without an end tag (HTML); the text of `style` is taken as it stands. Throws SyntaxError. */
export function readMarkup(source: string, voids: ReadonlySet<string> = new Set()): ElementNode {
  const forbidden = FORBIDDEN.exec(source);
  if (forbidden !== null) throw new SyntaxError(`Forbidden character U+${forbidden[0].codePointAt(0)?.toString(16)} at ${forbidden.index}`);
  const text = source.replace(/^(<\?xml [^?]*\?>|<!doctype html>)\n/u, '');
  const document: Open = { name: '#document', attributes: {}, children: [] };
  const open: Open[] = [document];
  let at = 0;
  while (at < text.length) {
    const current = open.at(-1) ?? document;
    const next = text.indexOf('<', at);
    const until = next === -1 ? text.length : next;
    if (until > at) current.children.push(current.name === 'style' ? text.slice(at, until) : decoded(text.slice(at, until)));
    if (next === -1) break;
    TAG.lastIndex = next;
    const tag = TAG.exec(text);
    if (tag === null) throw new SyntaxError(`Not a tag: ${text.slice(next, next + 60)}`);
    place(open, tag, voids);
    at = TAG.lastIndex;
  }
  const roots = document.children.filter((child) => typeof child !== 'string');
  const [root] = roots;
  if (open.length !== 1 || root === undefined || roots.length !== 1) throw new SyntaxError(`Not one closed root: ${open.map(({ name }) => name).join(' > ')}`);
  return root;
}

function place(open: Open[], [, slash, name = '', attributes = '', empty]: RegExpExecArray, voids: ReadonlySet<string>): void {
  if (slash === '/') {
    if (open.length === 1 || open.pop()?.name !== name) throw new SyntaxError(`</${name}> closes nothing`);
    return;
  }
  const element: Open = { name, attributes: attributesOf(attributes), children: [] };
  open.at(-1)?.children.push(element);
  if (empty !== '/' && !voids.has(name)) open.push(element);
}

/** An element and all below it, in document order. */
export function everyElement(root: ElementNode): readonly ElementNode[] {
  return [root, ...root.children.flatMap((child) => (typeof child === 'string' ? [] : everyElement(child)))];
}

export function textOf(node: ElementNode | string): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}
