// How many virtual users k6 gets: each holds one request at a time, so too few would drop arrivals. Used by the engine.
import type { Workload } from '../../../../gates/model.ts';
import { peakRps } from '../schedule.ts';

/**
 * Longest answer for which no arrival may be dropped, ms. Three times the plan's P99 limit (§3.6: "P99 latency < 500ms"):
 * a server that is slower than that for long fails anyway, and where it drops arrivals the row is inconclusive. It also
 * covers a stop of 1 s, for which 1100 users at 1000 req/s were enough (INSTRUMENTS.md, "API load").
 */
const WORST_LATENCY_MS = 1500;
const SPARE = 50;
/** Memory of a user of our script, measured: 433 MB with 1550 of them; the field says 1–5 MB, which bigger scripts take. */
const USER_MIB = 1;
/** Of the memory that is free. */
const MEMORY_SHARE = 0.5;

export interface Room {
  readonly freeMiB: number;
  /** Most connections that the environment allows; each user keeps one. */
  readonly maxConnections: number;
}

/** At least 1. Fewer than the rate asks for where memory or the environment's consent do not allow more: then drops make the row inconclusive. */
export function virtualUsers(workload: Workload, { freeMiB, maxConnections }: Room): number {
  const wanted = Math.ceil((peakRps(workload) * Math.min(WORST_LATENCY_MS, workload.timeoutMs)) / 1000) + SPARE;
  return Math.max(1, Math.floor(Math.min(wanted, maxConnections, (freeMiB * MEMORY_SHARE) / USER_MIB)));
}
