// How far away two databases are: round-trip time and the bytes a second that both send at once. Measured before a way of comparison is chosen.
import type { DatabaseSession } from '../../../gates/model.ts';

export interface Link {
  /** Of the slower side, ms; median. */
  readonly roundTripMs: number;
  /** Of each of the two, while both send; of the slower one. */
  readonly bytesPerSecond: number;
}

const ROUND_TRIPS = 5;
/** Bytes of one row of what is sent to measure the link; nothing is read from a table for it. */
const ROW_BYTES = 8192;
const FIRST_ROWS = 32;
const MOST_ROWS = 2048;
/** A measurement that took as long is good enough, ms. */
const LONG_ENOUGH_MS = 100;

/** Sends 256 KiB a side, then more while that takes no time, 16 MiB at the most. */
export async function measureLink(legacy: DatabaseSession, target: DatabaseSession): Promise<Link> {
  const trips = await Promise.all([legacy, target].map(roundTrip));
  let bytesPerSecond = 0;
  for (let rows = FIRST_ROWS; rows <= MOST_ROWS; rows *= 4) {
    const started = performance.now();
    const received = await Promise.all([legacy, target].map((session) => receive(session, rows)));
    const tookMs = performance.now() - started;
    bytesPerSecond = Math.min(...received) / (Math.max(0.1, tookMs - Math.max(...trips)) / 1000);
    if (tookMs >= LONG_ENOUGH_MS) break;
  }
  return { roundTripMs: Math.max(...trips), bytesPerSecond };
}

async function roundTrip(session: DatabaseSession): Promise<number> {
  const times: number[] = [];
  for (let trip = 0; trip < ROUND_TRIPS; trip += 1) {
    const started = performance.now();
    await session.rows('SELECT 1');
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(ROUND_TRIPS / 2)] ?? Infinity;
}

async function receive(session: DatabaseSession, rows: number): Promise<number> {
  const copy = session.copy(`COPY (SELECT repeat('x', ${ROW_BYTES}) FROM generate_series(1, ${rows})) TO STDOUT (FORMAT binary)`);
  let bytes = 0;
  for (let chunk = await copy.next(); chunk !== undefined; chunk = await copy.next()) bytes += chunk.length;
  await copy.done;
  return bytes;
}
