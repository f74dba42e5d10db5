// Measures whether every index of the legacy databases is on the target, valid and as it was (plan §1.3).
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent } from '../../gates/model.ts';
import { readBothCatalogues } from './catalogue/both-sides.ts';
import { type Rules, compareFacts } from './catalogue/compare.ts';
import type { Fact } from './catalogue/facts.ts';
import { toItem } from './catalogue/findings.ts';
import { tellOutcome } from './catalogue/outcome.ts';
import { indexReaders } from './catalogue/readers/indexes.ts';
import { tableReaders } from './catalogue/readers/tables.ts';
import { openSides } from './sides.ts';

const Options = z.object({});
type Options = z.infer<typeof Options>;

const state = ({ attributes }: Fact): string => attributes['state'] ?? '';

/** One more index changes no answer and no write that was allowed; one that keeps rows out does. An index that is not valid serves nobody, wherever it came from. */
const RULES: Rules = {
  extra: (fact) =>
    fact.kind !== 'index' || fact.attributes['kind'] !== 'plain'
      ? undefined
      : state(fact) === 'valid'
        ? { reason: 'only the target has this index, which keeps no row out' }
        : { differences: [{ what: 'other', place: fact, attribute: 'state', legacy: 'no such index', target: state(fact) }] },
};

async function* measure(context: CheckContext): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const sides = await openSides(context.databases, context.mapping, startedAt);
  try {
    yield { kind: 'progress', text: 'reading the indexes of both sides' };
    const both = await readBothCatalogues(sides, context.databases.legacy, [...tableReaders, ...indexReaders]);
    const compared = compareFacts(both.legacy, both.target, both.translation, RULES);
    const differences = compared.differences.filter(({ place }) => place.kind === 'index');
    const stillInvalid = compared.matched.filter(
      ({ legacy, target }) => target.kind === 'index' && state(target) !== 'valid' && state(legacy) === state(target),
    );
    const [legacy, target] = [both.legacy, both.target].map((facts) => facts.filter(({ kind }) => kind === 'index').length);
    yield* tellOutcome(context, 'index-parity', startedAt, {
      metric: 'catalogue.index-differences',
      n: (legacy ?? 0) + (target ?? 0),
      items: [
        ...differences.map(toItem),
        ...stillInvalid.map((pair) =>
          toItem({
            what: 'other',
            place: pair.target,
            database: pair.legacy.database,
            attribute: 'state',
            legacy: `${state(pair.legacy)} as well`,
            target: state(pair.target),
          }),
        ),
      ],
      unseen: both.empty.map((database) => ({ table: database, why: 'its schema holds no table, so nothing is known of its indexes' })),
      facts: { legacyIndexes: legacy ?? 0, targetIndexes: target ?? 0 },
      more: { notes: compared.notes.filter(({ object }) => object.includes('index ')) },
    });
  } finally {
    await sides.close();
  }
}

export const indexParity: Check<Options> = {
  id: 'index-parity',
  title: 'Indexes missing, invalid or other than before',
  about: {
    proves:
      'Every index of the legacy tables and materialised views is on the target, valid, with the same columns, order, operator classes, predicate and uniqueness, those behind primary keys and constraints too.',
    how: 'The definitions of both sides are read in one snapshot each, said in the same names by the mapping, and compared part by part; an index is found by its name, else by being the same on the same table.',
    source: 'The faults are those of DATA-INTEGRITY.md.',
    leavesOpen:
      'Whether the planner uses them, which `query-times` measures, and whether an index agrees with its table (`amcheck`). An index that only the target has is no difference unless it keeps rows out; it is listed in the details.',
    whenItFails:
      'INVALID is a CREATE INDEX CONCURRENTLY that failed: drop and build it again. A missing partial or expression index is one that the schema language of the application cannot say, so its generator left it out.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target', 'databases:legacy'],
  locks: [],
  after: [],
  options: Options,
  presets: { pr: {}, full: {} },
  metrics: { 'catalogue.index-differences': { title: 'Differences of indexes', unit: 'count', shape: 'set', better: 'lower' } },
  defaultExpect: [{ kind: 'none', metric: 'catalogue.index-differences' }],
  estimate: () => ({ seconds: 3, requests: 0 }),
  timeoutMs: () => 600_000,
  measure,
};
