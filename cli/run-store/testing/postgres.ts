// A PostgreSQL server for the tests of the run store, and a door before it that can be shut as a network is. Started once for a test file.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { installBinaries } from '../../../fixtures/twin/postgres/binaries.ts';
import { chooseRunAs } from '../../../fixtures/twin/postgres/run-as.ts';
import { startPostgres } from '../../../fixtures/twin/postgres/server.ts';
import { cacheFolder } from '../../../scripts/cache-folder.mjs';

export interface TestServer {
  /** Connection URL of a new, empty database. */
  newDatabase(more?: string): Promise<string>;
  query(url: string, sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), 'naap-gate-store-'));
  chmodSync(home, 0o755);
  const binaries = await installBinaries(cacheFolder());
  const files = { data: join(home, 'data'), log: join(home, 'postgres.log') };
  const server = await startPostgres(binaries, files, randomBytes(12).toString('hex'), await chooseRunAs());
  let made = 0;
  return {
    async newDatabase(more = '') {
      made += 1;
      await query(server.url('postgres'), `CREATE DATABASE gates_${made} TEMPLATE template0 ${more}`);
      return server.url(`gates_${made}`);
    },
    query,
    async stop() {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export interface Door {
  /** The URL that leads through the door. */
  readonly url: string;
  /** Cuts every connection; new ones are refused until it is opened. */
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

export async function doorBefore(url: string): Promise<Door> {
  const behind = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(Number(behind.port), behind.hostname);
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          from.destroy();
          to.destroy();
        });
    }
    from.pipe(to).pipe(from);
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const through = new URL(url);
  through.port = String(port);
  const shut = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: through.href, shut, open: () => listen(port), close: shut };
}
