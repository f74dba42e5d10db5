// The section of visual-regression: each page that looks otherwise, before, now and the difference side by side; from the artifact that the comparison left.
import { COMPARED_PICTURES_MEDIA_TYPE, ComparedPictures, type ReadArtifact, type RunReport } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { counted, digits } from '../quantity.ts';
import { section } from './parts.ts';
import { parsedArtifacts } from './parsed-artifacts.ts';

type Compared = ComparedPictures['pictures'][number];
type Size = Compared['expected']['size'];

/** The report is one file that is sent by mail: the worst so many pages are shown, and no more than this of pictures, bytes. */
const SHOWN = 12;
const MAX_BYTES = 3 * 2 ** 20;
/** The eight bytes that every PNG begins with. */
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

export function comparedPictures(report: RunReport, read: ReadArtifact): Markup | false {
  const all = parsedArtifacts(report, read, COMPARED_PICTURES_MEDIA_TYPE, ComparedPictures).flatMap(({ pictures }) => pictures);
  if (all.length === 0) return false;
  const names = new Map(report.artifacts.map(({ sha256, name }) => [sha256, name]));
  const budget = { bytes: MAX_BYTES };
  const shown = all.slice(0, SHOWN).flatMap((one) => comparison(one, read, names, budget) ?? []);
  const hidden = all.length - shown.length;
  return section(
    'pictures',
    'Pages that look otherwise',
    h(
      'p',
      { class: 'lead' },
      `${counted(all.length, 'picture')} of pages ${all.length === 1 ? 'differs' : 'differ'} from the legacy side, those that differ most first. Shown is the part that differs; red is what differs, yellow what antialiasing explains. Whole pictures are among the artifacts.`,
    ),
    ...shown,
    hidden > 0 &&
      h('p', null, `${digits(hidden)} more ${hidden === 1 ? 'is' : 'are'} not shown here; the checklist names each, and the pictures are among the artifacts.`),
  );
}

/** Undefined where a picture is not there, or would make the file too large. */
function comparison(one: Compared, read: ReadArtifact, names: ReadonlyMap<string, string>, budget: { bytes: number }): Markup | undefined {
  const files = [one.expected.shown, one.actual.shown, one.difference.shown].map((sha256) => read(sha256));
  const [before, now, difference] = files;
  const bytes = files.reduce((sum, file) => sum + (file?.length ?? 0), 0);
  if (!isPicture(before) || !isPicture(now) || !isPicture(difference) || bytes > budget.bytes) return undefined;
  budget.bytes -= bytes;
  const id = oneLine(one.id);
  const shown = (name: string, file: Uint8Array, whole: string, size?: Size): Markup =>
    h(
      'figure',
      null,
      h('img', { src: dataUrl(file), width: one.part.width, height: one.part.height, alt: `${name}: ${id}, ${partWords(one)}` }),
      h('figcaption', null, size === undefined ? name : `${name}, ${sizeWords(size)}`, h('span', { class: 'id' }, oneLine(names.get(whole) ?? whole))),
    );
  return h(
    'article',
    { class: 'compared-pictures' },
    h('h3', null, id),
    h('p', null, oneLine(one.detail)),
    h(
      'div',
      { class: 'side-by-side' },
      shown('Legacy side', before, one.expected.whole, one.expected.size),
      shown('Target', now, one.actual.whole, one.actual.size),
      shown('Difference', difference, one.difference.whole),
    ),
  );
}

function isPicture(file: Uint8Array | undefined): file is Uint8Array {
  return file !== undefined && SIGNATURE.every((byte, index) => file[index] === byte);
}
function dataUrl(file: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(file).toString('base64')}`;
}
function sizeWords({ width, height }: Size): string {
  return `${digits(width)} × ${digits(height)} px`;
}
function partWords({ part }: Compared): string {
  return `${sizeWords(part)} from ${digits(part.x)}, ${digits(part.y)}`;
}
