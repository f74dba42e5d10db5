// A page in one width and theme becomes a case: the target's picture held against that of the legacy side, and what differs kept for people. Called by visual-regression.check.ts.
import { type Case, COMPARED_PICTURES_MEDIA_TYPE, type ComparedPictures, type Page } from '../../gates/model.ts';
import { type Capture, type Scene, type View, capture } from './capture.ts';
import { type Allowance, type Picture, type PictureComparison, comparePictures, cutOut } from './compare-pictures.ts';

export interface Task {
  readonly page: Page;
  readonly view: View;
}
export interface PictureCase {
  readonly case: Case;
  /** Of a case whose picture differs; `differing` pixels put the worst first. */
  readonly compared?: { readonly entry: ComparedPictures['pictures'][number]; readonly differing: number };
}
type Different = Extract<PictureComparison, { readonly same: false }>;

/** `dashboard/360/dark`. */
export function caseId({ page, view }: Task): string {
  return `${page.id}/${view.width}/${view.theme}`;
}

/** Both sides are taken the same way, one right after the other; a difference is looked at twice, so that what came and went is told as flaky. */
export async function pictureCase(scene: Scene, task: Task, allowance: Allowance, hasLegacy: boolean): Promise<PictureCase> {
  const id = caseId(task);
  const first = await bothSides(scene, task, allowance, hasLegacy);
  if (!('different' in first)) return { case: { id, ...first } };
  const second = await bothSides(scene, task, allowance, hasLegacy);
  if ('different' in second) return failed(scene, id, second);
  if (second.state !== 'ok') return { case: { id, ...second } };
  return { case: { id, state: 'flaky', detail: `At first: ${first.different.words} On the second try it was as before.` } };
}

interface Difference {
  readonly expected: Picture;
  readonly actual: Picture;
  readonly different: Different;
}

async function bothSides(scene: Scene, { page, view }: Task, allowance: Allowance, hasLegacy: boolean): Promise<Difference | Omit<Case, 'id'>> {
  const target = await capture(scene, page, view, 'target');
  if (!target.taken) return notTaken(target);
  await keep(scene, `${caseId({ page, view })}.png`, target.picture.png);
  if (!hasLegacy) return { state: 'not-run', code: 'NO_BASELINE', detail: 'It was captured; there is nothing to compare it with.' };
  const legacy = await capture(scene, page, view, 'legacy');
  if (!legacy.taken) return { state: 'not-run', detail: `The legacy side has no picture to compare with: ${legacy.why}` };
  const comparison = comparePictures(legacy.picture, target.picture, allowance);
  if (comparison.same) return { state: 'ok', detail: '' };
  return { expected: legacy.picture, actual: target.picture, different: comparison };
}

function notTaken({ shown, why }: Extract<Capture, { readonly taken: false }>): Omit<Case, 'id'> {
  return shown ? { state: 'not-run', detail: why } : { state: 'failed', detail: `Expected the page as the legacy side shows it. ${why}` };
}

async function failed(scene: Scene, id: string, { expected, actual, different }: Difference): Promise<PictureCase> {
  const pictures = { expected: expected.png, actual: actual.png, difference: different.difference };
  const kept = async (name: keyof typeof pictures): Promise<{ whole: string; shown: string }> => ({
    whole: await keep(scene, `${id}-${name}.png`, pictures[name]),
    shown: await keep(scene, `${id}-${name}-part.png`, cutOut(pictures[name], different.part)),
  });
  const entry = {
    id,
    detail: different.words,
    expected: { size: expected.page, ...(await kept('expected')) },
    actual: { size: actual.page, ...(await kept('actual')) },
    difference: await kept('difference'),
    part: different.part,
  };
  return { case: { id, state: 'failed', detail: `It does not look as before. ${different.words}` }, compared: { entry, differing: different.differing } };
}

/** The list that the report reads; nothing where nothing differs. */
export async function keepCompared({ context }: Scene, results: readonly PictureCase[]): Promise<void> {
  const compared = results.flatMap((one) => one.compared ?? []).toSorted((a, b) => b.differing - a.differing);
  if (compared.length === 0) return;
  const list: ComparedPictures = { pictures: compared.map(({ entry }) => entry) };
  await context.artifacts.put('visual-regression/pictures.json', COMPARED_PICTURES_MEDIA_TYPE, JSON.stringify(list, null, 2));
}

async function keep({ context }: Scene, name: string, png: Uint8Array): Promise<string> {
  return context.artifacts.put(`visual-regression/${name}`, 'image/png', png);
}
