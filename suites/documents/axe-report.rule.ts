// Judges the results of axe-core: that the rules of WCAG 2.1 A and AA were run on named pages, and that none is violated. Called through documentChecks.
import { z } from 'zod';
import type { DocumentChecks } from '../../gates/model.ts';
import { readJson, readShape } from './document-text.ts';
import { counted, listed } from './words.ts';

/** axe-core's tags of WCAG 2.1 A and AA; 2.1 contains 2.0 (axe-core, doc/API.md, "Axe-core Tags"). */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
/** Rules that stand for a level whichever version of axe-core 4 ran: if one of these did not, the level was not looked at. None is off by default. */
const WITNESSES: Readonly<Record<string, string>> = { 'image-alt': 'wcag2a', 'color-contrast': 'wcag2aa', 'autocomplete-valid': 'wcag21aa' };

const Rule = z.object({ id: z.string(), tags: z.array(z.string()), impact: z.string().nullish(), nodes: z.array(z.unknown()) });
const Results = z.object({
  testEngine: z.object({ name: z.literal('axe-core'), version: z.string() }),
  url: z.string(),
  toolOptions: z.object({
    runOnly: z.union([z.string(), z.array(z.string()), z.object({ type: z.string().optional(), values: z.array(z.string()).optional() })]).nullish(),
    rules: z.record(z.string(), z.object({ enabled: z.boolean().optional() })).optional(),
  }),
  passes: z.array(Rule),
  violations: z.array(Rule),
  incomplete: z.array(Rule),
  inapplicable: z.array(Rule),
});
type Results = z.infer<typeof Results>;

export const judgeAxeReport: DocumentChecks['axe-report'] = (bytes) => {
  const json = readJson(bytes);
  const all = readShape(z.array(Results), Array.isArray(json) ? json : [json], 'report of axe-core');
  if (all.length === 0) return { ok: false, text: 'It has the results of no page.' };
  const against = all.flatMap((results) => findAgainst(results).map((what) => `${results.url || 'A page without an address'}: ${what}`));
  if (against.length > 0) return { ok: false, text: against.slice(0, 4).join(' ') + (against.length > 4 ? ` And ${against.length - 4} more.` : '') };
  const pages = new Set(all.map(({ url }) => url));
  const open = all.flatMap(({ url, incomplete }) => incomplete.map(({ id, nodes }) => `${id} (${counted(nodes.length, 'place')}) on ${url}`));
  const rules = Math.min(...all.map(({ passes }) => passes.length));
  return {
    ok: true,
    text: `No violation on ${counted(pages.size, 'page')} (${listed([...pages], 8)}), at least ${counted(rules, 'rule')} passed on each. ${open.length === 0 ? 'Nothing is left open by axe.' : `For people to look at: ${listed(open, 8)}.`} axe finds about half of what WCAG asks for.`,
  };
};

function findAgainst(results: Results): readonly string[] {
  const { passes, violations, incomplete, inapplicable, toolOptions, url } = results;
  const run = new Set([...passes, ...violations, ...incomplete, ...inapplicable].map(({ id }) => id));
  const off = Object.entries(toolOptions.rules ?? {}).flatMap(([id, { enabled }]) => (enabled === false && !run.has(id) ? [id] : []));
  const left = unasked(toolOptions.runOnly);
  const unseen = Object.entries(WITNESSES).flatMap(([id, tag]) => (run.has(id) ? [] : [tag]));
  return [
    /^(?:https?|file):/.test(url) ? [] : `"${url}" is no page of the application.`,
    violations.length > 0
      ? `${counted(violations.length, 'rule')} violated: ${listed(
          violations.map(({ id, nodes }) => `${id} (${counted(nodes.length, 'place')})`),
          6,
        )}.`
      : [],
    passes.length === 0 ? 'no rule passed: there was nothing on the page to look at.' : [],
    left.length > 0 ? `${left.join(', ')} not run: runOnly must name ${TAGS.join(', ')}, or be left out.` : [],
    left.length === 0 && unseen.length > 0 ? `no trace of the rules of ${unseen.join(', ')}: they were taken out, or did not run.` : [],
    off.length > 0 ? `switched off: ${listed(off)}.` : [],
  ].flat();
}

/** Tags that `runOnly` leaves out; all of them where it names rules instead. */
function unasked(runOnly: Results['toolOptions']['runOnly']): readonly string[] {
  if (runOnly === undefined || runOnly === null) return [];
  const { type, values = [] } =
    typeof runOnly === 'string' ? { type: 'tag', values: [runOnly] } : Array.isArray(runOnly) ? { type: 'tag', values: runOnly } : runOnly;
  const isByTag = type === undefined || type === 'tag' || type === 'tags';
  return TAGS.filter((tag) => !isByTag || !values.includes(tag));
}
