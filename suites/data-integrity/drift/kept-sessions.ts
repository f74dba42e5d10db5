// The sessions of a watch that may take a day: one a database, opened when needed, holding no snapshot between two uses. Used by watch.ts.
import type { DatabasePlace, DatabaseSession, Databases } from '../../../gates/model.ts';
import type { BothSessions } from './look-again.ts';

/** An idle transaction is ended by the server after two minutes (sessions.ts). */
const KEPT_MS = 100_000;

export interface KeptSessions {
  session(place: DatabasePlace): Promise<DatabaseSession>;
  both(database: string): Promise<BothSessions>;
  /** They were used without being asked for. */
  touch(database: string): void;
  /** Ends what they see, so that no vacuum waits for it. */
  release(): Promise<void>;
  /** After a failure: what a session still has to say is for nobody. */
  drop(): Promise<void>;
}

export function keepSessions(databases: Databases, statementTimeoutMs: number): KeptSessions {
  const kept = new Map<string, { readonly session: DatabaseSession; usedAt: number }>();
  const used = new Set<string>();
  const take = async (place: DatabasePlace): Promise<DatabaseSession> => {
    const name = place === 'target' ? '' : place.legacy;
    const known = kept.get(name);
    used.add(name);
    if (known !== undefined && performance.now() - known.usedAt < KEPT_MS) {
      known.usedAt = performance.now();
      return known.session;
    }
    kept.delete(name);
    await known?.session.close();
    const session = await databases.open(place, { statementTimeoutMs });
    kept.set(name, { session, usedAt: performance.now() });
    return session;
  };
  return {
    session: take,
    both: async (database) => ({ legacy: await take({ legacy: database }), target: await take('target') }),
    touch(database) {
      for (const name of [database, '']) {
        const one = kept.get(name);
        if (one !== undefined) one.usedAt = performance.now();
        used.add(name);
      }
    },
    async release() {
      const names = [...used];
      used.clear();
      await Promise.all(names.map((name) => kept.get(name)?.session.renew()));
    },
    async drop() {
      const all = [...kept.values()];
      kept.clear();
      used.clear();
      await Promise.all(all.map(({ session }) => session.close()));
    },
  };
}
