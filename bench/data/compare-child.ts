// Our comparison in a process of its own, so that its peak memory is its own: databases in by message, time and memory out. Started by tools.ts.
import type { CheckContext } from '../../gates/model.ts';
import { rowContents } from '../../suites/data-integrity/row-contents.check.ts';
import { createDatabases } from '../../suites/instruments/database/sessions.ts';
import type { Databases } from './databases.ts';

export interface CompareOrder {
  readonly databases: Databases;
  readonly mode: 'near' | 'far';
}
export interface CompareReport {
  readonly seconds: number;
  /** Of this whole process, MiB. */
  readonly peakMemoryMiB: number;
  readonly rows: number;
  readonly differences: number;
  /** What was not seen to the end; undefined: all was. */
  readonly sick: string | undefined;
}

process.once('message', (order) => {
  void compare(order as CompareOrder).then((report) => process.send?.(report, () => process.disconnect()));
});

async function compare({ databases, mode }: CompareOrder): Promise<CompareReport> {
  const { signal } = new AbortController();
  const legacy = Object.fromEntries(Object.entries(databases.legacy).map(([name, url]) => [name, { url }]));
  const opened = createDatabases({ databases: { target: { url: databases.target }, legacy }, signal });
  const started = performance.now();
  // All that the check asks of its context.
  const context = {
    profile: 'full',
    databases: opened,
    mapping: undefined,
    data: { mode },
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    signal,
    artifacts: { put: async () => '0'.repeat(64) },
    checkpoint: { read: () => undefined, write: () => undefined },
    log: () => undefined,
  } as unknown as CheckContext;
  const { full } = rowContents.presets;
  for await (const event of rowContents.measure(context, full)) {
    if (event.kind !== 'measurement' || event.measurement.payload.shape !== 'set') continue;
    const { n, payload, instrument } = event.measurement;
    const seconds = (performance.now() - started) / 1000;
    await opened.close();
    return { seconds, peakMemoryMiB: process.resourceUsage().maxRSS / 1024, rows: n, differences: payload.totalItems, sick: instrument.why };
  }
  throw new Error('row-contents measured no differences.');
}
