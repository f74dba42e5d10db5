// Keep-alive connections to one origin, one request at a time on each, as many as are needed at once. Used by wire.ts.
import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { buildConnector } from 'undici';

export interface Connections {
  /**
   * Opens `count` connections ahead of need, without sending anything, until `untilMs` (performance.now()) at the latest.
   * A server that holds everything up for a moment would else be met by hundreds of handshakes at once, on its own
   * core and on ours, which hold it up further.
   */
  reserve(count: number, untilMs: number): Promise<void>;
  /** A connection that nobody uses; a new one where there is none. */
  take(): Client;
  /** Its request has ended, however it ended. */
  giveBack(client: Client): void;
  close(): Promise<void>;
}

/** Handshakes under way at once while reserving. */
const HANDSHAKES = 8;

/**
 * Last in, first out, in constant time: undici's own Pool looks through all of its clients for every request, which at two
 * thousand requests in flight cost a worker its schedule. Connections not needed any more stay idle and are closed by undici.
 */
export function openConnections(origin: string, connect: buildConnector.connector): Connections {
  const reserved: Socket[] = [];
  const all: Client[] = [];
  const free: Client[] = [];
  const fromReserve: buildConnector.connector = (options, callback) => {
    const socket = nextOpen(reserved);
    if (socket === undefined) return connect(options, callback);
    socket.removeAllListeners('error');
    process.nextTick(callback, null, socket); // Never at once: the client is not ready for it yet.
  };
  const open = (): Client => {
    const client = new Client(origin, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connect: fromReserve });
    all.push(client);
    return client;
  };
  return {
    reserve: async (count, untilMs) => {
      let asked = 0;
      const openNext = async (): Promise<void> => {
        while (asked < count && performance.now() < untilMs) {
          asked += 1;
          const socket = await handshake(origin, connect);
          if (socket === undefined) return; // Whoever needs a connection will meet the same failure, and it will be counted.
          reserved.push(socket);
        }
      };
      await Promise.all(Array.from({ length: HANDSHAKES }, openNext));
    },
    take: () => free.pop() ?? open(),
    giveBack: (client) => void free.push(client),
    close: async () => {
      for (const socket of reserved) socket.destroy();
      await Promise.all(all.map((client) => client.destroy()));
    },
  };
}

function nextOpen(reserved: Socket[]): Socket | undefined {
  for (let socket = reserved.pop(); socket !== undefined; socket = reserved.pop()) if (socket.writable && !socket.destroyed) return socket;
  return undefined;
}

function handshake(origin: string, connect: buildConnector.connector): Promise<Socket | undefined> {
  const { hostname, host, protocol, port } = new URL(origin);
  return new Promise((resolve) => {
    connect({ hostname, host, protocol, port: port || (protocol === 'https:' ? '443' : '80') }, (error, socket) => {
      if (error !== null) return resolve(undefined);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}
