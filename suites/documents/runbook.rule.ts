// Judges a runbook in Markdown: the headings that it must have, each with something below it that a person can follow. Called through documentChecks.
import { Lexer, type Token } from 'marked';
import type { DocumentChecks } from '../../gates/model.ts';
import { linesOf, readText } from './document-text.ts';
import { counted, listed } from './words.ts';

/** Nobody follows a longer one; the plan itself has 75 000. Characters. */
const LONGEST = 1024 * 1024;
/** Below a heading, placeholders not counted. */
const LEAST_WORDS = 3;

export const judgeRunbook: DocumentChecks['runbook'] = (bytes, { headings }) => {
  const text = readText(bytes);
  if (text.length > LONGEST) throw new Error(`it has ${text.length} characters; a runbook of more than ${LONGEST} is not read`);
  const sections = sectionsOf(text);
  if (sections.length === 0) return { ok: false, text: `It has no heading; needed are ${headings.join(', ')}. Is it Markdown?` };
  const found = headings.map((heading) => ({ heading, below: sections.filter(({ title }) => isHeading(title, heading)) }));
  const missing = found.filter(({ below }) => below.length === 0).map(({ heading }) => heading);
  const hollow = found.flatMap(({ below }) => below.filter(({ words }) => words < LEAST_WORDS).map(({ title }) => title));
  const against = [
    missing.length > 0 ? `It lacks ${counted(missing.length, 'heading')}: ${missing.join(', ')}.` : [],
    hollow.length > 0 ? `Nothing to follow stands below ${listed([...new Set(hollow)])}: placeholders, comments or fewer than ${LEAST_WORDS} words.` : [],
  ].flat();
  return against.length === 0
    ? { ok: true, text: `${counted(headings.length, 'required heading')} (${headings.join(', ')}), each with text below.` }
    : { ok: false, text: against.join(' ') };
};

interface Section {
  readonly title: string;
  /** Words below the heading, those of its subsections too. */
  readonly words: number;
}

/** Blocks alone are read: headings within a code block, a quotation or a comment are none. One pass from the end, so that a long document takes no longer for its headings. */
function sectionsOf(text: string): readonly Section[] {
  const blocks = new Lexer().blockTokens(linesOf(text).join('\n').replace(FRONT_MATTER, ''));
  const sections: Section[] = [];
  let words = 0;
  /** For each depth: words from the next heading of that depth or above to the end. */
  const after = Array<number>(DEPTHS + 1).fill(0);
  for (const block of blocks.toReversed()) {
    if (block.type !== 'heading') {
      words += countWords(block);
      continue;
    }
    const depth = depthOf(block);
    sections.push({ title: textOf(block).replace(/\s*#*\s*$/, ''), words: words - (after[depth] ?? 0) });
    after.fill(words, depth);
  }
  return sections.toReversed();
}
/** `#` to `######`. */
const DEPTHS = 6;
const FRONT_MATTER = /^---\n[\s\S]*?\n---(?=\n|$)/;
function depthOf(block: Token): number {
  return 'depth' in block && typeof block.depth === 'number' ? block.depth : 0;
}
function textOf(block: Token): string {
  return 'text' in block && typeof block.text === 'string' ? block.text : block.raw;
}

/** Case, numbering, punctuation and what follows do not matter: "## 2. STEPS, in order" is the heading "Steps". */
function isHeading(title: string, asked: string): boolean {
  const [have, want] = [plain(title), plain(asked)];
  return have === want || have.startsWith(`${want} `);
}
function plain(words: string): string {
  const letters = words
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return letters.replace(/^(?:\d+ )+(?=\p{L})/u, '');
}

/** Written by those who mean to write later; a line that begins so says nothing. */
const PLACEHOLDER =
  /^(?:to ?do|tbd|tba|tbc|fixme|xxx|wip|to be (?:done|defined|written|added|determined|completed|filled)|coming soon|work in progress|placeholder|lorem ipsum|n\/?a|none|fill (?:this )?in|add (?:text|content|details) here|see above)\b/i;
const SLOT = /^(?:<[^>]*>|\[[^\]]*\]|\{[^}]*\}|_+|\.{2,}|…)\W*$/;

/** Marks at the beginning of a line: list items, boxes to tick, quotations, cells of tables, emphasis. */
const MARKS = /^(?:[>*+|_`~-]+|\d+[.)]|\[[ x]\]|\s)+/i;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
/** Of shells, SQL, JavaScript, INI files and batch files. */
const CODE_COMMENT = /^(?:#|\/\/|--|;|\/\*|\*|rem\b)/i;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.@/_:-]*/gu;

function countWords(block: Token): number {
  if (block.type === 'code') return countCommands(textOf(block));
  const text = block.raw.replace(COMMENT, '');
  return countText(block.type === 'html' ? text.replace(/<[^>]*>/g, ' ') : text);
}

/** A command counts for as many words as a sentence must have: `./rollback.sh` is something to follow. */
function countCommands(code: string): number {
  return code.split('\n').filter((line) => /\w/.test(line) && !CODE_COMMENT.test(line.trim()) && !isPlaceholder(line.trim())).length * LEAST_WORDS;
}

function countText(text: string): number {
  const lines = text.split('\n').map((line) => line.replace(MARKS, '').trim());
  return lines.filter((line) => !isPlaceholder(line)).reduce((sum, line) => sum + (line.match(WORD)?.length ?? 0), 0);
}

function isPlaceholder(line: string): boolean {
  return PLACEHOLDER.test(line) || SLOT.test(line);
}
