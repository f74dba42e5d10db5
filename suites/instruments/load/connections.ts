// Keep-alive connections to one origin, one request at a time on each, as many as are needed at once. Used by wire.ts.
import { Client } from 'undici';
import type { buildConnector } from 'undici';

export interface Connections {
  /** A connection that nobody uses; a new one where there is none. */
  take(): Client;
  /** Its request has ended, however it ended. */
  giveBack(client: Client): void;
  close(): Promise<void>;
}

/**
 * Last in, first out, in constant time: undici's own Pool looks through all of its clients for every request, which at two
 * thousand requests in flight cost a worker its schedule. Connections not needed any more stay idle and are closed by undici.
 */
export function openConnections(origin: string, connect: buildConnector.connector): Connections {
  const all: Client[] = [];
  const free: Client[] = [];
  const open = (): Client => {
    const client = new Client(origin, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connect });
    all.push(client);
    return client;
  };
  return {
    take: () => free.pop() ?? open(),
    giveBack: (client) => void free.push(client),
    close: async () => {
      await Promise.all(all.map((client) => client.destroy()));
    },
  };
}
