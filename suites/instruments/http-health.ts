// The HTTP client's word on itself: wraps it for one check and tells whether this machine, not the application, spoiled an answer.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { HttpClient, HttpRequest, HttpResponse, Instrument } from '../../gates/model.ts';
import { HTTP_VERSION } from './http.ts';
import { findErrorCode, LOCAL_CODES } from './transport-errors.ts';

/** A stall of our own event loop of this length (ms) may be why an answer seemed to be missing. Only looked at when one was. */
const STALL_LIMIT_MS = 1000;

export interface WatchedHttp extends HttpClient {
  /** Requests that were answered, whatever the answer. */
  readonly answered: number;
  /** Throws the first transport error when nothing that was sent has been answered: that says nothing about single endpoints. */
  requireAnswers(): void;
  instrument(): Instrument;
  /** Ends the watch; figures stay. */
  stop(): void;
}

/** A functional answer stands whatever the machine did, so only unanswered requests can make the instrument sick. */
export function watchHttp(http: HttpClient): WatchedHttp {
  const delays = monitorEventLoopDelay({ resolution: 20 });
  delays.enable();
  const local = new Map<string, number>();
  let answered = 0;
  let unanswered = 0;
  let firstError: unknown;

  async function send(request: HttpRequest): Promise<HttpResponse> {
    try {
      const response = await http.send(request);
      answered += 1;
      return response;
    } catch (error) {
      unanswered += 1;
      firstError ??= error;
      const code = findErrorCode(error instanceof Error ? error.cause : error);
      if (code !== undefined && LOCAL_CODES.includes(code)) local.set(code, (local.get(code) ?? 0) + 1);
      throw error;
    }
  }

  function findWhy(longestStallMs: number): string | undefined {
    if (local.size > 0) return `this machine could not send: ${[...local].map(([code, times]) => `${code} ${times} times`).join(', ')}`;
    if (unanswered > 0 && longestStallMs > STALL_LIMIT_MS)
      return `${unanswered} requests had no answer while our own process stood still for up to ${longestStallMs} ms (limit ${STALL_LIMIT_MS} ms)`;
    return undefined;
  }

  function instrument(): Instrument {
    const longestStallMs = Math.round(delays.max / 1e6);
    const why = findWhy(longestStallMs);
    return {
      name: 'http',
      version: HTTP_VERSION,
      healthy: why === undefined,
      ...(why === undefined ? {} : { why }),
      facts: { answered, unanswered, longestStallMs },
    };
  }

  function requireAnswers(): void {
    if (answered === 0 && unanswered > 0) throw firstError;
  }

  return {
    send,
    instrument,
    requireAnswers,
    stop: () => delays.disable(),
    get sent() {
      return http.sent;
    },
    get answered() {
      return answered;
    },
  };
}
