// Puts one entry into an array of a JSON text, in the manner of its neighbours, and leaves every other character as it stands. Called by `waive`.
import { GateError } from '../../gates/model.ts';

interface Span {
  readonly start: number;
  /** Just after the last character. */
  readonly end: number;
}
interface ArrayPlace {
  /** Of the opening bracket. */
  readonly open: number;
  readonly elements: readonly Span[];
}

/** `text` is JSON: an array, or an object that holds it under `key`. `index`: the entry to replace; undefined: the new one goes last. */
export function withEntry(text: string, key: string, entry: object, index: number | undefined): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const place = arrayPlace(text, key);
  const replaced = index === undefined ? undefined : place.elements[index];
  const like = replaced ?? place.elements.at(-1);
  if (like === undefined) {
    const outer = indentAt(text, place.open);
    const inner = outer + unitOf(text);
    return `${text.slice(0, place.open)}[${newline}${inner}${written(entry, undefined, inner, unitOf(text), newline)}${newline}${outer}]${text.slice(text.indexOf(']', place.open) + 1)}`;
  }
  const indent = indentAt(text, like.start);
  const own = written(entry, text.slice(like.start, like.end), indent, unitOf(text), newline);
  if (replaced !== undefined) return text.slice(0, like.start) + own + text.slice(like.end);
  const isOnItsOwnLine = text.slice(lineStart(text, like.start), like.start).trim() === '';
  return `${text.slice(0, like.end)},${isOnItsOwnLine ? newline + indent : ' '}${own}${text.slice(like.end)}`;
}

/** As its neighbour stands: over several lines, or on one. */
function written(entry: object, like: string | undefined, indent: string, unit: string, newline: string): string {
  if (like !== undefined && !like.includes('\n')) {
    const gap = like.startsWith('{"') ? '' : ' ';
    const colon = /"\s*:\s/.test(like) ? ': ' : ':';
    const fields = Object.entries(entry).map(([name, value]) => `${JSON.stringify(name)}${colon}${JSON.stringify(value)}`);
    return `{${gap}${fields.join(colon === ': ' ? ', ' : ',')}${gap}}`;
  }
  return JSON.stringify(entry, null, unit).replaceAll('\n', newline + indent);
}

function lineStart(text: string, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1;
}
function indentAt(text: string, position: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, position), position))?.[0] ?? '';
}
/** What one level is indented by: that of the first indented line; two spaces where none is. */
function unitOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}

function arrayPlace(text: string, key: string): ArrayPlace {
  const start = skipSpace(text, 0);
  const isArray = text[start] === '[';
  const open = isArray ? start : membersOf(text, start).find(({ name }) => name === key)?.value;
  if (open === undefined) throw new GateError('INTERNAL', `The text holds no array "${key}".`);
  return { open, elements: membersOf(text, open) };
}

interface Member extends Span {
  /** Of an object's member. */
  readonly name?: string;
  /** Where its value begins. */
  readonly value: number;
}

/** Elements of an array, or members of an object. */
function membersOf(text: string, open: number): Member[] {
  const found: Member[] = [];
  let at = skipSpace(text, open + 1);
  while (at < text.length && text[at] !== ']' && text[at] !== '}') {
    const member = memberAt(text, at);
    found.push(member);
    at = skipSpace(text, member.end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

function memberAt(text: string, start: number): Member {
  const end = endOfValue(text, start);
  const colon = skipSpace(text, end);
  if (text[colon] !== ':') return { start, end, value: start };
  const value = skipSpace(text, colon + 1);
  return { start, end: endOfValue(text, value), value, name: JSON.parse(text.slice(start, end)) as string };
}

/** Just after the value that begins there. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const character = text[at] ?? '';
    if (character === '"') at = endOfString(text, at);
    else if (depth === 0 && !'[{'.includes(character)) return at + (/^[^,\]}\s]*/.exec(text.slice(at))?.[0].length ?? 0);
    else {
      if ('[{'.includes(character)) depth += 1;
      if (']}'.includes(character)) depth -= 1;
      at += 1;
    }
  } while (depth > 0);
  return at;
}

function endOfString(text: string, start: number): number {
  return start + (/^"(?:[^"\\]|\\.)*"/.exec(text.slice(start))?.[0].length ?? 1);
}
function skipSpace(text: string, start: number): number {
  return start + (/^\s*/.exec(text.slice(start))?.[0].length ?? 0);
}
