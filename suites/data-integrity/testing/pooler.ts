// A small pooler before a real PostgreSQL, for the tests of pooler-mode: it hands server connections out by transaction, by statement or by session, whatever a session holds.
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

export type PoolMode = 'session' | 'transaction' | 'statement';
export interface Pooler {
  readonly url: string;
  close(): Promise<void>;
}

const READY = 0x5a;
const TERMINATE = 0x58;
const IDLE = 0x49;
const SSL_REQUEST = 80_877_103;

/** It asks for no password: the server's stands in `url`. */
export async function startPooler(url: string, mode: PoolMode, size = 16): Promise<Pooler> {
  const servers = await Promise.all(Array.from({ length: size }, () => connect(url)));
  const free: Socket[] = servers.map(({ socket }) => socket);
  const clients = new Set<Socket>();
  const listener: Server = createServer((client) => {
    clients.add(client);
    serve(client, free, mode);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = new URL(url);
  address.port = String((listener.address() as AddressInfo).port);
  return {
    url: address.href,
    async close() {
      for (const client of clients) client.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const { socket } of servers) socket.destroy();
    },
  };
}

/** pg does the authentication; then the socket is ours. */
async function connect(url: string): Promise<{ readonly socket: Socket }> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { stream: socket } = (client as unknown as { connection: { stream: Socket } }).connection;
  socket.removeAllListeners('data').on('error', () => undefined);
  return { socket };
}

function serve(client: Socket, free: Socket[], mode: PoolMode): void {
  let server: Socket | undefined;
  let isStarted = false;
  const fromClient = framing((frame) => {
    if (frame[0] === TERMINATE) return void client.end();
    server ??= take();
    server.write(frame);
  });
  const take = (): Socket => {
    const taken = free.pop();
    if (taken === undefined) throw new Error('The pooler of the test has no server connection left.');
    const fromServer = framing((frame) => {
      client.write(frame);
      if (frame[0] === READY && (mode === 'statement' || (mode === 'transaction' && frame[5] === IDLE))) release();
    });
    taken.on('data', fromServer);
    return taken;
  };
  const release = (): void => {
    if (server === undefined) return;
    server.removeAllListeners('data');
    free.push(server);
    server = undefined;
  };
  // What a client left half done is nobody else's: its server connection goes with it.
  client.on('error', () => undefined).on('close', () => server?.destroy());
  client.on('data', (chunk: Buffer) => {
    if (isStarted) return fromClient(chunk);
    if (chunk.readInt32BE(4) === SSL_REQUEST) return void client.write('N');
    isStarted = true;
    // AuthenticationOk, ReadyForQuery.
    client.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, READY, 0, 0, 0, 5, IDLE]));
    return undefined;
  });
}

/** Whole messages: a type byte, a length that counts itself, and what follows. */
function framing(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const length = rest.readInt32BE(1) + 1;
      onFrame(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  };
}
