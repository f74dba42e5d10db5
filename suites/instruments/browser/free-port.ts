// Finds a TCP port of this machine that nobody has, for a browser that another tool must reach by the DevTools protocol. Used by suites/web-vitals.
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Free when it was asked for; who takes it first has it. Loopback alone. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  return address.port;
}
