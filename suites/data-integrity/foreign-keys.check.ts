// Measures whether every foreign key of the legacy databases is on the target, enforced and with the same behaviour (plan §1.3).
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent } from '../../gates/model.ts';
import { readBothCatalogues } from './catalogue/both-sides.ts';
import { type Difference, type Rules, compareFacts } from './catalogue/compare.ts';
import type { Fact } from './catalogue/facts.ts';
import { toItem } from './catalogue/findings.ts';
import { tellOutcome } from './catalogue/outcome.ts';
import { foreignKeyReaders } from './catalogue/readers/constraints.ts';
import { tableReaders } from './catalogue/readers/tables.ts';
import { openSides } from './sides.ts';

const Options = z.object({});
type Options = z.infer<typeof Options>;

/** What a foreign key must be to be one. */
const ENFORCED: Readonly<Record<string, string>> = { validated: 'true', enforced: 'true', triggers: 'enabled' };

/** Where its table went says the mapping. Separate databases could not have it, so one across schemas is no difference as long as it holds. */
const RULES: Rules = {
  isSame: (_, attribute) => attribute === 'across schemas',
  extra(fact) {
    if (fact.attributes['across schemas'] === undefined) return undefined;
    const weak = weaknesses(fact, 'a key across schemas must hold');
    return weak.length > 0 ? { differences: weak } : { reason: `new across schemas, and enforced: ${inWords(fact)}` };
  },
};

function weaknesses(fact: Fact, legacy: string, database?: string): readonly Difference[] {
  return Object.entries(ENFORCED)
    .filter(([attribute, good]) => fact.attributes[attribute] !== good)
    .map(([attribute]) => ({
      what: 'other',
      place: fact,
      attribute,
      legacy,
      target: fact.attributes[attribute] ?? 'unknown',
      ...(database === undefined ? {} : { database }),
    }));
}
function inWords({ attributes }: Fact): string {
  return `(${attributes['columns']}) to ${attributes['refers to']} (${attributes['referred columns']}), on delete ${attributes['on delete']}, on update ${attributes['on update']}`;
}

async function* measure(context: CheckContext): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const sides = await openSides(context.databases, context.mapping, startedAt);
  try {
    yield { kind: 'progress', text: 'reading the foreign keys of both sides' };
    const both = await readBothCatalogues(sides, context.databases.legacy, [...tableReaders, ...foreignKeyReaders]);
    const compared = compareFacts(both.legacy, both.target, both.translation, RULES);
    const keys = (facts: readonly Fact[]): readonly Fact[] => facts.filter(({ kind }) => kind === 'foreign key');
    const across = keys(both.target).filter(({ attributes }) => attributes['across schemas'] !== undefined);
    const stillWeak = compared.matched.flatMap(({ legacy, target }) =>
      target.kind !== 'foreign key'
        ? []
        : weaknesses(target, 'no better', legacy.database).filter(({ attribute = '' }) => legacy.attributes[attribute] === target.attributes[attribute]),
    );
    yield* tellOutcome(context, 'foreign-keys', startedAt, {
      metric: 'relations.foreign-key-differences',
      n: keys(both.legacy).length + keys(both.target).length,
      items: [...compared.differences.filter(({ place }) => place.kind === 'foreign key'), ...stillWeak].map(toItem),
      unseen: both.empty.map((database) => ({ table: database, why: 'its schema holds no table, so nothing is known of its foreign keys' })),
      facts: { legacyForeignKeys: keys(both.legacy).length, targetForeignKeys: keys(both.target).length, acrossSchemas: across.length },
      more: { acrossSchemas: across.map((fact) => ({ key: `${fact.schema}.${fact.table}.${fact.name}`, is: inWords(fact) })), notes: compared.notes },
    });
  } finally {
    await sides.close();
  }
}

export const foreignKeys: Check<Options> = {
  id: 'foreign-keys',
  title: 'Foreign keys missing, unvalidated or other than before',
  about: {
    proves:
      'Every foreign key of the legacy databases is on the target with the same columns, the same referred columns, the same ON DELETE and ON UPDATE, match and deferrability, validated and with its triggers enabled on both tables; keys across schemas, which separate databases could not have, are validated and enforced.',
    how: "pg_constraint and the triggers that carry each key, those of every partition too, are read on both sides in one snapshot each, said in the target's names by the mapping, and compared attribute by attribute.",
    source: 'plan §1.1.2 ("Foreign key relationships mapped across schemas"); the faults are those of DATA-INTEGRITY.md.',
    leavesOpen:
      'Whether the rows keep to the keys: a key that says "validated" may have orphans, which `orphaned-rows` looks for. Whether a key across schemas behaves as its author meant; all of them are listed in the details with what they do on delete.',
    whenItFails:
      'NOT VALID is a key that was added without looking at the rows: VALIDATE CONSTRAINT. Disabled triggers are left from a copy that switched them off (`--disable-triggers`): ENABLE TRIGGER ALL, then look for orphans. Another ON DELETE most often comes from a schema language with a default of its own.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target', 'databases:legacy'],
  locks: [],
  after: [],
  options: Options,
  presets: { pr: {}, full: {} },
  metrics: { 'relations.foreign-key-differences': { title: 'Differences of foreign keys', unit: 'count', shape: 'set', better: 'lower' } },
  defaultExpect: [{ kind: 'none', metric: 'relations.foreign-key-differences' }],
  estimate: () => ({ seconds: 3, requests: 0 }),
  timeoutMs: () => 600_000,
  measure,
};
