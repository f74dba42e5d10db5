import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { type Picture, comparePictures, cutOut, isOneColour } from './compare-pictures.ts';

type Colour = readonly [number, number, number];
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: Colour;
}
const WHITE: Colour = [255, 255, 255];
const GREEN: Colour = [11, 107, 79];
const STRICT = { threshold: 0.02, pixels: 8 };

/** White, with these boxes on it. */
function picture(width: number, height: number, ...boxes: readonly Box[]): Picture {
  const png = new PNG({ width, height });
  for (const box of [{ x: 0, y: 0, width, height, colour: WHITE }, ...boxes]) {
    for (let y = box.y; y < box.y + box.height; y += 1)
      for (let x = box.x; x < box.x + box.width; x += 1) png.data.set([...box.colour, 255], (y * width + x) * 4);
  }
  return { png: PNG.sync.write(png), page: { width, height } };
}
const button = (x: number, y = 40, colour = GREEN): Box => ({ x, y, width: 100, height: 40, colour });

test('equal pictures are the same', () => {
  expect(comparePictures(picture(500, 300, button(20)), picture(500, 300, button(20)), STRICT)).toEqual({ same: true, differing: 0 });
});

test('a button that moved by two pixels differs, and it is said where', () => {
  const comparison = comparePictures(picture(500, 300, button(20)), picture(500, 300, button(22)), STRICT);
  expect(comparison).toMatchObject({
    same: false,
    differing: 160,
    words: '160 pixels differ (0.11 %), between 20, 40 and 122, 80.',
    part: { x: 0, y: 0, width: 480, height: 240 },
  });
});

test('as many pixels as are allowed may differ, and not one more', () => {
  const dots = (count: number): Picture => picture(300, 200, { x: 5, y: 5, width: count, height: 1, colour: GREEN });
  expect(comparePictures(picture(300, 200), dots(8), STRICT)).toMatchObject({ same: true, differing: 8 });
  expect(comparePictures(picture(300, 200), dots(9), STRICT)).toMatchObject({ same: false, differing: 9 });
});

test.each<readonly [string, Colour, boolean]>([
  ['5 of 255', [250, 250, 250], true],
  ['6 of 255', [249, 249, 249], false],
])('a ground that is darker by %s: same is %s', (_name, colour, same) => {
  const ground: Box = { x: 0, y: 0, width: 300, height: 200, colour };
  expect(comparePictures(picture(300, 200), picture(300, 200, ground), STRICT).same).toBe(same);
});

test('a page that is longer differs in words, although every pixel that both have is the same', () => {
  const comparison = comparePictures(picture(500, 300, button(20)), picture(500, 340, button(20)), { threshold: 0.02, pixels: 1_000_000 });
  expect(comparison).toMatchObject({ same: false, words: expect.stringMatching(/^The page was 500 × 300 px and is 500 × 340 px\./) });
});

test('a page that is longer below what was looked at differs too', () => {
  const [before, now] = [picture(500, 300), { ...picture(500, 300), page: { width: 500, height: 20_000 } }];
  expect(comparePictures(before, now, STRICT)).toMatchObject({ same: false, differing: 0, words: 'The page was 500 × 300 px and is 500 × 20000 px.' });
});

test('of what differs at the end of a long page the end is shown', () => {
  const comparison = comparePictures(picture(700, 900, button(400, 800)), picture(700, 900, button(440, 800)), STRICT);
  expect(comparison).toMatchObject({ same: false, part: { x: 220, y: 660, width: 480, height: 240 } });
});

test('a part is cut out of a picture, and what lies beyond its edge is empty', () => {
  const cut = PNG.sync.read(
    Buffer.from(cutOut(picture(100, 50, { x: 90, y: 40, width: 10, height: 10, colour: GREEN }).png, { x: 80, y: 30, width: 40, height: 40 })),
  );
  const at = (x: number, y: number): readonly number[] => [...cut.data.subarray((y * 40 + x) * 4, (y * 40 + x) * 4 + 4)];
  expect([cut.width, cut.height]).toEqual([40, 40]);
  expect([at(0, 0), at(15, 15), at(30, 30)]).toEqual([
    [...WHITE, 255],
    [...GREEN, 255],
    [0, 0, 0, 0],
  ]);
});

test('a part that lies wholly beyond a shorter picture is empty', () => {
  const cut = PNG.sync.read(Buffer.from(cutOut(picture(100, 50).png, { x: 0, y: 60, width: 20, height: 20 })));
  expect(cut.data.every((byte) => byte === 0)).toBe(true);
});

test('a picture of one colour is known for one, and a single other pixel is enough not to be', () => {
  expect(isOneColour(picture(30, 30).png)).toBe(true);
  expect(isOneColour(picture(30, 30, { x: 29, y: 29, width: 1, height: 1, colour: GREEN }).png)).toBe(false);
});
