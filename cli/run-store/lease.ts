// Who may write a run that is kept in PostgreSQL: one at a time, for as long as they keep saying so. Used by the store for everything that adds.
//
// A row with an end rather than an advisory lock: it outlives a connection that is cut for a moment, works behind a pooler that gives every
// transaction another connection (PgBouncer, Neon, Supabase), and names its holder. Every write proves in its own transaction that it still holds.
import { setTimeout as delay } from 'node:timers/promises';
import { GateError } from '../../gates/model.ts';
import type { Database } from './database.ts';

export interface LeaseTerms {
  readonly run: string;
  /** Names this holder and no other: a UUID. */
  readonly holder: string;
  /** For people: `erin@laptop`. */
  readonly who: string;
  /** How long it holds after the last word, ms. */
  readonly leaseMs: number;
  /** A holder of this machine that is known to be dead. */
  readonly dead?: string | undefined;
  readonly tell: (text: string) => void;
}

const POLL_MS = 250;

interface Held {
  readonly holder: string;
  readonly who: string;
  readonly expires: string;
  readonly leftMs: number;
}

/**
 * Whoever holds it may be dead: this waits until the lease ends, or until its holder shows a sign of life.
 * Throws RUN_LOCKED with the holder's name.
 */
export async function takeLease(database: Database, terms: LeaseTerms): Promise<void> {
  let first: Held | undefined;
  while (!(await tryToTake(database, terms))) {
    const held = await holderOf(database, terms.run);
    if (held === undefined) continue;
    if (first === undefined) {
      first = held;
      terms.tell(`Run ${terms.run} is held by ${held.who}. Waiting for a sign of life, at most ${Math.ceil(held.leftMs / 1000)} s.`);
    }
    if (held.holder !== first.holder || held.expires !== first.expires) throw locked(terms.run, held.who);
    await delay(POLL_MS);
  }
}

async function tryToTake({ query }: Database, { run, holder, who, leaseMs, dead }: LeaseTerms): Promise<boolean> {
  const taken = await query(
    `INSERT INTO naap_gate.leases AS held (run, holder, who, expires_at) VALUES ($1, $2, $3, now() + $4 * interval '1 millisecond')
     ON CONFLICT (run) DO UPDATE SET holder = excluded.holder, who = excluded.who, taken_at = now(), expires_at = excluded.expires_at
     WHERE held.expires_at <= now() OR held.holder = $5 RETURNING run`,
    [run, holder, who, leaseMs, dead ?? holder],
  );
  return taken.length > 0;
}

async function holderOf({ query }: Database, run: string): Promise<Held | undefined> {
  const [held] = await query<Held>(
    'SELECT holder, who, expires_at::text AS expires, (extract(epoch FROM expires_at - now()) * 1000)::float8 AS "leftMs" FROM naap_gate.leases WHERE run = $1',
    [run],
  );
  return held;
}

/** In the transaction that writes: nobody else can take the lease until it ends. Throws RUN_LOCKED where it was taken over. */
export async function renewLease(query: Database['query'], { run, holder, leaseMs }: LeaseTerms): Promise<void> {
  const renewed = await query("UPDATE naap_gate.leases SET expires_at = now() + $3 * interval '1 millisecond' WHERE run = $1 AND holder = $2 RETURNING run", [
    run,
    holder,
    leaseMs,
  ]);
  if (renewed.length > 0) return;
  const [other] = await query<{ who: string }>('SELECT who FROM naap_gate.leases WHERE run = $1', [run]);
  throw locked(run, other?.who ?? 'somebody else');
}

/** Says again and again that the holder lives while something takes long. Throws what the work throws; a lease that is lost shows at the next write. */
export async function whileRenewed<Result>(database: Database, terms: LeaseTerms, everyMs: number, work: () => Promise<Result>): Promise<Result> {
  const timer = setInterval(() => void renewLease(database.query, terms).catch(() => clearInterval(timer)), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

export async function endLease({ query }: Database, { run, holder }: LeaseTerms): Promise<void> {
  await query('DELETE FROM naap_gate.leases WHERE run = $1 AND holder = $2', [run, holder]);
}

function locked(run: string, who: string): GateError {
  return new GateError('RUN_LOCKED', `Run ${run} is being written by ${who}.`, { remedy: 'Wait until they have done; then run the command again.' });
}
