// `npm run bench -- data`: our comparison of two sides beside what reading one of them takes, and beside peers, interleaved; answers one document.
import { type BenchServer, type Databases, startServer } from './databases.ts';
import { median } from '../load/quantiles.ts';
import { findPeer } from './peers.ts';
import { READERS, type Tool, compareOurs, ours, reladiff, validator } from './tools.ts';

export interface Timed {
  /** Of every round, in their order. */
  readonly seconds: readonly number[];
  readonly medianSeconds: number;
  /** Highest of the rounds; null where the system does not tell. */
  readonly peakMemoryMiB: number | null;
}
export interface DataSet {
  readonly databases: number;
  /** Of one side. */
  readonly rows: number;
  readonly bytes: number;
  readonly tools: Readonly<Record<string, Timed>>;
}
export interface DataBench {
  /** Near mode over `pg_dump` of one side, medians on the one large table; issue 5: at most 1. */
  readonly oursOverPgDump: number;
  /** The lowest and the highest of the rounds. */
  readonly oursOverPgDumpSpread: readonly [number, number];
  /** Over the plain `COPY … TO STDOUT` of one side. */
  readonly oursOverCopy: number;
  readonly farOverPgDump: number;
  /** Highest of all our runs, that with every row changed too, MiB; issue 5: at most 250. */
  readonly peakMemoryMiB: number;
  /** Every row of the large table changed. */
  readonly allChanged: { readonly differences: number; readonly seconds: number; readonly peakMemoryMiB: number };
  readonly large: DataSet;
  readonly mixed: DataSet;
  /** Peers that are not here, and why. */
  readonly absent: readonly string[];
  readonly withinGoals: boolean;
}

const GOAL_RATIO = 1;
const GOAL_MIB = 250;
/** Ten databases of mixed sizes; about 2.3 GB of tables a side. */
const MIXED_ROWS = {
  naap_base: 900_000,
  naap_gateway: 1_600_000,
  naap_orchestrator: 400_000,
  naap_capacity: 120_000,
  naap_analytics: 4_200_000,
  naap_marketplace: 300_000,
  naap_community: 800_000,
  naap_dashboard: 40_000,
  naap_daydream_video: 1_200_000,
  naap_wallet: 500_000,
} as const;

/**
 * Full: 7 rounds on 5 M rows, then 3 on ten databases, of the slow peers 3 and 1; 20 min on a machine of its own. Quick: 3 rounds of 300 000 rows, then of ten
 * small databases; a few minutes.
 */
export async function benchData(quick: boolean, cacheDir: string, say: (text: string) => void): Promise<DataBench> {
  const [rounds, largeRows, part] = quick ? [3, 300_000, 0.03] : [7, 5_000_000, 1];
  const slowRounds = quick ? 1 : 3;
  const peers = await Promise.all([findPeer('reladiff', cacheDir, say), findPeer('data-validation', cacheDir, say)]);
  const [diff, validation] = peers;
  const tools = [ours('near'), ours('far'), ...READERS];
  const differs = diff !== undefined && 'program' in diff ? [reladiff(diff)] : [];
  const validators = validation !== undefined && 'program' in validation ? [validator(validation)] : [];
  const server = await startServer(cacheDir);
  try {
    say(`making two sides of ${largeRows} rows`);
    const one = await server.make('large', { naap_shop: largeRows });
    const large = await measureSet(one, largeRows, { tools, rounds, slow: [...differs, ...validators], slowRounds }, say);
    say('every row changed');
    const allChanged = await changeAll(server, one);
    say('making two sides of ten databases');
    const sizes = Object.fromEntries(Object.entries(MIXED_ROWS).map(([name, rows]) => [name, Math.round(rows * part)]));
    const ten = await server.make('mixed', sizes);
    const mixed = await measureSet(
      ten,
      Object.values(sizes).reduce((sum, rows) => sum + rows, 0),
      { tools, rounds: 3, slow: differs, slowRounds: 1 },
      say,
    );
    return summarize(
      large,
      mixed,
      allChanged,
      peers.flatMap((peer) => ('why' in peer ? [peer.why] : [])),
    );
  } finally {
    await server.close();
  }
}

interface Plan {
  readonly tools: readonly Tool[];
  readonly rounds: number;
  readonly slow: readonly Tool[];
  readonly slowRounds: number;
}

/** Each round runs every tool once, and begins with another one. */
async function measureSet(databases: Databases & { readonly bytes: number }, rows: number, plan: Plan, say: (text: string) => void): Promise<DataSet> {
  const runs = new Map<string, { seconds: number[]; peaks: number[] }>();
  const [first] = plan.tools;
  // So that no tool of the first round reads from the disk.
  await first?.run(databases);
  for (let round = 0; round < plan.rounds; round += 1) {
    const inTurn = [...plan.tools.slice(round % plan.tools.length), ...plan.tools.slice(0, round % plan.tools.length)];
    for (const tool of [...inTurn, ...(round < plan.slowRounds ? plan.slow : [])]) {
      const { seconds, peakMemoryMiB } = await tool.run(databases);
      const known = runs.get(tool.name) ?? { seconds: [], peaks: [] };
      known.seconds.push(seconds);
      if (peakMemoryMiB !== null) known.peaks.push(peakMemoryMiB);
      runs.set(tool.name, known);
      say(`round ${round + 1} of ${plan.rounds}: ${tool.name} ${seconds.toFixed(2)} s`);
    }
  }
  const tools = [...plan.tools, ...plan.slow].map(({ name }): [string, Timed] => {
    const { seconds = [], peaks = [] } = runs.get(name) ?? {};
    return [name, { seconds, medianSeconds: median(seconds), peakMemoryMiB: peaks.length === 0 ? null : Math.max(...peaks) }];
  });
  return { databases: Object.keys(databases.legacy).length, rows, bytes: databases.bytes, tools: Object.fromEntries(tools) };
}

async function changeAll(server: BenchServer, databases: Databases): Promise<DataBench['allChanged']> {
  await server.run(databases.target, 'UPDATE shop.event SET amount = coalesce(amount, 0) + 0.01, doc = doc || \'{"late": true}\'');
  await server.run(databases.target, 'VACUUM ANALYZE shop.event');
  const { differences, seconds, peakMemoryMiB } = await compareOurs(databases, 'near');
  return { differences, seconds, peakMemoryMiB };
}

function summarize(large: DataSet, mixed: DataSet, allChanged: DataBench['allChanged'], absent: readonly string[]): DataBench {
  const of = (name: string): Timed => {
    const timed = large.tools[name];
    if (timed === undefined) throw new Error(`${name} was not timed.`);
    return timed;
  };
  const [near, far, dump, copy] = [of('ours, near'), of('ours, far'), of('pg_dump'), of('COPY … TO STDOUT')];
  const ratios = near.seconds.map((seconds, round) => seconds / (dump.seconds[round] ?? NaN));
  const ourPeaks = [large, mixed].flatMap(({ tools }) => ['ours, near', 'ours, far'].map((name) => tools[name]?.peakMemoryMiB ?? NaN));
  const oursOverPgDump = near.medianSeconds / dump.medianSeconds;
  const peakMemoryMiB = Math.max(...ourPeaks, allChanged.peakMemoryMiB);
  return {
    oursOverPgDump,
    oursOverPgDumpSpread: [Math.min(...ratios), Math.max(...ratios)],
    oursOverCopy: near.medianSeconds / copy.medianSeconds,
    farOverPgDump: far.medianSeconds / dump.medianSeconds,
    peakMemoryMiB,
    allChanged,
    large,
    mixed,
    absent,
    // Two values of every row were changed.
    withinGoals: oursOverPgDump <= GOAL_RATIO && peakMemoryMiB <= GOAL_MIB && allChanged.differences === 2 * large.rows,
  };
}
