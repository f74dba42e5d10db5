import { expect, test } from 'vitest';
import { withEntry } from './json-array.ts';

const NEW = { criterion: 'b', max: 5 };

test.each<readonly [string, string, number | undefined, string]>([
  ['an empty array', '[]', undefined, '[\n  {\n    "criterion": "b",\n    "max": 5\n  }\n]'],
  [
    'a list over several lines',
    '[\n  {\n    "criterion": "a"\n  }\n]\n',
    undefined,
    '[\n  {\n    "criterion": "a"\n  },\n  {\n    "criterion": "b",\n    "max": 5\n  }\n]\n',
  ],
  ['a list of one-liners', '[\n\t{ "criterion": "a, ]}\\"" }\n]', undefined, '[\n\t{ "criterion": "a, ]}\\"" },\n\t{ "criterion": "b", "max": 5 }\n]'],
  ['a list on one line', '[{"criterion":"a"}]', undefined, '[{"criterion":"a"}, {"criterion":"b","max":5}]'],
  [
    'an object that holds the list, after another list',
    '{ "other": [ [1], "]" ],\r\n  "waivers" : [\r\n    { "criterion": "a" }\r\n  ],\r\n  "end": true }\r\n',
    undefined,
    '{ "other": [ [1], "]" ],\r\n  "waivers" : [\r\n    { "criterion": "a" },\r\n    { "criterion": "b", "max": 5 }\r\n  ],\r\n  "end": true }\r\n',
  ],
  [
    'an object with an empty list',
    '{\n    "waivers": [ ]\n}\n',
    undefined,
    '{\n    "waivers": [\n        {\n            "criterion": "b",\n            "max": 5\n        }\n    ]\n}\n',
  ],
  [
    'an entry that is replaced where it stands',
    '[\n  { "criterion": "b" },\n  { "criterion": "c" }\n]',
    0,
    '[\n  { "criterion": "b", "max": 5 },\n  { "criterion": "c" }\n]',
  ],
])('%s keeps its manner', (_name, text, index, expected) => {
  const written = withEntry(text, 'waivers', NEW, index);
  expect(written).toBe(expected);
  expect(() => JSON.parse(written)).not.toThrow();
});
