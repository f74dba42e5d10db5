import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openChain, parseChain } from './chain.ts';
import { GateError } from './model.ts';
import { scanChain } from './scan-chain.ts';

function written(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'naap-gate-scan-'));
  const chain = openChain(join(folder, 'c.ndjson'), { now: () => new Date(0), toText: (text) => text });
  for (let number = 0; number < 6; number += 1) chain.append({ type: number % 2 === 0 ? 'even' : 'odd', number, text: 'ä"\\\n' });
  chain.close();
  const bytes = readFileSync(join(folder, 'c.ndjson'));
  rmSync(folder, { recursive: true });
  return bytes;
}
const scan = (bytes: Buffer) => scanChain(bytes, (type) => type === 'odd');

test('the lines that are asked for come whole; the others are counted', () => {
  const { lines, count, lastAt, types, tornBytes, damage } = scan(written());
  expect(lines.map(({ seq, type, text }) => [seq, type, (JSON.parse(text) as { number: number }).number])).toEqual([
    [1, 'odd', 1],
    [3, 'odd', 3],
    [5, 'odd', 5],
  ]);
  expect([count, lastAt, [...types], tornBytes, damage]).toEqual([6, '1970-01-01T00:00:00.000Z', ['even', 'odd'], 0, undefined]);
});

test('nothing at all, and a line that was cut off', () => {
  expect(scan(Buffer.alloc(0))).toMatchObject({ lines: [], count: 0, tornBytes: 0 });
  expect(scan(written().subarray(0, -4))).toMatchObject({ count: 5, tornBytes: expect.any(Number), lastAt: '1970-01-01T00:00:00.000Z' });
  expect(scan(written().subarray(0, 30))).toMatchObject({ count: 0, tornBytes: 30 });
});

test('wherever a byte of a line that another stands on is changed, the scan finds it as the reader does', () => {
  const whole = written();
  const before = whole.lastIndexOf(0x0a, whole.length - 2);
  const unseen: number[] = [];
  for (let at = 0; at < before; at += 1) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    if (scan(changed).damage === undefined) unseen.push(at);
    expect(() => parseChain(changed, 'c')).toThrow(GateError);
  }
  expect(unseen).toEqual([]);
});

test('lines that are dropped, doubled or swapped do not hold', () => {
  const lines = written().toString().trimEnd().split('\n');
  const joined = (...order: number[]): string | undefined => scan(Buffer.from(order.map((index) => `${lines[index]}\n`).join(''))).damage;
  expect([joined(0, 2, 3), joined(1, 2), joined(0, 0, 1), joined(0, 2, 1)]).toEqual([
    'line 2 carries seq 2, expected 1',
    'line 1 carries seq 1, expected 0',
    'line 2 carries seq 0, expected 1',
    'line 2 carries seq 2, expected 1',
  ]);
});

test('a line with its fields in another order is read too', () => {
  const line = JSON.stringify({ type: 'odd', prev: '0'.repeat(64), at: '2026-11-23T00:00:00.000Z', seq: 0 });
  expect(scan(Buffer.from(`${line}\n`))).toMatchObject({ count: 1, lines: [{ seq: 0, type: 'odd', text: line }] });
  expect(scan(Buffer.from('{"seq":0}\n')).damage).toBe('line 1 is not a line of a journal');
});
