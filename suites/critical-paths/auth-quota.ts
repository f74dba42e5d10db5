// Lets all workers keep to one limit on credentials: they count in one file. Used by the journeys that register or log in.
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { JourneyWorld } from './world.ts';

/** Requests travel for unequal times, so a window is over for us a second later than for the application (as in instruments/login-quota.ts). */
const TRAVEL_MS = 1000;
/** The ledger is held for as long as it takes to read and write it; a worker that was killed meanwhile holds it no longer than that. */
const HELD_MS = 2000;
const RETRY_MS = 20;

export type AuthQuota = JourneyWorld['quota'];

export interface Taking {
  /** Told before each wait how long it will be, ms, so that whoever has a time limit can move it. */
  onWait(waitMs: number): void;
  /** Ms since the epoch. Default: the machine's clock. */
  now?(): number;
}

/** Counts `count` requests once they stay within the quota, one of which is spared. */
export async function takeQuota(quota: AuthQuota, count: number, { onWait, now = Date.now }: Taking): Promise<void> {
  for (;;) {
    const waitMs = await locked(quota.ledger, () => book(quota, count, now()));
    if (waitMs === 0) return;
    onWait(waitMs);
    await delay(waitMs);
  }
}

/** Books and answers 0, or books nothing and answers in how many ms it is worth asking again. */
function book({ requests, windowSeconds, ledger }: AuthQuota, count: number, at: number): number {
  const allowed = Math.max(count, requests - 1);
  const windowMs = windowSeconds * 1000 + TRAVEL_MS;
  const counting = readLedger(ledger).filter((taken) => taken > at - windowMs);
  const mustEnd = counting[counting.length + count - allowed - 1];
  if (mustEnd !== undefined) return mustEnd + windowMs - at;
  writeFileSync(ledger, JSON.stringify([...counting, ...Array<number>(count).fill(at)]), { mode: 0o600 });
  return 0;
}

function readLedger(path: string): number[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as number[]) : [];
}

/** A folder is made by one process alone, so it serves as a lock. */
async function locked<Outcome>(ledger: string, work: () => Outcome): Promise<Outcome> {
  const lock = `${ledger}.lock`;
  while (!isMine(lock)) await delay(RETRY_MS);
  try {
    return work();
  } finally {
    rmdirSync(lock);
  }
}

function isMine(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > HELD_MS) rmdirSync(lock);
    return false;
  }
}
