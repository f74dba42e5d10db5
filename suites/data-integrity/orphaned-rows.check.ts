// Measures whether any row of the target refers to a row that is not there, declared or not (plan §1.3: "No orphaned records").
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent, Item } from '../../gates/model.ts';
import { tellOutcome } from './catalogue/outcome.ts';
import { guessReferences } from './relations/guesses.ts';
import { type LookedReference, type OrphanSearch, lookForOrphans } from './relations/orphans.ts';
import { type Reference, givenReferences, readDeclared, referenceWords } from './relations/references.ts';
import { type Sides, openSides } from './sides.ts';
import { type Table, readTables } from './tables.ts';
import type { Unseen } from './workers.ts';

const Options = z.object({
  /** Longest statement, ms: one reference is one statement. */
  statementTimeoutMs: z.int().min(1000),
  /** Orphans of one reference that are named; all are counted. */
  named: z.int().min(1),
  /** Share of a guessed reference's values that must be found before the others count as orphans. */
  guessFrom: z.number().min(0).max(1),
});
type Options = z.infer<typeof Options>;

interface Looked {
  readonly found: readonly LookedReference[];
  readonly unseen: readonly Unseen[];
  /** Guesses that the rows deny. */
  readonly denied: readonly LookedReference[];
}

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const sides = await openSides(context.databases, context.mapping, startedAt);
  try {
    const session = await sides.open('target', options.statementTimeoutMs);
    const tables = await readTables(session, await schemasOf(sides));
    const declared = await readDeclared(session);
    const given = givenReferences(sides.mapping, tables);
    const known = new Set([...[...declared.references, ...given.references].flatMap(columnsOf), ...given.none]);
    const guesses = guessReferences(tables, new Set(sides.schemas.keys()), known);
    const keys = new Map(tables.map((table) => [`${table.schema}.${table.table}`, table.key ?? []]));
    const search: OrphanSearch = { session, mapping: sides.mapping, named: options.named, keyOf: ({ from }) => keys.get(`${from.schema}.${from.table}`) ?? [] };
    const certain = [...declared.references, ...given.references].map((reference) => [reference]);
    const looked = yield* lookAtAll(context, search, [...certain, ...guesses], options.guessFrom);
    const unseen = [...looked.unseen, ...given.unknown.map(unknownColumn), ...declared.temporal.map(temporalKey), ...noTables(tables)];
    await session.close();
    yield* tell(context, startedAt, looked, unseen);
  } finally {
    await sides.close();
  }
}

/** Every schema that holds tables: what is referred to may lie where nothing was mapped to. */
async function schemasOf(sides: Sides): Promise<readonly string[]> {
  const rows = await sides.session('target').rows(`SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`);
  return rows.map(({ name }) => String(name));
}

/** Each entry is one column with its possible targets: the first that the rows bear out is taken. */
async function* lookAtAll(
  context: CheckContext,
  search: OrphanSearch,
  entries: readonly (readonly Reference[])[],
  guessFrom: number,
): AsyncGenerator<CheckEvent, Looked> {
  const found: LookedReference[] = [];
  const unseen: Unseen[] = [];
  const denied: LookedReference[] = [];
  for (const [index, entry] of entries.entries()) {
    context.signal.throwIfAborted();
    yield { kind: 'progress', text: 'looking for orphaned rows', done: index, total: entries.length };
    for (const reference of entry) {
      const looked = await lookForOrphans(search, reference);
      if ('why' in looked) unseen.push(looked);
      else if (reference.source.kind === 'guessed' && looked.looked - looked.orphans < looked.looked * guessFrom) denied.push(looked);
      else found.push(looked);
      if (!('why' in looked) && found.at(-1) === looked) break;
    }
  }
  return { found, unseen, denied };
}

async function* tell(context: CheckContext, startedAt: Date, { found, denied }: Looked, unseen: readonly Unseen[]): AsyncGenerator<CheckEvent> {
  const orphans = found.reduce((sum, one) => sum + one.orphans, 0);
  const items = found.flatMap((one): readonly Item[] => one.items);
  const count = (kind: Reference['source']['kind']): number => found.filter(({ reference }) => reference.source.kind === kind).length;
  const describe = (one: LookedReference) => ({
    reference: referenceWords(one.reference),
    by: one.reference.source.kind,
    rows: one.looked,
    orphans: one.orphans,
  });
  yield* tellOutcome(context, 'orphaned-rows', startedAt, {
    metric: 'relations.orphaned-rows',
    n: found.reduce((sum, one) => sum + one.looked, 0),
    items,
    unnamed: orphans - items.length,
    unseen,
    facts: { declared: count('declared'), given: count('given'), guessed: count('guessed'), guessesDenied: denied.length },
    more: { references: found.map(describe), guessesDenied: denied.map(describe) },
  });
}

function columnsOf({ from, columns }: Reference): readonly string[] {
  return columns.map((name) => `${from.schema}.${from.table}.${name}`);
}
const unknownColumn = (name: string): Unseen => ({ table: name, why: 'the mapping names it under `references`, and the target has no such column' });
const temporalKey = (name: string): Unseen => ({ table: name, why: 'it is a foreign key over a period, which cannot be looked at yet' });
const noTables = (tables: readonly Table[]): readonly Unseen[] => (tables.length > 0 ? [] : [{ table: 'target', why: 'it holds no table' }]);

export const orphanedRows: Check<Options> = {
  id: 'orphaned-rows',
  title: 'Rows that refer to a row that is not there',
  about: {
    proves:
      'Every row of the target that refers to another finds it: for every declared foreign key, those that say they are valid too, for every reference that the mapping gives, and for columns that name, type and values show to be references, across schemas as well.',
    how: 'Each reference is one join of the referring rows with the rows referred to, in one snapshot; rows without a partner are counted, and the first named by their key. MATCH FULL and MATCH SIMPLE are kept to. A column is guessed to be a reference when it is named after a table (`userId`, `owner_team_id`) and has the type of its key; it counts as one when at least half of its values are found there.',
    source:
      'plan §1.3; DATA-INTEGRITY.md: a disabled trigger or session_replication_role lets orphans in under a key that says it is valid. The half is our own choice: a column that refers to something else matches hardly ever, one that was copied badly loses some.',
    leavesOpen:
      'References inside of jsonb and arrays, and columns whose name says nothing (`author`), unless the mapping gives them (`references`). A guess that most values deny is taken for no reference; those are listed in the details with their counts.',
    whenItFails:
      'Orphans under a valid foreign key were written while its triggers were off: look at `foreign-keys`. Orphans across schemas are rows whose partner was left behind, or was copied later. A column that only looks like a reference: `references: { "schema.table.column": { none: "why" } }`.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target', 'databases:legacy'],
  locks: [],
  after: [],
  options: Options,
  presets: {
    pr: { statementTimeoutMs: 60_000, named: 100, guessFrom: 0.5 },
    full: { statementTimeoutMs: 1_800_000, named: 100, guessFrom: 0.5 },
  },
  metrics: { 'relations.orphaned-rows': { title: 'Orphaned rows', unit: 'count', shape: 'set', better: 'lower' } },
  defaultExpect: [{ kind: 'none', metric: 'relations.orphaned-rows' }],
  estimate: () => ({ seconds: 10, requests: 0 }),
  timeoutMs: () => 4 * 3600 * 1000,
  measure,
};
