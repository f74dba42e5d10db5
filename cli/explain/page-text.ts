// Prints a page of `naap-gate explain` for a terminal: wrapped to its width, headings bold where it has colours. Pure; called by the command.
import { createColors } from 'picocolors';
import { wrap } from '../../reporters/wrap.ts';
import type { Style } from '../terminal.ts';
import type { Block, Page, Section } from './page.ts';

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST_TEXT = 110;
const INDENT = '  ';
/** A name longer than this has its text on the lines below. */
const WIDEST_NAME = 24;

type Colours = ReturnType<typeof createColors>;

/** Ends with a newline. */
export function pageText(page: Page, style: Style): string {
  const colours = createColors(style.colour);
  const width = Math.min(style.width, WIDEST_TEXT);
  const head = [colours.bold(colours.cyan(page.id)), ...wrap(page.title, width, INDENT)];
  return `${[...head, ...page.sections.flatMap((section) => sectionLines(section, width, colours))].join('\n')}\n`;
}

function sectionLines({ heading, blocks }: Section, width: number, colours: Colours): string[] {
  return ['', colours.bold(heading), ...blocks.flatMap((block, index) => [...(index > 0 && isApart(block) ? [''] : []), ...blockLines(block, width, colours)])];
}

/** Paragraphs and commands after something else stand apart from it; a list belongs to the sentence before it. */
function isApart({ kind }: Block): boolean {
  return kind === 'text' || kind === 'commands';
}

function blockLines(block: Block, width: number, colours: Colours): string[] {
  switch (block.kind) {
    case 'text':
      return wrap(block.text, width, INDENT);
    case 'items':
      return block.items.flatMap((item) => wrap(item, width, `${INDENT}- `, `${INDENT}  `));
    case 'pairs':
      return pairLines(block.pairs, width, colours);
    case 'commands':
      return block.commands.map((command) => `${INDENT}${colours.cyan(command)}`);
    default:
      return block satisfies never;
  }
}

function pairLines(pairs: readonly (readonly [string, string])[], width: number, colours: Colours): string[] {
  const widest = Math.max(...pairs.map(([name]) => name.length));
  if (widest > WIDEST_NAME) return pairs.flatMap(([name, text]) => [`${INDENT}${colours.bold(name)}`, ...wrap(text, width, `${INDENT}    `)]);
  const hanging = ' '.repeat(INDENT.length + widest + 2);
  return pairs.flatMap(([name, text]) => {
    const [first = '', ...more] = wrap(text, width, hanging);
    return [`${INDENT}${colours.bold(name.padEnd(widest))}  ${first.trimStart()}`, ...more];
  });
}
