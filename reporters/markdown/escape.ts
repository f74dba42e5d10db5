// Escapes text for GitHub's Markdown: no tags, tables, links, mentions or issue references come out of user text.
import { oneLine } from '../plain-text.ts';

/** Marks that mean something inside a line. */
const INLINE = /[\\`*_[\]<>|~]/gu;
/** A zero-width space keeps GitHub from reading @name, #1, www. and scheme:// as references (what Dependabot and Renovate do). */
const APART = '&#8203;';

/** Text for a paragraph, list item or table cell, on one line. */
export function text(raw: string): string {
  return oneLine(raw)
    .replace(/&/gu, '&amp;')
    .replace(INLINE, (mark) => (mark === '<' ? '&lt;' : mark === '>' ? '&gt;' : `\\${mark}`))
    .replace(/([@#])(?=\w)/gu, `$1${APART}`)
    .replace(/:\/\//gu, `:${APART}//`)
    .replace(/\bwww\./giu, `www${APART}.`);
}

/** The same in a table; an empty cell is a dash. */
export function cell(raw: string): string {
  return raw === '' ? '—' : text(raw);
}

/** Text as code. Longer fences than any run of backticks inside, and no bar that would end a table cell. */
export function tick(raw: string): string {
  const line = oneLine(raw).replaceAll('|', '\u00A6');
  const longest = Math.max(0, ...(line.match(/`+/gu) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}
