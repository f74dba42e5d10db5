// Rows out of PostgreSQL as the bytes of COPY … TO STDOUT, faster than rows can be made of them. Used by the row comparison alone.
import type pg from 'pg';
import type { Duplex } from 'node:stream';
import type { CopyOut } from '../../../gates/model.ts';

/** What of pg's connection a COPY needs; its types do not tell, its own copy library (pg-copy-streams) relies on the same. */
interface Wire {
  readonly stream: Duplex;
  query(text: string): void;
}
type DataListener = (chunk: Buffer) => void;

/** Bytes that may wait unread before the server is made to wait. */
const HIGH_WATER_BYTES = 1024 * 1024;

const MESSAGE = { copyData: 0x64, copyDone: 0x63, copyOut: 0x48, error: 0x45, notice: 0x4e, parameter: 0x53 } as const;
/** Type byte and length; the length counts itself and what follows. */
export const MESSAGE_HEADER_BYTES = 5;

/**
 * PostgreSQL sends a row a CopyData message (src/backend/commands/copyto.c, CopySendEndOfRow): equal rows of two servers are equal
 * bytes, framing included, and the frames are the rows' borders. `client` must be idle, and serves nothing else until `done` settles.
 */
export function copyOut(client: pg.Client, statement: string): CopyOut {
  const chunks: Buffer[] = [];
  let waiting = 0;
  let ended = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  let stream: Duplex | undefined;
  const notify = (): void => {
    wake?.();
    wake = undefined;
  };
  const settle = (error?: Error): void => {
    failure ??= error;
    ended = true;
    notify();
  };
  const done = new Promise<void>((resolve, reject) => {
    const query = {
      submit(connection: Wire): void {
        stream = connection.stream;
        takeOver(connection.stream, {
          data(chunk) {
            chunks.push(chunk);
            waiting += chunk.length;
            if (waiting > HIGH_WATER_BYTES) connection.stream.pause();
            notify();
          },
          end: () => settle(),
        });
        connection.query(statement);
      },
      // What pg tells about everything that is no row, and about a connection that is lost.
      handleError(error: Error): void {
        settle(error);
        reject(error);
      },
      handleReadyForQuery(): void {
        settle();
        if (failure === undefined) resolve();
      },
      handleCommandComplete(): void {},
      handleRowDescription(): void {},
      handleDataRow(): void {},
      handleEmptyQuery(): void {},
      handlePortalSuspended(): void {},
      handleCopyInResponse(): void {},
      handleCopyData(): void {},
    };
    client.query(query as unknown as pg.Submittable);
  });
  // Whoever reads learns of a failure by `next`; nobody has to wait for `done` as well.
  done.catch(() => undefined);
  return {
    done,
    async next() {
      for (;;) {
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          waiting -= chunk.length;
          if (waiting <= HIGH_WATER_BYTES / 2) stream?.resume();
          return chunk;
        }
        if (failure !== undefined) throw failure;
        if (ended) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** Takes the socket's bytes from pg until the COPY has ended, and gives it all that is not of the COPY. */
function takeOver(stream: Duplex, to: { data(chunk: Buffer): void; end(): void }): void {
  const parser = stream.listeners('data') as DataListener[];
  for (const listener of parser) stream.removeListener('data', listener);
  const toParser = (bytes: Buffer): void => {
    for (const listener of parser) listener.call(stream, bytes);
  };
  // Of a message that is cut between two chunks: its header so far, or what is still to come of a row.
  let header: Buffer = Buffer.alloc(0);
  let rowBytesLeft = 0;
  const giveBack = (rest: Buffer): void => {
    stream.removeListener('data', listener);
    for (const one of parser) stream.on('data', one);
    to.end();
    if (rest.length > 0) toParser(rest);
  };
  const listener: DataListener = (chunk) => {
    const bytes = header.length === 0 ? chunk : Buffer.concat([header, chunk]);
    header = Buffer.alloc(0);
    // [from, at) is of rows and not handed on yet.
    let from = 0;
    let at = Math.min(rowBytesLeft, bytes.length);
    rowBytesLeft -= at;
    while (at < bytes.length) {
      if (bytes.length - at < MESSAGE_HEADER_BYTES) break;
      const type = bytes[at];
      const length = bytes.readUInt32BE(at + 1) + 1;
      if (type === MESSAGE.copyData) {
        const whole = Math.min(length, bytes.length - at);
        rowBytesLeft = length - whole;
        at += whole;
        continue;
      }
      if (type !== MESSAGE.copyOut && type !== MESSAGE.notice && type !== MESSAGE.parameter) {
        if (at > from) to.data(bytes.subarray(from, at));
        giveBack(bytes.subarray(at));
        return;
      }
      if (bytes.length - at < length) break;
      if (at > from) to.data(bytes.subarray(from, at));
      at += length;
      from = at;
    }
    if (at > from) to.data(bytes.subarray(from, at));
    if (at < bytes.length) header = Buffer.from(bytes.subarray(at));
  };
  stream.on('data', listener);
}
