// A way to a database that breaks in the middle: forwards bytes until so many have come from the server, then ends every connection and takes no new one.
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface DyingProxy {
  /** The same database by way of the proxy. */
  url(url: string): string;
  /** Whether it has died. */
  isDead(): boolean;
  close(): Promise<void>;
}

export async function dyingProxy(port: number, afterBytes: number): Promise<DyingProxy> {
  const sockets = new Set<Socket>();
  let left = afterBytes;
  const die = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream);
    upstream.pipe(client);
    upstream.on('data', (bytes: Buffer) => {
      left -= bytes.length;
      if (left < 0) die();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = (server.address() as AddressInfo).port;
  return {
    url: (url) => url.replace(`:${port}/`, `:${own}/`),
    isDead: () => left < 0,
    async close() {
      if (server.listening) {
        die();
        await once(server, 'close');
      }
    },
  };
}
