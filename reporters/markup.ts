// h(): HTML and SVG as escaped strings. The only place where markup is made, so text can never become a tag; used by html/ and charts/.
import { plain } from './plain-text.ts';

const MARKUP = Symbol('markup');
/** Markup that h() made; a plain string is always text and gets escaped. */
export interface Markup {
  readonly [MARKUP]: string;
}
export type Child = Markup | string | number | false | null | undefined | readonly Child[];
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

const VOID: ReadonlySet<string> = new Set(['meta', 'link', 'br', 'col', 'hr', 'img']);
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes for element content and quoted attributes; control characters become visible. */
export function escapeText(text: string): string {
  return plain(text).replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
}

function inner(child: Child): string {
  if (child === false || child === null || child === undefined) return '';
  if (typeof child === 'string') return escapeText(child);
  if (typeof child === 'number') return String(child);
  return MARKUP in child ? child[MARKUP] : child.map(inner).join('');
}

function attribute([name, value]: readonly [string, string | number | boolean | undefined]): string {
  if (value === undefined || value === false) return '';
  return value === true ? ` ${name}` : ` ${name}="${escapeText(String(value))}"`;
}

/** An element. Tag and attribute names are the program's own and are not escaped; values and children are. */
export function h(tag: string, attributes: Attributes | null, ...children: readonly Child[]): Markup {
  const open = `<${tag}${Object.entries(attributes ?? {})
    .map(attribute)
    .join('')}>`;
  return { [MARKUP]: VOID.has(tag) ? open : `${open}${inner(children)}</${tag}>` };
}

/** Text that the program itself wrote and that must not be escaped: the style sheet. Throws where it could end its element. */
export function style(css: string): Markup {
  if (css.includes('</')) throw new TypeError('A style sheet may not contain "</".');
  return { [MARKUP]: `<style>${css}</style>` };
}

/** A whole document. */
export function documentText(root: Markup): string {
  return `<!doctype html>\n${root[MARKUP]}\n`;
}

/** A fragment as text, for tests and for charts that stand alone. */
export function fragmentText(markup: Markup): string {
  return markup[MARKUP];
}
