// Asks axe-core about a page as it stands: which rules of WCAG 2.1 A and AA passed, which are violated, which wait for a person. Used by accessibility.check.ts.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '../instruments/browser/open-browser.ts';

/** axe-core's tags of WCAG 2.1 A and AA; 2.1 contains 2.0 (axe-core, doc/API.md, "Axe-core Tags"). */
const WCAG_TAGS: readonly string[] = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

export interface AxeNode {
  /** Selector of the element; through frames and shadow roots joined by ` >> `. */
  readonly selector: string;
  /** What is wrong with it, in axe's words. */
  readonly why: string;
}
export interface AxeRule {
  readonly id: string;
  readonly tags: readonly string[];
  readonly help: string;
  readonly helpUrl: string;
  readonly impact: string;
  readonly nodes: readonly AxeNode[];
}
export interface AxeLook {
  readonly version: string;
  /** Rules that found something to examine on the page and nothing wrong. */
  readonly passed: readonly Pick<AxeRule, 'id' | 'tags'>[];
  readonly violated: readonly AxeRule[];
  /** Not decided by a machine: for a person to look at. */
  readonly undecided: readonly AxeRule[];
  /** Rules with nothing on the page to examine. */
  readonly inapplicable: readonly Pick<AxeRule, 'id' | 'tags'>[];
}

type Results = Awaited<ReturnType<AxeBuilder['analyze']>>;
type Result = Results['violations'][number];

/** Throws what axe throws where the page goes away under it. */
export async function lookWithAxe(page: Page): Promise<AxeLook> {
  // Places of what passed are not asked for: they are most of the answer, and nobody reads them.
  const builder = new AxeBuilder({ page }).options({ resultTypes: ['violations', 'incomplete'] }).withTags([...WCAG_TAGS]);
  // The legacy mode takes a third of the time and leaves frames of other origins out, so it is for pages without any frame.
  const results = await builder.setLegacyMode(page.frames().length === 1).analyze();
  return {
    version: results.testEngine.version,
    passed: results.passes.map(({ id, tags }) => ({ id, tags })),
    violated: results.violations.map(toRule),
    undecided: results.incomplete.map(toRule),
    inapplicable: results.inapplicable.map(({ id, tags }) => ({ id, tags })),
  };
}

function toRule({ id, tags, help, helpUrl, impact, nodes }: Result): AxeRule {
  return {
    id,
    tags,
    help,
    helpUrl,
    impact: impact ?? 'unknown',
    nodes: nodes.map(({ target, any, all, none }) => ({
      selector: target.flat().join(' >> '),
      why: [...all, ...none, ...any].map(({ message }) => message)[0] ?? help,
    })),
  };
}
