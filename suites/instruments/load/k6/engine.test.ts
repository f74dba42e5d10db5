// The engine with commands that stand for a k6 of every temper; the real one is in cli/k6.load.test.ts.
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { LoadResult, Workload } from '../../../../gates/model.ts';
import { figuresOf } from '../histogram.ts';
import { k6Engine } from './engine.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A command with this body in place of k6; `$HERE` is a folder of its own. */
function standIn(body: string): { readonly path: string; readonly here: string } {
  const here = mkdtempSync(join(tmpdir(), 'naap-gate-stand-in-'));
  folders.push(here);
  const path = join(here, 'k6');
  writeFileSync(path, `#!/bin/sh\nHERE=${here}\n${body}\n`);
  chmodSync(path, 0o755);
  return { path, here };
}
const workload: Workload = {
  requests: [{ route: 'a', method: 'GET', url: 'http://127.0.0.1:1/', headers: { authorization: 'Bearer secret' }, weight: 1, ok: [200] }],
  rateRps: 100,
  warmupMs: 0,
  durationMs: 1000,
  timeoutMs: 500,
  seed: 3,
};
function drive(path: string, signal: AbortSignal = new AbortController().signal, work = workload): Promise<LoadResult> {
  return k6Engine({ path, version: 'v2.1.0' }).run(work, () => undefined, signal);
}

/** Points of `count` arrivals, each 10 ms after the last, answered in 5 ms. */
function points(count: number): string {
  const at = (ms: number): string => new Date(Date.parse('2026-11-23T05:00:00Z') + ms).toISOString();
  const line = (metric: string, ms: number, arrival: number): string =>
    JSON.stringify({ metric, type: 'Point', data: { time: at(ms), value: 5, tags: { route: 'a', status: '200' }, metadata: { arrival: String(arrival) } } });
  return Array.from(
    { length: count },
    (_, index) => `${line('http_req_duration', index * 10 + 5, index)}\n${line('iteration_duration', index * 10 + 5, index)}\n`,
  ).join('');
}

test('a whole run is healthy and measured, and its script is kept', async () => {
  const { path, here } = standIn('cat $HERE/points');
  writeFileSync(join(here, 'points'), points(100));
  const result = await drive(path);
  expect(result).toMatchObject({ scheduled: 100, sent: 100, answered: 100, failed: 0, startedAt: '2026-11-23T05:00:00.000Z' });
  expect(figuresOf(result.latency).p50).toBeCloseTo(5, 1);
  expect(result.instrument).toMatchObject({ name: 'k6', version: 'v2.1.0', healthy: true, facts: { dropped: 0, sentRatio: 1, virtualUsers: 100 } });
  expect(result.attachments).toEqual([
    { name: 'k6-seed-3.ts', mediaType: 'text/x-typescript', content: expect.stringContaining('executor": "constant-arrival-rate"') },
  ]);
});

test.each([
  ['says that it is done and has sent nothing', 'exit 0', 'sent ÷ scheduled 0, limit >= 0.999'],
  ['crashes', 'echo "level=error msg=\\"out of memory\\"" >&2; exit 109', 'k6 ended with 109: k6 itself crashed: level=error msg="out of memory"'],
  ['is killed', 'kill -9 $$', 'k6 was ended by SIGKILL'],
  ['is told to stop', 'exit 105', 'k6 ended with 105: it was ended by a signal'],
])('a k6 that %s is sick, with words', async (_, body, why) => {
  const { instrument } = await drive(standIn(body).path);
  expect(instrument.healthy).toBe(false);
  expect(instrument.why).toContain(why);
});

test('a k6 that is killed after it has sent everything is still sick', async () => {
  const { path, here } = standIn('cat $HERE/points\nkill -9 $$');
  writeFileSync(join(here, 'points'), points(100));
  const { sent, instrument } = await drive(path);
  expect(sent).toBe(100);
  expect(instrument).toMatchObject({ healthy: false, why: expect.stringContaining('SIGKILL') });
});

test.each([
  [104, 'it did not accept its options'],
  [107, 'the script threw'],
])('a k6 that refuses the script with %d is an error, with its own words', async (code, words) => {
  await expect(drive(standIn(`echo "GoError: no such file" >&2\nexit ${code}`).path)).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringMatching(new RegExp(`k6 ended with ${code}: ${words}.*GoError: no such file`)),
  });
});

test('a k6 that is not there is a missing tool', async () => {
  await expect(drive('/nowhere/k6')).rejects.toMatchObject({ code: 'TOOL_MISSING', remedy: expect.stringContaining('--load-engine built-in') });
});

test('points that cannot be read are an error, not fewer points', async () => {
  await expect(drive(standIn(`echo '{"metric":"http_req_duration","type":'; sleep 30`).path)).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('the script is for the eyes of its owner, and is gone afterwards; the settings of the shell do not reach k6', async () => {
  const { path, here } = standIn('for last; do :; done; ls -l "$last" > $HERE/listing; env > $HERE/env; dirname "$last" > $HERE/folder');
  await drive(path, undefined, { ...workload, ca: 'PEM OF THE AUTHORITY' });
  expect(readFileSync(join(here, 'listing'), 'utf8')).toMatch(/^-rw------- /);
  const folder = readFileSync(join(here, 'folder'), 'utf8').trim();
  expect(readdirSync(join(folder, '..'))).not.toContain(folder.split('/').at(-1));
  const environment = readFileSync(join(here, 'env'), 'utf8');
  expect(environment).toContain(`SSL_CERT_FILE=${folder}/trusted.pem`);
  expect(environment).not.toMatch(/^(NODE_|npm_|HTTPS?_PROXY|K6_(?!AUTO_EXTENSION))/im);
});

/** An end that was asked for, on a machine that is busy with other things; what is ended would last for a minute. */
const SOON_MS = 15_000;

test('an abort ends k6 at once, and leaves neither it nor its folder', async () => {
  const { path, here } = standIn('echo $$ > $HERE/pid; for last; do :; done; dirname "$last" > $HERE/folder; echo begun > $HERE/begun; exec sleep 60');
  const stop = new AbortController();
  const running = drive(path, stop.signal);
  await expect.poll(() => readdirSync(here)).toContain('begun');
  const abortedMs = performance.now();
  stop.abort(new Error('stopped by the test'));
  await expect(running).rejects.toThrow('stopped by the test');
  expect(performance.now() - abortedMs).toBeLessThan(SOON_MS);
  const pid = Number(readFileSync(join(here, 'pid'), 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  const folder = readFileSync(join(here, 'folder'), 'utf8').trim();
  expect(readdirSync(join(folder, '..'))).not.toContain(folder.split('/').at(-1));
});
