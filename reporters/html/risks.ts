// The plan's risk matrix as a page: each risk with the rows of this run that watch it, in their states, and who else watches it.
import type { RunReport } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Child, Markup } from '../markup.ts';
import { oneLine } from '../plain-text.ts';
import { counted } from '../quantity.ts';
import { type WatchedRisk, watchedRisks } from '../risks.ts';
import { badge, facts, link, section } from './parts.ts';

export function riskMatrix(report: RunReport): Markup {
  const all = watchedRisks(report);
  const here = all.filter(({ rows }) => rows.length > 0).length;
  return section(
    'risks',
    'Risks of the plan',
    h(
      'p',
      { class: 'lead' },
      here === 0 ? 'No row of this gate watches one of them.' : `Rows of this gate watch ${here} of the ${all.length}; those come first.`,
    ),
    h('div', { class: 'risks' }, ...all.map((watched) => riskBlock(report, watched))),
  );
}

function riskBlock(report: RunReport, { risk, rows, elsewhere, triggers }: WatchedRisk): Markup {
  return h(
    'article',
    null,
    h('h3', null, risk.risk),
    h(
      'p',
      { class: 'quiet' },
      `Probability ${risk.probability.toLowerCase()}, impact ${risk.impact.toLowerCase()}. `,
      `${risk.mitigation}; if it happens: ${lowerFirst(risk.contingency)}.`,
    ),
    rows.length > 0 && h('ul', { class: 'watching' }, ...rows.map(({ id, state }) => h('li', null, badge(state), h('span', null, link(report, id))))),
    facts([...triggerFact(triggers), ...elsewhereFact(elsewhere)]),
  );
}

/** "Keep" as "keep"; "WS" stays. */
const lowerFirst = (text: string): string => text.replace(/^[A-Z](?=[a-z])/u, (letter) => letter.toLowerCase());

function triggerFact(triggers: WatchedRisk['triggers']): readonly (readonly [string, Child])[] {
  if (triggers.length === 0) return [];
  return [['Rollback on', triggers.map(({ text, isBuilt }) => `${text}${isBuilt ? '' : ' (its measurement is not built yet)'}`).join('; ')]];
}

function elsewhereFact(elsewhere: WatchedRisk['elsewhere']): readonly (readonly [string, Child])[] {
  if (elsewhere.length === 0) return [];
  const count = elsewhere.reduce((sum, { texts }) => sum + texts.length, 0);
  const list = elsewhere.map(({ title, texts }) => h('li', null, `${oneLine(title)}: `, h('span', { class: 'quiet' }, texts.map(oneLine).join('; '))));
  return [
    [
      'Elsewhere',
      h('details', null, h('summary', null, `${counted(count, 'row')} of ${counted(elsewhere.length, 'other gate')}`), h('ul', { class: 'plain' }, ...list)),
    ],
  ];
}
