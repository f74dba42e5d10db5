// Prints what the doctor found: by group, what is well on one line, what is not with what is needed and how to get it. Pure; called by the command.
import { createColors } from 'picocolors';
import { counted } from '../../reporters/quantity.ts';
import { wrap } from '../../reporters/wrap.ts';
import type { Style } from '../terminal.ts';
import { type Finding, type Word, WORDS } from './finding.ts';

const WORD_TEXT: Readonly<Record<Word, string>> = { ok: 'OK', note: 'NOTE', warn: 'WARN', missing: 'MISSING', 'not-looked-at': 'NOT LOOKED AT' };
/** The longest word and its gap. */
const WORD_COLUMNS = 15;
const WIDEST_NAME = 22;
const WIDEST_TEXT = 140;

type Colours = ReturnType<typeof createColors>;

function paint(word: Word, text: string, colours: Colours): string {
  switch (word) {
    case 'ok':
      return colours.green(text);
    case 'note':
      return colours.blue(text);
    case 'warn':
      return colours.yellow(text);
    case 'missing':
      return colours.bold(colours.red(text));
    case 'not-looked-at':
      return colours.dim(text);
    default:
      return word satisfies never;
  }
}

export function doctorText(findings: readonly Finding[], title: string, style: Style): string {
  const colours = createColors(style.colour);
  const width = Math.min(style.width, WIDEST_TEXT);
  const groups = [...Map.groupBy(findings, ({ group }) => group)];
  const body = groups.flatMap(([group, own]) => {
    const names = Math.min(WIDEST_NAME, Math.max(...own.map(({ name }) => name.length)));
    return ['', colours.bold(group), ...own.flatMap((finding) => findingLines(finding, names, width, colours))];
  });
  return `${[colours.bold(title), ...body, '', ...wrap(conclusion(findings), width, '')].join('\n')}\n`;
}

function findingLines({ name, word, found, needed, remedy }: Finding, names: number, width: number, colours: Colours): string[] {
  const hanging = ' '.repeat(WORD_COLUMNS + names + 2);
  const head = `${paint(word, WORD_TEXT[word].padEnd(WORD_COLUMNS), colours)}${name.padEnd(names)}`;
  const lines = found.split('\n').flatMap((line) => wrap(line.trim(), width, hanging));
  const [first = '', ...more] = lines;
  const start = name.length > names ? [head, ...lines] : [`${head}  ${first.trimStart()}`, ...more];
  if (word === 'ok') return start;
  return [
    ...start,
    ...(word === 'not-looked-at' ? [] : wrap(`needed: ${needed}`, width, hanging, `${hanging}  `).map(colours.dim)),
    ...(remedy === undefined
      ? []
      : remedy
          .split('\n')
          .flatMap((line) => wrap(line, width, hanging))
          .map(colours.cyan)),
  ];
}

/** Claims no more than what was looked at. */
export function conclusion(findings: readonly Finding[]): string {
  const count = (word: Word): number => findings.filter((one) => one.word === word).length;
  const counts = WORDS.filter((word) => count(word) > 0)
    .map((word) => `${count(word)} ${WORD_TEXT[word].toLowerCase()}`)
    .join(', ');
  const short = count('missing');
  const unseen = count('not-looked-at');
  if (short > 0) return `${counted(short, 'thing')} that ${short === 1 ? 'is' : 'are'} needed ${short === 1 ? 'is' : 'are'} missing (${counts}).`;
  return `Nothing that is needed is missing among what was looked at (${counts}).${unseen > 0 ? ` What was not looked at may be.` : ''}`;
}
