// Measures whether every database, table and column of either side has its counterpart, or a reason for having none (plan §1.1.1).
import { z } from 'zod';
import type { Check, CheckContext, CheckEvent } from '../../gates/model.ts';
import { comparisonInstrument } from './instrument.ts';
import { openSides } from './sides.ts';

const Options = z.object({});
type Options = z.infer<typeof Options>;

async function* measure(context: CheckContext): AsyncGenerator<CheckEvent> {
  const startedAt = context.clock.now();
  const sides = await openSides(context.databases, context.mapping, startedAt);
  try {
    const { pairs, unmapped, leftOut } = sides.pairing;
    const columns = pairs.reduce((sum, pair) => sum + pair.columns.length, 0);
    const items = unmapped.map(({ side, kind, object, detail }) => ({ key: object, detail: `${side} ${kind}: ${detail}` }));
    await context.artifacts.put('data-inventory/left-out.json', 'application/json', JSON.stringify(leftOut, null, 2));
    yield {
      kind: 'measurement',
      measurement: {
        metric: 'inventory.unmapped-objects',
        labels: {},
        n: pairs.length + columns + unmapped.length,
        startedAt: startedAt.toISOString(),
        endedAt: context.clock.now().toISOString(),
        instrument: comparisonInstrument('catalogue', [], true, { tables: pairs.length, columns, leftOutOnPurpose: leftOut.length }),
        payload: { shape: 'set', items, totalItems: items.length },
      },
    };
    yield { kind: 'end-of-round' };
  } finally {
    await sides.close();
  }
}

export const dataInventory: Check<Options> = {
  id: 'data-inventory',
  title: 'Objects of either side without a counterpart',
  about: {
    proves: 'The mapping is complete: no table and no column of either side is without its counterpart, or it is named with the reason.',
    how: "The catalogues of all legacy databases and of the target's schemas are paired by the mapping; where it says nothing, names are kept and naap_x becomes the schema x (naap_base core, naap_marketplace plugins, naap_daydream_video daydream).",
    source: 'Plan §1.1.1, which counts eight databases and names ten (§2.3).',
    leavesOpen: 'Views, functions, sequences and the other objects are those of `catalogue-parity`.',
    whenItFails: 'Write what was renamed, moved, dropped, added or left behind into `mapping`, with the reason; what then remains was forgotten.',
  },
  revision: 1,
  effects: ['read'],
  needs: ['database:target', 'databases:legacy'],
  locks: [],
  after: [],
  options: Options,
  presets: { pr: {}, full: {} },
  metrics: { 'inventory.unmapped-objects': { title: 'Tables and columns without a counterpart', unit: 'count', shape: 'set', better: 'lower' } },
  defaultExpect: [{ kind: 'none', metric: 'inventory.unmapped-objects' }],
  estimate: () => ({ seconds: 2, requests: 0 }),
  timeoutMs: () => 120_000,
  measure,
};
