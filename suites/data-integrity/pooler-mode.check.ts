// Measures what of a session survives the pooler: in transaction mode the next statement may go to another server connection (plan §3.5: Neon's own pool).
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Case, Check, CheckContext, CheckEvent, PooledConnection } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';

const TRAITS = ['transactions', 'prepared-statements', 'session-settings', 'advisory-locks'] as const;
type Trait = (typeof TRAITS)[number];

const Options = z.strictObject({
  /** What the application relies on; the others are looked at and told as facts. */
  reliesOn: z.array(z.enum(TRAITS)).min(1),
  /** Connections that take server connections away between two statements, so that a pooler has to give others. */
  others: z.int().min(1).max(20),
});
type Options = z.infer<typeof Options>;

// Prisma and node-postgres prepare statements by name, and both open transactions.
const PRESET: Options = { reliesOn: ['transactions', 'prepared-statements'], others: 4 };

/** Two clients of one pooler, and how to make it give the first one another server connection. */
interface Pooled {
  readonly one: PooledConnection;
  readonly other: PooledConnection;
  /** Runs `work` while the other connections hold what server connections they got. */
  displaced<Result>(work: () => Promise<Result>): Promise<Result>;
}

async function* measure(context: CheckContext, options: Options): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now().toISOString();
  const { openPooled } = context.databases;
  if (openPooled === undefined) throw new Error('There is no pooled way to the target.');
  const opened: PooledConnection[] = [];
  const open = async (): Promise<PooledConnection> => {
    const connection = await openPooled();
    opened.push(connection);
    return connection;
  };
  try {
    const seen: Case[] = [];
    for (const [index, trait] of TRAITS.entries()) {
      yield { kind: 'progress', text: trait, done: index, total: TRAITS.length };
      // Fresh connections for each: what broke one of them must not decide about the next.
      const [one, other] = [await open(), await open()];
      const fillers: PooledConnection[] = [];
      while (fillers.length < options.others) fillers.push(await open());
      seen.push(await tryTrait(trait, { one, other, displaced: (work) => whileHeld(fillers, work) }));
      await Promise.all(opened.splice(0).map((connection) => connection.close()));
    }
    const cases = seen.filter(({ id }) => options.reliesOn.includes(id as Trait));
    const notRelied = seen.filter(({ id }) => !options.reliesOn.includes(id as Trait));
    yield {
      kind: 'measurement',
      measurement: {
        metric: 'pooler.session-state',
        labels: {},
        n: cases.length,
        startedAt,
        endedAt: context.clock.now().toISOString(),
        instrument: {
          name: 'pooled connections',
          version: '1',
          healthy: true,
          facts: Object.fromEntries(notRelied.map(({ id, state, detail }) => [`notReliedOn:${id}`, state === 'ok' ? 'survives' : detail])),
        },
        payload: { shape: 'cases', cases },
      },
    };
    yield { kind: 'end-of-round' };
  } finally {
    await Promise.all(opened.map((connection) => connection.close()));
  }
}

/** A transaction holds a server connection against a pooler by transaction, a statement that takes its time against one by statement. */
async function whileHeld<Result>(fillers: readonly PooledConnection[], work: () => Promise<Result>): Promise<Result> {
  for (const filler of fillers) await filler.query('BEGIN');
  const busy = fillers.map((filler) => filler.query('SELECT pg_sleep(0.1)'));
  try {
    return await work();
  } finally {
    await Promise.all(busy);
    for (const filler of fillers) await filler.query('ROLLBACK');
  }
}

async function tryTrait(trait: Trait, pooled: Pooled): Promise<Case> {
  try {
    const lost = await LOST[trait](pooled);
    return lost === undefined ? { id: trait, state: 'ok', detail: '' } : { id: trait, state: 'failed', detail: lost };
  } catch (error) {
    if (error instanceof GateError || !(error instanceof Error)) throw error;
    return { id: trait, state: 'failed', detail: error.message };
  }
}

/** What was lost, in words; undefined: nothing. */
const LOST: Readonly<Record<Trait, (pooled: Pooled) => Promise<string | undefined>>> = {
  async transactions({ one, displaced }) {
    for (let turn = 0; turn < 3; turn += 1) {
      await one.query('BEGIN');
      const before = await backendOf(one);
      const after = await displaced(() => backendOf(one));
      await one.query('ROLLBACK');
      if (before !== after) return 'Statements of one transaction went to different server connections.';
    }
    return undefined;
  },
  async 'prepared-statements'({ one, other, displaced }) {
    // Drivers number their statements, so two clients have other texts under one name.
    const ask = async (connection: PooledConnection, word: string): Promise<string> =>
      String((await connection.query(`SELECT '${word}' AS word`, { name: 'naap_gate_1' }))[0]?.['word']);
    for (let turn = 0; turn < 3; turn += 1) {
      const answers = [await ask(one, 'one'), await ask(other, 'other'), await displaced(() => ask(one, 'one'))];
      if (answers.join() !== 'one,other,one') return `A prepared statement answered for another client: ${answers.join(', ')}.`;
    }
    return undefined;
  },
  async 'session-settings'({ one, other, displaced }) {
    const shown = async (connection: PooledConnection): Promise<string> =>
      (await connection.query("SELECT current_setting('naap_gate.mark', true) AS mark"))[0]?.['mark'] ?? '';
    await one.query("SELECT set_config('naap_gate.mark', 'one', false)");
    const theirs = await shown(other);
    const own = await displaced(() => shown(one));
    await one.query("SELECT set_config('naap_gate.mark', '', false)");
    if (theirs === 'one') return 'A setting of one client is that of another: SET leaks from connection to connection.';
    return own === 'one' ? undefined : 'A setting of the session was gone at the next statement: SET must be SET LOCAL.';
  },
  async 'advisory-locks'({ one, other, displaced }) {
    // A key of our own: a lock that the pooler leaves behind blocks nobody.
    const key = randomInt(2 ** 47);
    await one.query(`SELECT pg_advisory_lock(${key})`);
    const [taken] = await other.query(`SELECT pg_try_advisory_lock(${key}) AS taken`);
    if (taken?.['taken'] === 't') await other.query(`SELECT pg_advisory_unlock(${key})`);
    const [freed] = await displaced(() => one.query(`SELECT pg_advisory_unlock(${key}) AS freed`));
    if (taken?.['taken'] === 't') return 'Two clients held one advisory lock: it belongs to a server connection that they share.';
    if (freed?.['freed'] === 't') return undefined;
    await one.query(`SELECT pg_advisory_unlock(${key})`);
    return 'An advisory lock could not be released by its client: it stays with a server connection.';
  },
};

async function backendOf(connection: PooledConnection): Promise<string> {
  return String((await connection.query('SELECT pg_backend_pid() AS pid'))[0]?.['pid']);
}

export const poolerMode: Check<Options> = {
  id: 'pooler-mode',
  title: 'What of a session survives the pooler',
  about: {
    proves:
      'What the application relies on works through the pooler that it goes through: its transactions and its prepared statements, and what else `reliesOn` names.',
    how: 'Two clients connect through `databases.target.pooled`, and some more hold transactions open in between, so that a pooler in transaction mode gives the first client another server connection. Then: statements of one transaction must go to one connection; two clients that prepare different texts under one name must each get their own answer; a setting must stay with its client and with no other; an advisory lock must keep another client out, and its own must be able to release it. Settings and locks are told as facts unless the application relies on them.',
    source: 'The pitfalls of transaction pooling as the manuals of PgBouncer and Neon list them. Prisma and node-postgres prepare statements by name.',
    leavesOpen:
      'A pooler in transaction mode is no defect: LISTEN, temporary tables and cursors beyond a transaction are lost in it by design and are not tried. Exhaustion is `connection-pool`.',
    whenItFails:
      'Prepared statements: `max_prepared_statements` of PgBouncer ≥ 1.21, or `pgbouncer=true` in the URL of Prisma. Settings: SET LOCAL in a transaction, or ALTER ROLE … SET. Locks: pg_advisory_xact_lock, or a direct connection (migrations take advisory locks).',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target', 'database:pooled'],
  locks: [],
  after: [],
  options: Options,
  presets: { pr: PRESET, full: PRESET },
  metrics: { 'pooler.session-state': { title: 'What of a session survives the pooler', unit: 'count', shape: 'cases', better: 'higher' } },
  defaultExpect: [{ kind: 'cases', metric: 'pooler.session-state', required: 'all' }],
  estimate: () => ({ seconds: 2, requests: 0 }),
  timeoutMs: () => 120_000,
  measure,
};
