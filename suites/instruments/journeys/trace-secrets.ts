// Finds in a trace of Playwright what would let somebody in: sessions, passwords that were typed, tokens in answers. Pure; whoever stores the trace has them scrubbed.
import { strFromU8, unzipSync } from 'fflate';

/** Shorter values are words (`dark`, `true`), and taking them out of a trace would only spoil it. */
const SHORTEST_HEADER = 12;
const SHORTEST_PASSWORD = 8;

const SECRET_HEADER = /^(cookie|set-cookie|authorization|proxy-authorization)$|token|secret|api-?key|bypass/i;
const SECRET_FIELD = /"(?:[a-z_-]*(?:password|secret|token))"\s*:\s*"([^"\\\s]*)"/gi;
const PASSWORD_PLACE = /passw/i;

/** Each value once. Throws where the bytes are no zip. */
export function secretsInTrace(trace: Uint8Array): readonly string[] {
  const found = Object.entries(unzipSync(trace)).flatMap(([name, content]) => {
    const text = strFromU8(content);
    if (/\.(network|trace)$/.test(name)) return [...linesOf(text).flatMap((line) => secretsIn(line)), ...fieldsOf(text)];
    return fieldsOf(text);
  });
  return [...new Set(found)];
}

type Line = Readonly<Record<string, unknown>>;

function linesOf(text: string): readonly Line[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

function secretsIn(line: Line): readonly string[] {
  return [...headersBelow(line), ...typedPasswords(line)];
}

/** Every `{ name, value }` of a secret header or of a cookie, wherever it stands. */
function headersBelow(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : ofHeader(value as Line);
  return [...own, ...Object.entries(value).flatMap(([key, field]) => (key === 'cookies' ? valuesOf(field) : headersBelow(field)))];
}

function ofHeader({ name, value }: Line): readonly string[] {
  return typeof name === 'string' && typeof value === 'string' && SECRET_HEADER.test(name) ? partsOf(name, value) : [];
}

/** Without scheme, names and attributes: `Bearer x` is x, `a=b; Path=/` is b. */
function partsOf(name: string, value: string): readonly string[] {
  const isCookie = /cookie$/i.test(name);
  const parts = isCookie ? value.split(/[;\n]\s*/).map((part) => part.slice(part.indexOf('=') + 1)) : [value, value.replace(/^\w+ /, '')];
  return parts.filter((part) => part.length >= SHORTEST_HEADER && !/^\w{3}, \d/.test(part));
}

function valuesOf(cookies: unknown): readonly string[] {
  const values = Array.isArray(cookies) ? cookies.map((cookie: unknown) => (cookie as Line)['value']) : [];
  return values.filter((value): value is string => typeof value === 'string' && value.length >= SHORTEST_HEADER);
}

/** What was typed into a field that is named for a password, whether it was ever sent or not. */
function typedPasswords({ method, params }: Line): readonly string[] {
  if (typeof params !== 'object' || params === null || !['fill', 'type', 'pressSequentially'].includes(String(method))) return [];
  const { selector, value, text } = params as Line;
  const typed = value ?? text;
  return PASSWORD_PLACE.test(String(selector)) && typeof typed === 'string' && typed.length >= SHORTEST_PASSWORD ? [typed] : [];
}

/** JSON in bodies, inside strings of JSON too; a value with a space in it is a sentence. */
function fieldsOf(text: string): readonly string[] {
  return [text, text.replaceAll('\\"', '"')].flatMap((form) =>
    [...form.matchAll(SECRET_FIELD)].flatMap(([, value = '']) => (value.length >= SHORTEST_PASSWORD ? [value] : [])),
  );
}
