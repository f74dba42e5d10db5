// Asks one route after a silence, and once more at once: what the first answer took counts only where both together prove a cold start. Used by cold-start.check.ts.
import { setTimeout as pause } from 'node:timers/promises';
import type { CheckContext, ColdStart, Endpoint, HttpClient, HttpResponse, Session } from '../../gates/model.ts';
import { GateError } from '../../gates/model.ts';
import type { Yardstick } from '../instruments/yardstick.ts';
import { type ColdEvidence, readColdEvidence } from './cold-evidence.ts';

/** One route with what came of asking it. */
export interface ColdRoute {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly session: Session | undefined;
  readonly evidence: ColdEvidence;
  /** Time to the first 2xx of proven cold starts, ms. */
  readonly coldMs: number[];
  /** Of the requests right after, by the same instance, ms. */
  readonly warmMs: number[];
  /** Answers of an instance that had answered before. */
  warm: number;
  /** Marked as cold, and so was the request right after: then the mark says nothing. */
  unproven: number;
  /** The machine that asks was so full that the time is not the function's. */
  starved: number;
  /** No 2xx in time, and nothing that showed a cold start. */
  unanswered: number;
  readonly openedAt: Date;
  /** When the last answer came, ms of the monotonic clock. */
  askedAtMs: number;
}

export interface ColdAsking {
  readonly context: CheckContext;
  readonly http: HttpClient;
  readonly coldStart: ColdStart;
  readonly yardstick: Yardstick;
  readonly options: { readonly timeoutMs: number; readonly maxCpuWait: number };
}

/** Between attempts of one start that was not answered with 2xx, ms. */
const RETRY_MS = 100;

/** Throws GateError LOGIN_FAILED where a route needs a session and no account may. */
export async function openRoutes({ surface, accounts, clock }: CheckContext, coldStart: ColdStart): Promise<readonly ColdRoute[]> {
  const endpoints = coldStart.routes.flatMap((id) => surface.endpoints.find((endpoint) => endpoint.id === id) ?? []);
  return Promise.all(
    endpoints.map(async (endpoint) => ({
      endpoint,
      path: endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(endpoint.params?.[name] ?? '')),
      session: endpoint.access === 'public' ? undefined : await accounts.session(accountFor(endpoint, accounts)),
      evidence: readColdEvidence(coldStart.marker),
      coldMs: [],
      warmMs: [],
      warm: 0,
      unproven: 0,
      starved: 0,
      unanswered: 0,
      openedAt: clock.now(),
      // Whoever asked before us may have done so just now.
      askedAtMs: clock.monotonicMs(),
    })),
  );
}

function accountFor({ id, access }: Endpoint, accounts: CheckContext['accounts']): string {
  const account = accounts.names.find((name) => !Array.isArray(access) || access.includes(accounts.roleOf(name)));
  if (account !== undefined) return account;
  throw new GateError('LOGIN_FAILED', `${id} needs a session, and the environment has no account that may ask it.`, {
    remedy: 'Add auth.accounts to the environment, or leave the route out of surface.coldStart.routes.',
  });
}

/**
 * Waits until the route has been left alone for `silenceMs`, asks it, and asks it again. The connection is open before, so that
 * the time is the function's and not that of TCP and TLS. Adds what came of it to `route`.
 */
export async function askAfterSilence(asking: ColdAsking, route: ColdRoute, silenceMs: number): Promise<void> {
  const { context, coldStart, yardstick, options } = asking;
  await pause(Math.max(0, route.askedAtMs + silenceMs - context.clock.monotonicMs()), undefined, { signal: context.signal });
  await connect(asking);
  const before = await yardstick.measure();
  const firsts = await Promise.all(Array.from({ length: coldStart.atOnce ?? 1 }, () => untilServed(asking, route)));
  const next = await untilServed(asking, route);
  const isStarved = Math.max(before, await yardstick.measure()) > options.maxCpuWait;
  for (const first of firsts) {
    if (!first.isCold && first.isServed) route.warm += 1;
    else if (!first.isCold) route.unanswered += 1;
    else if (next.isCold) route.unproven += 1;
    else if (isStarved) route.starved += 1;
    else route.coldMs.push(first.ms);
  }
  if (next.isServed && !next.isCold) route.warmMs.push(next.ms);
  route.askedAtMs = context.clock.monotonicMs();
}

/** Opens as many connections as will be used. What is answered does not matter. */
async function connect({ context, http, coldStart }: ColdAsking): Promise<void> {
  const path = coldStart.connectPath ?? context.surface.health.path;
  await Promise.all(Array.from({ length: coldStart.atOnce ?? 1 }, () => attempt(http, { path })));
}

interface FirstServed {
  /** From sending the first attempt to the 2xx; to giving up where none came. */
  readonly ms: number;
  readonly isServed: boolean;
  /** One of the attempts was answered by a new instance. */
  readonly isCold: boolean;
}

/**
 * "To first 2xx" (INSTRUMENTS.md, "Cold start"): a start whose first answer is an error is asked again at once, and all of it is
 * its time. One that never succeeds took at least `timeoutMs`.
 */
async function untilServed({ context, http, options: { timeoutMs } }: ColdAsking, { path, session, evidence }: ColdRoute): Promise<FirstServed> {
  const startedMs = context.clock.monotonicMs();
  const elapsedMs = (): number => context.clock.monotonicMs() - startedMs;
  let isCold = false;
  for (let attempts = 1; ; attempts += 1) {
    const response = await attempt(http, { path, as: session, timeoutMs: Math.max(1, Math.ceil(timeoutMs - elapsedMs())) });
    if (response !== undefined && evidence.isCold(response.headers)) isCold = true;
    const isServed = response !== undefined && response.status >= 200 && response.status < 300;
    if (isServed) return { ms: attempts === 1 ? response.durationMs : elapsedMs(), isServed, isCold };
    if (elapsedMs() + RETRY_MS >= timeoutMs) return { ms: elapsedMs(), isServed, isCold };
    await pause(RETRY_MS, undefined, { signal: context.signal });
  }
}

/** Undefined where no answer came. */
async function attempt(http: HttpClient, request: Parameters<HttpClient['send']>[0]): Promise<HttpResponse | undefined> {
  try {
    return await http.send(request);
  } catch (error) {
    if (error instanceof GateError && error.code === 'TARGET_UNREACHABLE') return undefined;
    throw error;
  }
}
