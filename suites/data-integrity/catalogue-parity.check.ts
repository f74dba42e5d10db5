// Measures whether the target's catalogue says what the legacy ones said: everything but rows, indexes and foreign keys (plan §1.3, DATA-INTEGRITY).
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent, Item } from '../../gates/model.ts';
import { type BothCatalogues, legacySchemaOf, readBothCatalogues } from './catalogue/both-sides.ts';
import { type Rules, compareFacts } from './catalogue/compare.ts';
import { toItem } from './catalogue/findings.ts';
import { tellOutcome } from './catalogue/outcome.ts';
import type { Reader } from './catalogue/reading.ts';
import { comments } from './catalogue/readers/comments.ts';
import { constraintReaders } from './catalogue/readers/constraints.ts';
import { databaseReaders } from './catalogue/readers/database.ts';
import { privilegeReaders } from './catalogue/readers/privileges.ts';
import { routineReaders } from './catalogue/readers/routines.ts';
import { schemaReaders } from './catalogue/readers/schemas.ts';
import { sequenceReaders } from './catalogue/readers/sequences.ts';
import { tableReaders } from './catalogue/readers/tables.ts';
import { triggerReaders } from './catalogue/readers/triggers.ts';
import { typeReaders } from './catalogue/readers/types.ts';
import { viewReaders } from './catalogue/readers/views.ts';
import { compareSearchPaths, isSearchPath } from './catalogue/search-path.ts';
import { compareSequencePositions } from './catalogue/sequence-positions.ts';
import { withoutQualifiers } from './catalogue/sql-text.ts';
import { NEVER_COMPARED, judgeUncompared, otherSchemas, readUncompared } from './catalogue/uncompared.ts';
import { type Sides, openSides } from './sides.ts';
import type { Unseen } from './workers.ts';

const Options = z.object({
  /** Whether comments are compared as well. */
  comments: z.boolean(),
});
type Options = z.infer<typeof Options>;

const READERS: readonly Reader[] = [
  ...schemaReaders,
  ...tableReaders,
  ...constraintReaders,
  ...sequenceReaders,
  ...triggerReaders,
  ...routineReaders,
  ...viewReaders,
  ...typeReaders,
  ...privilegeReaders,
  ...databaseReaders,
];

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const databases = context.databases.legacy;
  const sides = await openSides(context.databases, context.mapping, startedAt);
  try {
    yield { kind: 'progress', text: `reading the catalogues of ${databases.length + 1} databases` };
    const both = await readBothCatalogues(sides, databases, options.comments ? [...READERS, comments] : READERS);
    const legacy = both.legacy.filter((fact) => !isSearchPath(fact));
    const target = both.target.filter((fact) => !isSearchPath(fact));
    const compared = compareFacts(legacy, target, both.translation, rulesFor(both));
    yield { kind: 'progress', text: 'reading where the sequences stand' };
    const positions = await compareSequencePositions(compared.matched, (name) => sides.session({ legacy: name }), sides.session('target'));
    const paths = compareSearchPaths(both.legacy, both.target, databases, sides.mapping, await knownSchemas(sides));
    const uncompared = judgeUncompared(await readUncompared(sides, databases), context.mapping);
    yield* tellOutcome(context, 'catalogue-parity', startedAt, {
      metric: 'catalogue.differences',
      n: both.legacy.length + both.target.length,
      items: [...[...compared.differences, ...paths].map(toItem), ...positions.items, ...(await strayItems(sides, databases)), ...uncompared.items],
      unseen: [...both.empty.map(emptyDatabase), ...positions.unseen, ...uncompared.unseen],
      facts: { legacyObjects: both.legacy.length, targetObjects: both.target.length, notCompared: uncompared.words, commentsCompared: options.comments },
      more: { byKind: countByKind(both), notes: compared.notes, notCompared: uncompared.counts, neverCompared: NEVER_COMPARED },
    });
  } finally {
    await sides.close();
  }
}

/** Version 16 names the table of a view's columns only where there are several. */
function rulesFor({ versions }: BothCatalogues): Rules {
  const straddles16 = versions.oldest < 160_000 && versions.newest >= 160_000;
  const rewritten: ReadonlySet<string> = new Set(['view', 'materialised view', 'rule', 'routine']);
  return straddles16 ? { isSame: (kind, _, expected, found) => rewritten.has(kind) && withoutQualifiers(expected) === withoutQualifiers(found) } : {};
}

async function knownSchemas(sides: Sides): Promise<ReadonlySet<string>> {
  const ofExtensions = await sides.session('target').rows(`SELECT n.nspname AS name FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`);
  return new Set([...sides.schemas.keys(), ...ofExtensions.map(({ name }) => String(name))]);
}

/** Schemas that the mapping does not speak of, and that hold something. */
async function strayItems(sides: Sides, databases: readonly string[]): Promise<readonly Item[]> {
  const items = (await otherSchemas(sides.session('target'), [...sides.schemas.keys()])).map(({ schema, holds }) => ({
    key: `schema ${schema}`,
    detail: `The target has it (${holds}), and nothing is mapped to it.`,
  }));
  for (const database of databases)
    for (const { schema, holds } of await otherSchemas(sides.session({ legacy: database }), [legacySchemaOf(sides.mapping, database)]))
      items.push({ key: `schema ${database}.${schema}`, detail: `The legacy database has it (${holds}), and it is mapped to nothing.` });
  return items;
}

function emptyDatabase(database: string): Unseen {
  return { table: database, why: 'its schema holds no table, so nothing is known of it' };
}

function countByKind({ legacy, target }: BothCatalogues): Readonly<Record<string, { readonly legacy: number; readonly target: number }>> {
  const kinds = [...new Set([...legacy, ...target].map(({ kind }) => kind))].toSorted();
  const count = (facts: readonly { readonly kind: string }[], kind: string): number => facts.filter((fact) => fact.kind === kind).length;
  return Object.fromEntries(kinds.map((kind) => [kind, { legacy: count(legacy, kind), target: count(target, kind) }]));
}

export const catalogueParity: Check<Options> = {
  id: 'catalogue-parity',
  title: 'Everything but the rows: columns, constraints, sequences, triggers, grants',
  about: {
    proves:
      'Tables, columns, constraints, sequences with their positions, triggers, rules, policies, routines, views, types, privileges, owners, extensions, publications, extended statistics and settings of the target say what those of the legacy databases said, and nothing was added that no one gave a reason for.',
    how: "Both sides' system catalogues are read in one snapshot each, with the own schema first on the search path, so that the server writes names alike; legacy names, roles and texts are said in the target's by the mapping, and every attribute is compared. Positions of sequences are held against the greatest value of their columns and against the legacy sequence.",
    source: 'The kinds of objects and the faults are those of DATA-INTEGRITY.md; how the server writes definitions out is of its functions pg_get_…def.',
    leavesOpen:
      'Indexes are compared by `index-parity`, foreign keys by `foreign-keys`, rows by `row-contents`. Kinds that are not compared (casts, operators, large objects, foreign servers, text search, subscriptions …) are counted on both sides: another number is a finding, the same number makes the check inconclusive until the mapping says that somebody has looked. Roles with their memberships, server settings and the order of columns are never compared; the list is in the details.',
    whenItFails:
      'Each finding names kind, object and attribute with both values. Many findings of one kind are one statement of the migration that was not run: `--no-owner`, `--no-privileges`, a publication that pg_dump does not restore. What was meant belongs into `mapping.intended`, with the reason. Between servers of different majors a text may be written out differently: it is a finding all the same.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target', 'databases:legacy'],
  locks: [],
  after: [],
  options: Options,
  presets: { pr: { comments: false }, full: { comments: false } },
  metrics: { 'catalogue.differences': { title: 'Differences of the catalogue', unit: 'count', shape: 'set', better: 'lower' } },
  defaultExpect: [{ kind: 'none', metric: 'catalogue.differences' }],
  estimate: () => ({ seconds: 10, requests: 0 }),
  timeoutMs: () => 1_800_000,
  measure,
};
