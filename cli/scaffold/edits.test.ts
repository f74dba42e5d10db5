import { expect, test } from 'vitest';
import { withBinding, withCheck, withElement, withImport, withName } from './edits.ts';

test('an import goes after the last one, also where that spans lines', () => {
  expect(withImport("import a from 'a';\nimport {\n  b,\n} from 'b';\n\nconst c = 1;\n", "import d from 'd';")).toBe(
    "import a from 'a';\nimport {\n  b,\n} from 'b';\nimport d from 'd';\n\nconst c = 1;\n",
  );
});

test('a check goes into its own suite', () => {
  const text = 'export const suites = {\n  api: [one, two],\n  load: [\n    three,\n  ],\n};\n';
  expect(withCheck(text, 'api', 'four')).toContain('  api: [one, two, four],');
  expect(withCheck(text, 'load', 'four')).toMatch(/three, four\]/);
  expect(withCheck(text, 'web', 'four')).toBeUndefined();
});

test('a binding goes behind those of its row, whatever brackets its texts and comments hold', () => {
  const text = "x.measured({ row: 'a', text: 'One) (of' }, first),\nx.measured(\n  { row: 'b', text: 'Two' },\n  // a :-) comment\n  second('(', [1]),\n),\n";
  expect(withBinding(text, 'a', 'added')).toContain("text: 'One) (of' }, first, added),");
  expect(withBinding(text, 'b', 'added')).toContain("second('(', [1]), added),");
});

test('a row that is not there, or there twice, is not guessed at', () => {
  const row = "x.measured({ row: 'a', text: 'A' }, first),\n";
  expect(withBinding(row, 'b', 'added')).toBeUndefined();
  expect(withBinding(row + row, 'a', 'added')).toBeUndefined();
});

test('a name is imported once', () => {
  expect(withName("import { a } from './m.ts';\n", 'b', './m.ts')).toBe("import { a, b } from './m.ts';\n");
  expect(withName("import { a, b } from './m.ts';\n", 'b', './m.ts')).toBe("import { a, b } from './m.ts';\n");
  expect(withName("import { a } from './n.ts';\n", 'b', './m.ts')).toBe("import { a } from './n.ts';\nimport { b } from './m.ts';\n");
});

test('an element goes to the end of the array that ends the file', () => {
  expect(withElement('const a = [\n  1,\n];\nconst b = [\n  2,\n];\n', '  3,\n')).toBe('const a = [\n  1,\n];\nconst b = [\n  2,\n  3,\n];\n');
  expect(withElement('const a = 1;\n', '  3,\n')).toBeUndefined();
});
