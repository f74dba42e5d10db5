// A way to a server that lets so many bytes a second through, as a network far away does. Used by the tests of the comparison's choice.
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface SlowLink {
  readonly port: number;
  close(): Promise<void>;
}

/** `bytesPerSecond`: of each connection, from the server. */
export async function slowLink(to: { readonly host: string; readonly port: number }, bytesPerSecond: number): Promise<SlowLink> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(to);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      client.write(bytes);
      upstream.pause();
      setTimeout(() => upstream.resume(), (bytes.length / bytesPerSecond) * 1000);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
