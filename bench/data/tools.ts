// What is timed beside each other: our comparison in both modes, what PostgreSQL's own tools take to read one side, and peers that compare. Used by bench.ts.
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { schemaOf } from '../../suites/data-integrity/mapping.ts';
import { hear } from '../load/child.ts';
import type { CompareOrder, CompareReport } from './compare-child.ts';
import type { Databases } from './databases.ts';
import type { Peer } from './peers.ts';
import { type Ran, runProgram } from './process.ts';

export interface Tool {
  readonly name: string;
  run(databases: Databases): Promise<Ran>;
}

/** Rows that Google's validator is given: it holds them all in memory, and takes minutes for more. */
export const VALIDATOR_ROWS = 100_000;

/** Starting Node and compiling is not part of it: the comparison is a part of a run that has begun long before. Throws where it finds anything, for both sides are equal. */
export function ours(mode: 'near' | 'far'): Tool {
  return {
    name: `ours, ${mode}`,
    async run(databases) {
      const report = await compareOurs(databases, mode);
      if (report.sick !== undefined || report.differences > 0)
        throw new Error(`Equal sides were not found equal (${mode}): ${report.differences} differences; ${report.sick ?? 'all was seen'}.`);
      return report;
    },
  };
}

export async function compareOurs(databases: Databases, mode: 'near' | 'far'): Promise<CompareReport> {
  const child = fork(fileURLToPath(new URL('./compare-child.ts', import.meta.url)), [], { execArgv: [] });
  const order: CompareOrder = { databases, mode };
  return hear<CompareReport>(child, order);
}

/** Of one side, the target: it has all tables in one database. */
export const READERS: readonly Tool[] = [
  { name: 'count(*)', run: (databases) => psql(databases, (table) => `SELECT count(*) FROM ${table}`) },
  { name: 'COPY … TO STDOUT', run: (databases) => psql(databases, (table) => `COPY ${table} TO STDOUT`) },
  { name: 'COPY … (FORMAT binary)', run: (databases) => psql(databases, (table) => `COPY ${table} TO STDOUT (FORMAT binary)`) },
  { name: 'pg_dump', run: ({ target }) => runProgram('pg_dump', ['--dbname', target]) },
];

function psql({ legacy, target }: Databases, statement: (table: string) => string): Promise<Ran> {
  const statements = Object.keys(legacy).flatMap((database) => ['-c', statement(`${schemaOf(database)}.event`)]);
  return runProgram('psql', ['-X', '-q', '-d', target, ...statements]);
}

/** One process a database, one after the other, as it has no notion of several. */
export function reladiff({ program }: Extract<Peer, { program: string }>): Tool {
  return {
    name: 'reladiff',
    async run({ legacy, target }) {
      const all: Ran[] = [];
      for (const [database, url] of Object.entries(legacy))
        all.push(await runProgram(program, [url, 'event', target, `${schemaOf(database)}.event`, '-k', 'id', '-c', '%', '--threads', '2']));
      return together(all);
    },
  };
}

/** The first rows of the first database. */
export function validator({ program }: Extract<Peer, { program: string }>): Tool {
  return {
    name: `data-validation, ${VALIDATOR_ROWS} rows`,
    async run({ legacy, target }) {
      const home = await mkdtemp(join(tmpdir(), 'naap-gate-validator-'));
      const variables = { PSO_DV_CONN_HOME: home };
      try {
        const [[database, url] = ['', '']] = Object.entries(legacy);
        for (const [name, address] of [
          ['legacy', url],
          ['target', target],
        ] as const) {
          const { hostname, port, username, password, pathname } = new URL(address);
          const where = ['--host', hostname, '--port', port, '--user', username, '--password', password, '--database', pathname.slice(1)];
          await runProgram(program, ['connections', 'add', '--connection-name', name, 'Postgres', ...where], variables);
        }
        const tables = `public.event=${schemaOf(database)}.event`;
        const rows = ['--primary-keys', 'id', '--hash', '*', '--filters', `id <= ${VALIDATOR_ROWS}`, '--filter-status', 'fail'];
        return await runProgram(program, ['validate', 'row', '-sc', 'legacy', '-tc', 'target', '-tbls', tables, ...rows], variables);
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    },
  };
}

function together(all: readonly Ran[]): Ran {
  const peaks = all.flatMap(({ peakMemoryMiB }) => peakMemoryMiB ?? []);
  return { seconds: all.reduce((sum, { seconds }) => sum + seconds, 0), peakMemoryMiB: peaks.length === 0 ? null : Math.max(...peaks) };
}
