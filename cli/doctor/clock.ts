// How far the clock of a server is from ours, by the `Date` of its answers: whole seconds, so several answers are asked for and only what all of them allow is said.
import { setTimeout as pause } from 'node:timers/promises';
import type { Environment, HttpClient, SideName } from '../../gates/model.ts';
import { type Look, missing, ok, unseen, warn } from './finding.ts';

/** One answer: our clock when it was asked and when it came, and its `Date`, all ms since 1970. */
export interface DatedAnswer {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly dateMs: number;
}
/** What the server's clock is ahead of ours, ms; low above high: the answers contradict each other. */
export interface Skew {
  readonly lowMs: number;
  readonly highMs: number;
}

/** `Date` has whole seconds (RFC 9110 §5.6.7): when it said 12:00:05 it was that to just below 12:00:06. */
const RESOLUTION_MS = 1000;
/** Asked at six points of a second, so that the changes of the second narrow the interval. */
const ANSWERS = 6;
const BETWEEN_MS = 170;
/** Closer than this nobody is harmed: tokens and signatures have a grace of seconds. */
const HARMLESS_MS = 2000;
/** suites/api/login-cases.ts: the expiry of a session is believed within a minute. */
const HARMFUL_MS = 60_000;

export function skewOf(answers: readonly DatedAnswer[]): Skew {
  return {
    lowMs: Math.max(...answers.map(({ dateMs, answeredMs }) => dateMs - answeredMs)),
    highMs: Math.min(...answers.map(({ dateMs, askedMs }) => dateMs + RESOLUTION_MS - askedMs)),
  };
}

export function lookAtClock(answers: readonly DatedAnswer[]): Look {
  const needed = `within ${HARMLESS_MS / 1000} s of this machine's`;
  if (answers.length === 0) return unseen('no answer carried a `Date` of its own', needed);
  const { lowMs, highMs } = skewOf(answers);
  if (lowMs > highMs)
    return warn(
      `its answers contradict each other by ${seconds(lowMs - highMs)} s`,
      needed,
      'Several servers answer and their clocks differ, or a clock was set meanwhile. Let all of them follow NTP.',
    );
  const found = `between ${signed(lowMs)} and ${signed(highMs)} s from ours (${answers.length} answers; \`Date\` tells whole seconds)`;
  const leastMs = lowMs > 0 ? lowMs : Math.max(0, -highMs);
  if (leastMs > HARMFUL_MS)
    return missing(
      found,
      needed,
      'Set the clock that is wrong (this machine: `timedatectl`, `sntp -sS time.apple.com`): the expiry of sessions and signatures would be judged wrongly.',
    );
  return leastMs > HARMLESS_MS ? warn(found, needed, 'Let both clocks follow NTP; times in logs and reports do not agree.') : ok(found, needed);
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);
const signed = (ms: number): string => `${ms < 0 ? '−' : '+'}${seconds(Math.abs(ms))}`;

/** Throws what the client throws. An answer out of a cache tells the time at which it was stored, so it is left out. */
export async function askDates(
  http: HttpClient,
  { identity }: Pick<Environment, 'identity'>,
  side: SideName,
  signal: AbortSignal,
): Promise<readonly DatedAnswer[]> {
  const answers: DatedAnswer[] = [];
  for (let asked = 0; asked < ANSWERS; asked += 1) {
    if (asked > 0) await pause(BETWEEN_MS, undefined, { signal });
    const { headers, durationMs } = await http.send({ path: identity.path, side, headers: { 'cache-control': 'no-cache' }, timeoutMs: 5000 });
    const answeredMs = Date.now();
    const dateMs = Date.parse(headers['date'] ?? '');
    if (!Number.isNaN(dateMs) && Number(headers['age'] ?? 0) === 0) answers.push({ askedMs: answeredMs - durationMs, answeredMs, dateMs });
  }
  return answers;
}
