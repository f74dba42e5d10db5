// The demo's users, who write to both sides while somebody watches (plan §1.2.2). Called when the demo is opened with its legacy side.
import type { DualWriters, Environment } from '../gates/model.ts';

/** Writes a second: enough for the watch of a pull request to see some of every kind in each schema. */
const RATE = 100;
/** One write in so many is hit by faults that hit some; a prime. In twenty seconds a table has some two hundred, and later writes heal most of the rows. */
const EVERY = 7;

export async function demoWriters({ target, legacy = {} }: Environment['databases'], faults: readonly string[]): Promise<DualWriters | undefined> {
  const people = legacy['naap_base'];
  if (target === undefined || people === undefined) return undefined;
  const { startDualWrites } = await import('../fixtures/twin/dual-write/writers.ts');
  const { anybody, dualTables } = await import('../fixtures/twin/dual-write/tables.ts');
  const { switchesFor } = await import('../fixtures/faults/registry.ts');
  return {
    async start() {
      const writing = await startDualWrites({
        legacyUrls: Object.fromEntries(Object.entries(legacy).map(([name, { url }]) => [name, url])),
        targetUrl: target.url,
        tables: dualTables(await anybody(people.url)),
        rate: RATE,
        every: EVERY,
        faults: switchesFor(faults).dualWrites,
      });
      return { stop: async () => (await writing.stop()).writes };
    },
  };
}
