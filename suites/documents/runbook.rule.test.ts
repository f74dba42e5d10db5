// Runbooks as people write them, and as they write them when there is no time.
import { expect, test } from 'vitest';
import { judgeRunbook } from './runbook.rule.ts';

const RULE = { kind: 'runbook', describe: 'x', headings: ['Preconditions', 'Steps', 'When to roll back'] } as const;
const judge = (text: string): { ok: boolean; text: string } => judgeRunbook(Buffer.from(text), { ...RULE, headings: [...RULE.headings] });
const GOOD = `---
steps: none
---
# Database cutover

## Preconditions
The backup of last night was restored.

## Steps
1. Stop the writers.
2. \`pg_dump\` the ten databases.

## When to roll back
- more than 5 % of requests fail
`;
const withSteps = (below: string): string => GOOD.replace(/1\. Stop[\s\S]*?databases\.\n/, below);

test.each<readonly [string, string]>([
  ['with its headings', GOOD],
  ['with CRLF and a byte order mark', `\uFEFF${GOOD.replaceAll('\n', '\r\n')}`],
  ['in capitals, numbered, with more words behind', GOOD.replace('## Steps', '### 2. STEPS, in order:').replace('When to roll back', '3) When to roll-back?')],
  ['with underlined headings', GOOD.replace('## Steps', 'Steps\n-----')],
  ['whose steps are a command', withSteps('```sh\n# copies the data\n./migrate.sh --all\n```\n')],
  ['whose steps are a table', withSteps('| who | what |\n|---|---|\n| lead | stops the writers |\n')],
  ['whose steps stand below subheadings', withSteps('### First\nStop all the writers.\n\n### Second\nTBD\n')],
  ['with an open end beside what is written', withSteps('Stop all the writers.\n\nTODO: how long does it take?\n')],
])('a runbook %s is accepted', (_, text) => {
  expect(judge(text)).toEqual({ ok: true, text: '3 required headings (Preconditions, Steps, When to roll back), each with text below.' });
});

test.each<readonly [string, string]>([
  ['nothing', ''],
  ['TODO', 'TODO\n'],
  ['TBD in emphasis', '**TBD**\n'],
  ['a list of placeholders', '- TODO: stop the writers some day\n- [ ] tbd\n'],
  ['a slot', '[describe the steps here in detail]\n'],
  ['a comment', '<!-- Stop the writers, then copy everything. -->\n'],
  ['a comment that never ends', '<!-- Stop the writers, then copy everything.\n'],
  ['a comment in a code block', '```sh\n# stop the writers and copy everything\n```\n'],
  ['an empty code block', '```\n```\n'],
  ['dots', '...\n'],
  ['two words', 'See wiki\n'],
  ['a table without rows of words', '| | |\n|---|---|\n| | |\n'],
  ['empty subheadings', '### First of all the steps\n\n### Second of all the steps\n'],
])('%s below a heading is nothing to follow', (_, below) => {
  const { ok, text } = judge(withSteps(below));
  expect(text).toContain('Nothing to follow stands below Steps');
  expect(ok).toBe(false);
});

test.each<readonly [string, string, string]>([
  ['a heading that is not there', GOOD.replace('## Steps', '## Plan'), 'It lacks 1 heading: Steps.'],
  ['a heading within a code block', GOOD.replace('## Steps', '```sh\n## Steps').replace('## When', '```\n\n## When'), 'It lacks 1 heading: Steps.'],
  ['a heading within a comment', GOOD.replace('## Steps', '<!--\n## Steps').replace('## When', '-->\n\n## When'), 'It lacks 1 heading: Steps.'],
  ['a heading that only contains the word', GOOD.replace('## Steps', '## Next steps'), 'It lacks 1 heading: Steps.'],
  ['a heading of another word that begins so', GOOD.replace('## Steps', '## Stepson'), 'It lacks 1 heading: Steps.'],
  [
    'all that a front matter says',
    '---\npreconditions: a b c\nsteps: a b c\n---\n# Title\ntext text text\n',
    'It lacks 3 headings: Preconditions, Steps, When to roll back.',
  ],
  [
    'prose',
    'Preconditions, Steps and When to roll back are well known.\n',
    'It has no heading; needed are Preconditions, Steps, When to roll back. Is it Markdown?',
  ],
])('%s is not enough', (_, markdown, text) => {
  expect(judge(markdown)).toEqual({ ok: false, text });
});

test('one of two equal sections without text is told', () => {
  expect(judge(`${GOOD}\n# Frontend cutover\n## Steps\nTODO\n`)).toMatchObject({ ok: false, text: expect.stringContaining('below Steps') });
});

test.each<readonly [string, Uint8Array, RegExp]>([
  ['nothing', Buffer.from(''), /it is empty/],
  ['a PDF', Buffer.from('%PDF-1.7\n\u0000\u0001'), /binary/],
  ['a file cut off within a character', Buffer.from('# Ü').subarray(0, 3), /no text in UTF-8/],
  ['50 MB of garbage', Buffer.alloc(50 * 1024 * 1024, '# x\n'), /is not read/],
])('%s cannot be read', (_, bytes, message) => {
  expect(() => judgeRunbook(bytes, { ...RULE, headings: [...RULE.headings] })).toThrow(message);
});

test.each(['_a', '> ', '- ', '`a', '[', '|a', '1. a\n', '# a\n', 'a**b', '<a ', '|a|b|\n|-|-|\n'])(
  '200 000 characters of %j take no time to speak of',
  (part) => {
    const startedAt = performance.now();
    try {
      judge(part.repeat(200_000 / part.length));
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
    // What grows with the square would take hours.
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  },
);
