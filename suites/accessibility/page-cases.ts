// Every case of a page that is put beside axe's rules: keyboard, narrow screen, large text, less motion, dialogs. Used by accessibility.check.ts.
import type { Case, Page as SurfacePage } from '../../gates/model.ts';
import type { OpenPage } from '../instruments/browser/open-browser.ts';
import { arrive } from './arrive.ts';
import { type Trial, runTrial } from './cases.ts';
import { type DialogState, dialogFocusFlaw, dialogOf, dialogReturnFlaw } from './dialog-cases.ts';
import { orderFlaw, trapFlaw, visibilityFlaw, whyNotWalked } from './keyboard-cases.ts';
import { narrowContentFlaw, reflowFlaw, textSizeFlaw } from './layout-cases.ts';
import { motionFlaw } from './motion-cases.ts';
import { walkByTab } from './tab-walk.ts';

/** Who goes from page to page. */
export interface Visitor {
  readonly open: OpenPage;
  readonly tag: string;
  /** Of the check. */
  readonly signal: AbortSignal;
}

export async function runPageCases(page: SurfacePage, visitor: Visitor): Promise<readonly Case[]> {
  const dialogs = (page.states ?? []).map(dialogOf).filter((dialog) => dialog !== undefined);
  const trials = [walkTrial(page, visitor), layoutTrial(page, visitor), motionTrial(page, visitor), ...dialogs.map((one) => dialogTrial(page, one, visitor))];
  const cases: Case[] = [];
  for (const trial of trials) cases.push(...(await runTrial(trial, visitor.signal)));
  return cases;
}

function walkTrial(page: SurfacePage, { open }: Visitor): Trial {
  const [trap, order, visible] = [`keyboard-trap/${page.id}`, `focus-order/${page.id}`, `focus-visible/${page.id}`];
  return {
    ids: [trap, order, visible],
    open: () => arrive(open, page),
    async look() {
      const walk = await walkByTab(open.page);
      const notWalked = whyNotWalked(walk);
      return { [trap]: notWalked ?? trapFlaw(walk), [order]: orderFlaw(walk) ?? notWalked, [visible]: visibilityFlaw(walk) ?? notWalked };
    },
  };
}

function layoutTrial(page: SurfacePage, { open }: Visitor): Trial {
  const { shows = [] } = page;
  const [reflow, narrow, text] = [`reflow/${page.id}`, `narrow-content/${page.id}`, `text-size/${page.id}`];
  const unknown = { notPut: 'The surface does not say what the page shows: `surface.pages[].shows`.' };
  return {
    ids: [reflow, narrow, text],
    open: () => arrive(open, page),
    async look() {
      return {
        [reflow]: await reflowFlaw(open.page),
        [narrow]: shows.length === 0 ? unknown : await narrowContentFlaw(open.page, shows),
        [text]: await textSizeFlaw(open.page, shows),
      };
    },
  };
}

function motionTrial(page: SurfacePage, { open }: Visitor): Trial {
  const id = `reduced-motion/${page.id}`;
  return {
    ids: [id],
    async open() {
      await open.page.emulateMedia({ reducedMotion: 'reduce' });
      return arrive(open, page);
    },
    async look() {
      const flaw = await motionFlaw(open.page);
      await open.page.emulateMedia({ reducedMotion: 'no-preference' });
      return { [id]: flaw };
    },
  };
}

function dialogTrial(page: SurfacePage, dialog: DialogState, { open, tag }: Visitor): Trial {
  const [focus, back] = [`dialog-focus/${page.id}/${dialog.state.id}`, `dialog-return/${page.id}/${dialog.state.id}`];
  return {
    ids: [focus, back],
    open: () => arrive(open, page),
    async look() {
      const opened = await dialogFocusFlaw(open.page, dialog, tag);
      return { [focus]: opened.flaw, [back]: opened.isOpen ? await dialogReturnFlaw(open.page, dialog) : { notPut: 'The dialog did not open.' } };
    },
  };
}
