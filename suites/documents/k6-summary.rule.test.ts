// Summaries that k6 v2.1 wrote, and each way in which one can be wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeK6Summary } from './k6-summary.rule.ts';

const RULE = { kind: 'k6-summary', describe: 'x' } as const;
const recorded = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'testing', 'recorded', `${name}.json`));
const THRESHOLDS = '4 thresholds held (';

interface Shape {
  metrics: Record<string, { thresholds?: Record<string, boolean>; count?: number; passes?: number; fails?: number } | undefined>;
}
function changed(change: (summary: Shape['metrics']) => void): Buffer {
  const summary = JSON.parse(recorded('k6-export').toString()) as Shape;
  change(summary.metrics);
  return Buffer.from(JSON.stringify(summary));
}

test.each(['k6-export', 'k6-handle-summary'])('%s of a run whose thresholds held is accepted', (name) => {
  const { ok, text } = judgeK6Summary(recorded(name), RULE);
  expect(text).toMatch(/^4[01] requests, no iteration dropped, 4[01] checks held, 4 thresholds held \(/);
  expect(text).toContain(THRESHOLDS);
  expect(text).toContain('http_req_duration p(99)<500');
  expect(ok).toBe(true);
});

test.each(['k6-export-failed', 'k6-handle-summary-failed'])('%s says what did not hold', (name) => {
  const { ok, text } = judgeK6Summary(recorded(name), RULE);
  expect(ok).toBe(false);
  for (const words of ['3 thresholds did not hold: ', 'dropped_iterations count==0', 'iterations were dropped', '3 checks failed.'])
    expect(text).toContain(words);
});

test('the new machine-readable summary tells nothing of thresholds, so it is not enough', () => {
  expect(judgeK6Summary(recorded('k6-new-summary'), RULE)).toMatchObject({ ok: false, text: expect.stringContaining('does not tell whether thresholds held') });
});

test('a run without thresholds was asked nothing', () => {
  expect(judgeK6Summary(recorded('k6-export-no-thresholds'), RULE)).toMatchObject({ ok: false, text: expect.stringContaining('No threshold was set') });
});

test.each<readonly [string, (metrics: Shape['metrics']) => void, RegExp]>([
  ['no request', (metrics) => (metrics['http_reqs'] = { count: 0 }), /^No request was sent\.$/],
  ['no figure on requests', (metrics) => delete metrics['http_reqs'], /^No request was sent\.$/],
  ['a dropped iteration that no threshold forbids', (metrics) => (metrics['dropped_iterations'] = { count: 1 }), /^1 iteration was dropped/],
  ['a failed check that no threshold forbids', (metrics) => (metrics['checks'] = { passes: 39, fails: 1 }), /^1 check failed\.$/],
  [
    'failed requests that no threshold limits',
    (metrics) => (metrics['http_req_failed'] = { passes: 30, fails: 10 }),
    /^30 of 40 requests failed, and no threshold on http_req_failed/,
  ],
  [
    'one threshold crossed',
    (metrics) => (metrics['http_req_duration'] = { thresholds: { 'p(99)<5': true } }),
    /^1 threshold did not hold: http_req_duration p\(99\)<5\.$/,
  ],
])('%s is not enough', (_, change, text) => {
  expect(judgeK6Summary(changed(change), RULE)).toEqual({ ok: false, text: expect.stringMatching(text) });
});

test('failed requests within their threshold are what was asked', () => {
  const bytes = changed((metrics) => (metrics['http_req_failed'] = { passes: 1, fails: 39, thresholds: { 'rate<0.05': false } }));
  expect(judgeK6Summary(bytes, RULE)).toMatchObject({ ok: true });
});

test.each<readonly [string, Buffer, RegExp]>([
  ['nothing', Buffer.from(''), /it is empty/],
  ['a summary cut off', recorded('k6-export').subarray(0, 700), /no JSON, or was cut off/],
  ['a list', Buffer.from('[]'), /no summary of k6/],
  ['other JSON', Buffer.from('{"metrics": 5}'), /no summary of k6: metrics/],
  ['the points of --out json', Buffer.from('{"type":"Metric"}\n{"type":"Point"}\n'), /no JSON, or was cut off/],
  ['a count that is a word', Buffer.from('{"metrics": {"http_reqs": {"count": "40"}}}'), /no summary of k6: metrics\.http_reqs\.count/],
  [
    'a threshold that is a word',
    Buffer.from('{"metrics": {"http_reqs": {"count": 4, "thresholds": {"count>0": "ok"}}}}'),
    /no summary of k6: metrics\.http_reqs\.thresholds/,
  ],
  ['50 MB of garbage', Buffer.alloc(50 * 1024 * 1024, 'x'), /no JSON/],
])('%s cannot be read', (_, bytes, message) => {
  expect(() => judgeK6Summary(bytes, RULE)).toThrow(message);
});

test('a byte order mark and CRLF do not matter', () => {
  const text = JSON.stringify(JSON.parse(recorded('k6-export').toString()), null, 2);
  expect(judgeK6Summary(Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`), RULE)).toMatchObject({ ok: true });
});
