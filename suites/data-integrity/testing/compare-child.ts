// row-contents in a process of its own: addresses in, what was found and the peak of its memory out. Started by row-contents-memory.live.test.ts.
import type { Environment } from '../../../gates/model.ts';
import { rowContents } from '../row-contents.check.ts';
import { measureData } from './two-servers.ts';

export interface ComparedAlone {
  readonly differences: number;
  readonly named: number;
  /** Of this whole process, MiB. */
  readonly peakMemoryMiB: number;
}

process.once('message', (databases) => {
  void compare(databases as Environment['databases']).then((found) => process.send?.(found, () => process.disconnect()));
});

async function compare(databases: Environment['databases']): Promise<ComparedAlone> {
  const measured = await measureData(rowContents, databases);
  const payload = measured.get('data.content-differences')?.payload;
  if (payload?.shape !== 'set') throw new Error('no set was measured');
  return { differences: payload.totalItems, named: payload.items.length, peakMemoryMiB: process.resourceUsage().maxRSS / 1024 };
}
