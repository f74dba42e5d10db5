// The audit as people and machines keep it: every success criterion, what a machine looked at, what waits for a person. Pure; its texts become artifacts of accessibility.check.ts.
import type { Covered, Coverage } from './coverage.ts';
import type { Looked } from './findings.ts';
import type { Unseen } from './site-visit.ts';

/** Something that axe could not decide: a person does. */
export interface ForPeople {
  readonly rule: string;
  readonly place: string;
  readonly selector: string;
  readonly why: string;
}

export function undecidedOf(looked: readonly Looked[]): readonly ForPeople[] {
  return looked.flatMap(({ place, look }) =>
    look.undecided.flatMap(({ id, nodes }) => nodes.map(({ selector, why }) => ({ rule: id, place, selector, why: oneLine(why) }))),
  );
}

export interface Audit {
  readonly coverage: Coverage;
  readonly words: string;
  readonly undecided: readonly ForPeople[];
  readonly unseen: readonly Unseen[];
  readonly places: readonly string[];
}

const EVALUATED: Readonly<Record<Covered['evaluated'], string>> = {
  machine: 'by machine, in part',
  'nothing-to-examine': 'waits for a person: no page has what its rules are about',
  person: 'waits for a person: there is no rule for it',
};

/** Markdown. */
export function auditText({ coverage, words, undecided, unseen, places }: Audit): string {
  return [
    '# Accessibility: what was looked at, and what waits for a person',
    words,
    `Looked at: ${places.join(', ') || 'nothing'}.`,
    ...(unseen.length === 0
      ? []
      : [
          '## Not looked at',
          table(
            ['place', 'why'],
            unseen.map(({ place, why }) => [place, why]),
          ),
        ]),
    '## The 50 success criteria of WCAG 2.1 at levels A and AA',
    'What a machine looks at is never all of a criterion: a rule that finds nothing leaves the rest of it to a person.',
    table(
      ['criterion', 'level', 'looked at', 'by', 'violated', 'not decided'],
      coverage.criteria.map((one) => [
        `${one.number} ${one.name}`,
        one.level,
        EVALUATED[one.evaluated],
        one.by.join(', '),
        one.violated.join(', '),
        one.undecided.join(', '),
      ]),
    ),
    '## For a person to decide',
    undecided.length === 0
      ? 'axe left nothing open where it looked.'
      : table(
          ['rule', 'place', 'element', 'why'],
          undecided.map(({ rule, place, selector, why }) => [rule, place, `\`${selector}\``, why]),
        ),
    '',
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => oneLine(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
