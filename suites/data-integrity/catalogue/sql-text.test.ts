import { expect, test } from 'vitest';
import { rewriteSql, withoutQualifiers } from './sql-text.ts';

const rewriting = { ownSchemas: new Set(['shop']), rename: (name: string): string => (name === 'User' ? 'account' : name) };

test.each<readonly [string, string, string]>([
  ['a qualifier of an own schema goes', 'SELECT * FROM shop."Thing"', 'SELECT * FROM "Thing"'],
  ['a qualifier of another schema stays', 'SELECT * FROM core."Thing"', 'SELECT * FROM core."Thing"'],
  ['a column that is named as the schema stays', 'SELECT t.shop.x', 'SELECT t.shop.x'],
  ['a renamed table is renamed, and quoted only where it must be', 'FROM "User" u', 'FROM account u'],
  ['what a literal says stays', `DEFAULT 'shop.User'::text`, `DEFAULT 'shop.User'::text`],
  ['a literal that names an object is one', `nextval('shop."User"'::regclass)`, `nextval('account'::regclass)`],
  ['a quote in a comment begins no literal', `-- it's\nshop.x`, `-- it's x`],
  ['a literal with backslashes ends where it ends', `E'it\\'s shop.x', shop.y`, `E'it\\'s shop.x', y`],
  ['spaces do not count', 'a  =\n b', 'a = b'],
])('%s', (_, text, expected) => {
  expect(rewriteSql(text, rewriting)).toBe(expected);
});

test('a body is kept to the letter', () => {
  expect(rewriteSql('BEGIN\n  shop.x;\nEND', { ...rewriting, isExact: true })).toBe('BEGIN\n  x;\nEND');
});

test('without qualifiers numbers stay numbers', () => {
  expect(withoutQualifiers('SELECT u.id, 1.5 FROM "User" u WHERE "User".x > 2.0')).toBe('SELECT id, 1.5 FROM "User" u WHERE x > 2.0');
});
