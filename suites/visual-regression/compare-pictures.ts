// Holds two pictures of a page against each other, pixel by pixel, and says in words what differs. Pure; called by picture-cases.ts.
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Part extends Size {
  readonly x: number;
  readonly y: number;
}
export interface Picture {
  readonly png: Uint8Array;
  /** Of the whole page, of which the picture may show the upper part. */
  readonly page: Size;
}
export interface Allowance {
  /** Colour distance up to which two pixels are the same, 0…1 (pixelmatch's `threshold`: a share of the greatest distance in YIQ). */
  readonly threshold: number;
  /** Pixels that may differ beyond it, apart from those that antialiasing explains. */
  readonly pixels: number;
}
export type PictureComparison =
  | { readonly same: true; readonly differing: number }
  | { readonly same: false; readonly differing: number; readonly words: string; readonly part: Part; readonly difference: Uint8Array };

/** Around what differs, so that it can be recognised, px. */
const MARGIN = 40;
/** Least size of the part that is shown, px. */
const SHOWN: Size = { width: 480, height: 240 };
/** Greatest height of the part that is shown, px: of a page that differs from top to bottom the top says enough. */
const SHOWN_HEIGHT = 900;

/** Throws what pngjs throws for what is no PNG. */
export function comparePictures(expected: Picture, actual: Picture, { threshold, pixels }: Allowance): PictureComparison {
  const [before, after] = [PNG.sync.read(Buffer.from(expected.png)), PNG.sync.read(Buffer.from(actual.png))];
  const size = { width: Math.max(before.width, after.width), height: Math.max(before.height, after.height) };
  const difference = new PNG(size);
  const [one, other] = [onto(before, size), onto(after, size)];
  const differing = pixelmatch(one.data, other.data, difference.data, size.width, size.height, { threshold, alpha: 0.2 });
  const sizes = sizeWords(expected.page, actual.page);
  if (sizes === undefined && differing <= pixels) return { same: true, differing };
  const box = boxOf(difference) ?? { x: 0, y: 0, ...size };
  return {
    same: false,
    differing,
    words: [sizes, pixelWords(differing, size, box)].filter((part) => part !== undefined).join(' '),
    part: shownPart(box, size),
    difference: PNG.sync.write(difference),
  };
}

/** A page of one colour shows nothing, so nothing can be said of it. */
export function isOneColour(png: Uint8Array): boolean {
  const { data } = PNG.sync.read(Buffer.from(png));
  const pixels = new Uint32Array(Uint8Array.from(data).buffer);
  return pixels.every((pixel) => pixel === pixels[0]);
}

/** The part of a picture; what lies beyond its edge is transparent. */
export function cutOut(png: Uint8Array, part: Part): Uint8Array {
  const whole = PNG.sync.read(Buffer.from(png));
  const cut = new PNG({ width: part.width, height: part.height });
  const width = Math.min(part.width, whole.width - part.x);
  const height = Math.min(part.height, whole.height - part.y);
  if (width > 0 && height > 0) PNG.bitblt(whole, cut, part.x, part.y, width, height, 0, 0);
  return PNG.sync.write(cut);
}

function onto(picture: PNG, size: Size): PNG {
  if (picture.width === size.width && picture.height === size.height) return picture;
  const larger = new PNG(size);
  PNG.bitblt(picture, larger, 0, 0, picture.width, picture.height, 0, 0);
  return larger;
}

function sizeWords(expected: Size, actual: Size): string | undefined {
  const words = ({ width, height }: Size): string => `${width} × ${height} px`;
  return words(expected) === words(actual) ? undefined : `The page was ${words(expected)} and is ${words(actual)}.`;
}

function pixelWords(differing: number, { width, height }: Size, box: Part): string | undefined {
  if (differing === 0) return undefined;
  const share = (100 * differing) / (width * height);
  return `${differing} pixels differ (${Number(share.toPrecision(2))} %), between ${box.x}, ${box.y} and ${box.x + box.width}, ${box.y + box.height}.`;
}

/** pixelmatch paints what differs in pure red, what antialiasing explains in yellow, and the rest in grey. */
function boxOf({ data, width, height }: PNG): Part | undefined {
  const edges = { left: width, top: height, right: -1, bottom: -1 };
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      if (data[at] !== 255 || data[at + 1] !== 0 || data[at + 2] !== 0) continue;
      edges.left = Math.min(edges.left, x);
      edges.right = Math.max(edges.right, x);
      edges.top = Math.min(edges.top, y);
      edges.bottom = Math.max(edges.bottom, y);
    }
  }
  const { left, top, right, bottom } = edges;
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function shownPart(box: Part, size: Size): Part {
  const across = stretch(box.x, box.width, SHOWN.width, size.width);
  const down = stretch(box.y, Math.min(box.height, SHOWN_HEIGHT), SHOWN.height, size.height);
  return { x: across.from, y: down.from, width: across.length, height: down.length };
}

/** At least `least` long and with a margin, within `whole`. */
function stretch(from: number, length: number, least: number, whole: number): { from: number; length: number } {
  const wanted = Math.min(whole, Math.max(least, length + 2 * MARGIN));
  const start = Math.round(from + length / 2 - wanted / 2);
  return { from: Math.max(0, Math.min(start, whole - wanted)), length: wanted };
}
