// The section that a lead reads aloud: one printed page of plain sentences.
import type { RunView } from '../../gates/model.ts';
import { h } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { readAloud } from '../read-aloud.ts';
import { section } from './parts.ts';

export function readAloudPage(view: RunView): Markup {
  return section(
    'read-aloud',
    'To read aloud',
    h(
      'dl',
      { class: 'spoken' },
      ...readAloud(view).map((part) =>
        h('div', null, h('dt', null, part.title), ...part.sentences.map((text) => h('dd', { class: text === part.said ? 'said' : undefined }, text))),
      ),
    ),
  );
}
