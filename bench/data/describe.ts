// The bench of the data comparison in words: Markdown for bench/RESULTS.md and the terminal. Called by bench/main.ts.
import type { DataBench, DataSet, Timed } from './bench.ts';

export function describeData(bench: DataBench): string {
  const { large, mixed, allChanged, absent } = bench;
  const [low, high] = bench.oursOverPgDumpSpread;
  return [
    'Both sides are PostgreSQL databases of one server on this machine, cached. A table of id, uuid, timestamptz, numeric, text, jsonb, bytea. Ours reads both sides and',
    'compares every byte (near) or sums of row hashes (far); `count(*)`, COPY and pg_dump read one side. Rounds are interleaved, each begins with another tool.',
    '',
    `### ${setWords(large)}`,
    '',
    ...table(large),
    '',
    `Ours, near ÷ pg_dump: **${bench.oursOverPgDump.toFixed(2)}** (rounds ${low.toFixed(2)}–${high.toFixed(2)}); ÷ COPY: ${bench.oursOverCopy.toFixed(2)}; far ÷ pg_dump: ${bench.farOverPgDump.toFixed(2)}.`,
    `Every row changed: ${allChanged.differences} differences counted in ${allChanged.seconds.toFixed(1)} s, ${allChanged.peakMemoryMiB.toFixed(0)} MiB.`,
    '',
    `### ${setWords(mixed)}`,
    '',
    ...table(mixed),
    '',
    `Peak memory of ours in all runs: ${bench.peakMemoryMiB.toFixed(0)} MiB, Node itself included.`,
    ...absent,
    `Goals (near at most as long as pg_dump on the large table, at most 250 MiB, every difference counted): ${bench.withinGoals ? 'reached' : 'NOT reached'}.`,
    '',
  ].join('\n');
}

function setWords({ databases, rows, bytes }: DataSet): string {
  return `${databases === 1 ? 'One table' : `${databases} databases`}: ${rows.toLocaleString('en')} rows, ${(bytes / 1e9).toFixed(2)} GB a side`;
}

function table({ tools }: DataSet): string[] {
  const dump = tools['pg_dump']?.medianSeconds ?? NaN;
  const row = ([name, { seconds, medianSeconds, peakMemoryMiB }]: readonly [string, Timed]): string =>
    `| ${name} | ${medianSeconds.toFixed(2)} | ${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)} (${seconds.length}) | ${(medianSeconds / dump).toFixed(2)} | ${peakMemoryMiB === null ? 'not told' : peakMemoryMiB.toFixed(0)} |`;
  return ['| | median s | rounds s | ÷ pg_dump | peak MiB |', '|---|---|---|---|---|', ...Object.entries(tools).map(row)];
}
