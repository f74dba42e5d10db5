import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readTar, writeTar } from './tar.ts';

const FILES = [
  { name: 'manifest.json', bytes: Buffer.from('{}') },
  { name: `artifacts/${'a'.repeat(64)}`, bytes: Buffer.alloc(513, 7) },
  { name: 'empty', bytes: Buffer.alloc(0) },
];

test('what is written is read again, and by tar itself', () => {
  const bytes = writeTar(FILES);
  expect(readTar(bytes).map(({ name, bytes: content }) => [name, Buffer.from(content)])).toEqual(FILES.map(({ name, bytes: content }) => [name, content]));
  expect(execFileSync('tar', ['tf', '-'], { input: bytes }).toString().trim().split('\n')).toEqual(FILES.map(({ name }) => name));
});

test('any flipped bit outside a content, a byte too many or too few is refused', () => {
  const bytes = writeTar(FILES);
  const contents = [
    [512, 2],
    [1536, 513],
  ] as const;
  const outside = [...bytes.keys()].filter((at) => !contents.some(([start, length]) => at >= start && at < start + length));
  const flip = (at: number): Buffer => Buffer.from(bytes).fill((bytes[at] ?? 0) ^ 1, at, at + 1);
  const isRefused = (content: Buffer): boolean => {
    try {
      readTar(content);
    } catch (error) {
      return error instanceof RangeError;
    }
    return false;
  };
  // A flipped letter of a name, with the checksum made anew, is another file: that is for the manifest to find.
  expect(outside.filter((at) => !isRefused(flip(at)))).toEqual([]);
  expect([Buffer.concat([bytes, Buffer.alloc(512)]), bytes.subarray(0, -1), Buffer.alloc(0), Buffer.from('no tar')].map(isRefused)).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test('a name that is too long or has other letters than those of a bundle is not written', () => {
  expect(() => writeTar([{ name: 'a'.repeat(100), bytes: Buffer.alloc(0) }])).toThrow(RangeError);
  expect(() => writeTar([{ name: 'a b', bytes: Buffer.alloc(0) }])).toThrow(RangeError);
});
