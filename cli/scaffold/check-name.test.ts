import { expect, test } from 'vitest';
import { nameCheck } from './check-name.ts';

test('all other names follow from the id', () => {
  expect(nameCheck('forum-search-latency', 'api')).toMatchObject({
    variable: 'forumSearchLatency',
    metric: 'forum-search.latency',
    title: 'Forum search latency',
    fault: 'api.forum-search-slow',
  });
  expect(nameCheck('latency', 'load')).toMatchObject({ variable: 'latency', metric: 'latency.latency', fault: 'load.latency-slow' });
});

test.each([
  ['Health-latency', 'kebab-case'],
  ['health_latency', 'kebab-case'],
  ['health--latency', 'kebab-case'],
  ['9-lives', 'kebab-case'],
  ['../health', 'kebab-case'],
  ['', 'kebab-case'],
  ['check-latency', 'a noun that names what is measured'],
  ['no-errors', 'a noun that names what is measured'],
  ['is-healthy', 'a noun that names what is measured'],
  ['latency-check', 'a noun that names what is measured'],
  ['delete', 'cannot be the name'],
  ['checks', 'cannot be the name'],
])('"%s" is refused with the rule that it breaks', (id, rule) => {
  expect(() => nameCheck(id, 'api')).toThrowError(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(rule) }));
});
