// Measures whether a backup of the target can be restored: a dump, restored into a scratch database and compared with the target (plan §1.3: "Backup/restore procedures tested").
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent, DatabaseSession, Instrument, Item, Measurement, RestoredCopy } from '../../gates/model.ts';
import { catalogueParity } from './catalogue-parity.check.ts';
import { dataInventory } from './data-inventory.check.ts';
import { foreignKeys } from './foreign-keys.check.ts';
import { indexParity } from './index-parity.check.ts';
import { compareBareSchemas } from './restore/bare-schemas.ts';
import { originalAndCopy, schemasOf, unchanged } from './restore/original-and-copy.ts';
import { rowContents } from './row-contents.check.ts';
import { whileWorking } from './workers.ts';

const Options = z.strictObject({
  /** The holder of the moment says a word so often, ms: a server ends sessions that idle in a transaction. */
  keepAliveMs: z.int().min(100),
});
type Options = z.infer<typeof Options>;

/** What compares the legacy side with the target compares the target with its copy. */
const COMPARING: readonly Check<never>[] = [dataInventory, rowContents, catalogueParity, indexParity, foreignKeys] as unknown as readonly Check<never>[];
/** Findings kept for the report; all are counted. */
const NAMED = 2000;

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now().toISOString();
  const { databases } = context;
  if (databases.restore === undefined) throw new Error('There is no scratch server to restore into.');
  const holder = await databases.open('target');
  const snapshot = await holder.exportSnapshot();
  const awake = keepAwake(holder, options.keepAliveMs);
  let copy: RestoredCopy | undefined;
  try {
    let step = 'pg_dump is looked for';
    const restoring = databases.restore({ holder, snapshot, cleanup: context.cleanup, onProgress: (text) => void (step = text) });
    const restored = yield* whileWorking(restoring, () => ({ kind: 'progress', text: step }));
    if ('why' in restored) {
      yield { kind: 'measurement', measurement: { ...impossible(restored.why), startedAt, endedAt: context.clock.now().toISOString() } };
      yield { kind: 'end-of-round' };
      return;
    }
    copy = restored;
    const schemas = await schemasOf(holder);
    const compared = yield* comparedWith({
      ...context,
      databases: originalAndCopy(databases, schemas.withTables, snapshot, restored),
      mapping: unchanged(schemas, context.mapping),
      artifacts: { put: (name, type, bytes) => context.artifacts.put(`backup-restore/${name}`, type, bytes) },
    });
    const bare = await comparedBare(holder, restored, schemas.bare);
    const bytes = Number((await holder.rows('SELECT pg_database_size(current_database()) AS bytes'))[0]?.['bytes']);
    await context.artifacts.put('backup-restore/pg_restore.log', 'text/plain', restored.log);
    const measurement = outcome(restored, compared, bare, bytes);
    await context.artifacts.put(
      'backup-restore/restore.json',
      'application/json',
      JSON.stringify({ ...measurement.instrument.facts, complaints: restored.complaints, missingRoles: restored.missingRoles }, null, 2),
    );
    yield { kind: 'measurement', measurement: { ...measurement, startedAt, endedAt: context.clock.now().toISOString() } };
    yield { kind: 'end-of-round' };
  } finally {
    clearInterval(awake);
    await holder.close();
    await copy?.remove();
  }
}

function keepAwake(holder: DatabaseSession, everyMs: number): NodeJS.Timeout {
  // One that is lost meanwhile is told by whoever needs its snapshot.
  return setInterval(() => void holder.rows('SELECT 1').catch(() => undefined), everyMs);
}

type BareSchemas = Awaited<ReturnType<typeof compareBareSchemas>>;

async function comparedBare(holder: DatabaseSession, restored: RestoredCopy, schemas: readonly string[]): Promise<BareSchemas> {
  const copy = await restored.open();
  try {
    return await compareBareSchemas(holder, copy, schemas);
  } finally {
    await copy.close();
  }
}

/** All that the comparing checks measured; their progress is passed on. */
async function* comparedWith(context: CheckContext): AsyncGenerator<CheckEvent, readonly Measurement[]> {
  const measured: Measurement[] = [];
  for (const check of COMPARING) {
    context.signal.throwIfAborted();
    for await (const event of check.measure(context, check.presets[context.profile])) {
      if (event.kind === 'measurement') measured.push(event.measurement);
      else if (event.kind === 'progress') yield { ...event, text: `${check.id}: ${event.text}` };
    }
  }
  return measured;
}

type Figures = Omit<Measurement, 'startedAt' | 'endedAt'>;

function impossible(why: string): Figures {
  const instrument: Instrument = { name: 'pg_dump and pg_restore', version: 'none', healthy: false, why };
  return { metric: 'backup.restore-differences', labels: {}, n: 0, instrument, payload: { shape: 'set', items: [], totalItems: 0 } };
}

function outcome(copy: RestoredCopy, compared: readonly Measurement[], bare: BareSchemas, databaseBytes: number): Figures {
  const refused = [...bare.items, ...copy.complaints.map(({ object, text }): Item => ({ key: object, detail: `It could not be restored: ${text}` }))];
  const sets = compared.flatMap(({ payload }) => (payload.shape === 'set' ? [payload] : []));
  const different = sets
    .flatMap(({ items }) => items)
    .map(({ key, detail }): Item => ({ key, detail: `${detail} (legacy: the database itself; target: its restored copy)` }));
  const totalItems = refused.length + sets.reduce((sum, set) => sum + Math.max(set.totalItems, set.items.length), 0);
  const facts = {
    dumpSeconds: copy.dumpSeconds,
    dumpBytes: copy.dumpBytes,
    compression: copy.compression,
    restoreSeconds: copy.restoreSeconds,
    databaseBytes,
    ...(copy.missingRoles.length === 0 ? {} : { rolesNotOnScratch: copy.missingRoles.join(', ') }),
  };
  const sick = compared.find(({ instrument }) => !instrument.healthy);
  const isProven = sick === undefined || totalItems > 0;
  return {
    metric: 'backup.restore-differences',
    labels: {},
    n: compared.reduce((sum, { n, payload }) => (payload.shape === 'set' ? sum + n : sum), bare.n),
    instrument: {
      name: 'pg_dump and pg_restore',
      version: copy.tool,
      healthy: isProven,
      ...(isProven ? {} : { why: sick?.instrument.why ?? 'a comparison gave no reason' }),
      facts,
    },
    payload: { shape: 'set', items: [...refused, ...different].slice(0, NAMED), totalItems },
  };
}

export const backupRestore: Check<Options> = {
  id: 'backup-restore',
  title: 'A dump restored and compared',
  about: {
    proves: 'A backup of the consolidated database, made now by pg_dump, can be restored, and gives back every row, every column and every constraint.',
    how: 'pg_dump of a fitting major dumps the target as of one exported snapshot; pg_restore restores it into a new database of the scratch server; then the target as of that same snapshot is compared with the copy by the checks that compare the legacy side with the target: `data-inventory`, `row-contents`, `catalogue-parity`, `index-parity` and `foreign-keys`; of schemas without a table routines, types and views by their bodies. What pg_restore complained about is a finding too. The copy is removed afterwards, also on Ctrl-C; one that a killed run left is removed by the next after a day.',
    source: 'Plan §1.3, which names the procedures and gives no number: nothing may differ.',
    leavesOpen:
      'Roles and settings of the server are in no dump (pg_dumpall --globals-only): owners and grants to roles that the scratch server has not are named among the facts and lost only there. Backups of another kind (snapshots of the provider, WAL archives) are restored by their own means; give their log as evidence.',
    whenItFails:
      'Rows of one table that cannot be restored: a check or a generated column calls a function that names tables without their schema, while a restore has an empty search path. A missing object: it belongs to an extension, which is restored as its script makes it.',
  },
  revision: 1,
  effects: ['read', 'write'],
  needs: ['database:target', 'database:scratch'],
  locks: ['target'],
  after: [],
  options: Options,
  presets: { pr: { keepAliveMs: 20_000 }, full: { keepAliveMs: 20_000 } },
  metrics: { 'backup.restore-differences': { title: 'Differences between the target and its restored copy', unit: 'count', shape: 'set', better: 'lower' } },
  defaultExpect: [{ kind: 'none', metric: 'backup.restore-differences' }],
  estimate: () => ({ seconds: 15, requests: 0 }),
  timeoutMs: () => 4 * 3600 * 1000,
  measure,
};
