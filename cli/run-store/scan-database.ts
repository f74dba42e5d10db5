// Looks at all runs of a database at once: the lines that are asked for, and whether the chains around them hold. The counterpart of scanFolder.
import { criterionMark, type RunLines, type WantedLines } from '../../gates/run-store.ts';
import { type ChainScan, NO_LINES, type ScannedLine } from '../../gates/scan-chain.ts';
import type { Database } from './database.ts';
import type { ChainName } from './run-files.ts';

interface ChainRow {
  readonly run: string;
  readonly file: ChainName;
  readonly count: number;
  readonly last_at: string;
  readonly types: string[];
  /** Number of the first line that does not hold, counted from 0. */
  readonly broken: number | null;
}
interface LineRow extends ScannedLine {
  readonly run: string;
  readonly file: ChainName;
}

/** The triggers keep the chains whole; whoever goes past them is found here as in a file. */
const CHAINS_OF_RUNS = `
SELECT run, file, count(*)::integer AS count, max(at) AS last_at, array_agg(DISTINCT type) AS types, (min(nth) FILTER (WHERE NOT holds))::integer AS broken
FROM (
  SELECT run, file, type, at, row_number() OVER chain - 1 AS nth,
    seq = row_number() OVER chain - 1
      AND sha256 = encode(sha256(convert_to(line, 'UTF8')), 'hex')
      AND prev = coalesce(lag(sha256) OVER chain, repeat('0', 64)) AS holds
  FROM naap_gate.lines WHERE $1::text[] IS NULL OR run = ANY ($1)
  WINDOW chain AS (PARTITION BY run, file ORDER BY seq)
) AS links GROUP BY run, file`;

const LINES_OF_RUNS = `
SELECT run, file, seq, at, type, line AS text FROM naap_gate.lines
WHERE ($1::text[] IS NULL OR run = ANY ($1))
  AND (file = 'ledger' OR type = ANY ($2) OR ($3 AND type = 'criterion.judged' AND ($4 = '' OR strpos(line, $4) > 0)))
ORDER BY run, file, seq`;

/** Both questions are about one moment. */
export async function scanDatabase(database: Database, { types, judged, ids }: WantedLines): Promise<readonly RunLines[]> {
  const mark = typeof judged === 'string' ? criterionMark(judged) : '';
  return database.transaction(async (query) => {
    await query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const runs = await query<{ id: string }>('SELECT id FROM naap_gate.runs WHERE $1::text[] IS NULL OR id = ANY ($1)', [ids ?? null]);
    const chains = await query<ChainRow>(CHAINS_OF_RUNS, [ids ?? null]);
    const lines = await query<LineRow>(LINES_OF_RUNS, [ids ?? null, types, judged !== undefined, mark]);
    const linesOf = Map.groupBy(lines, ({ run, file }) => `${file} ${run}`);
    const chainOf = new Map(chains.map((row) => [`${row.file} ${row.run}`, row]));
    const scan = (key: string): ChainScan => scanOf(chainOf.get(key), linesOf.get(key) ?? []);
    return runs.map(({ id }) => ({ id, journal: scan(`journal ${id}`), ledger: scan(`ledger ${id}`) }));
  });
}

function scanOf(row: ChainRow | undefined, lines: readonly LineRow[]): ChainScan {
  if (row === undefined) return NO_LINES;
  const scan = { lines, count: row.count, lastAt: row.last_at, types: new Set(row.types), tornBytes: 0 };
  if (row.broken === null) return scan;
  const { broken } = row;
  return { ...scan, lines: lines.filter(({ seq }) => seq < broken), damage: `line ${broken + 1} does not follow the line before, or was changed` };
}
