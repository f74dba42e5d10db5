// The HTTP client of all functional checks: own origins only, capped rate, every request told. Made by cli/ for each check that runs.
import { setTimeout as delay } from 'node:timers/promises';
import { getCACertificates } from 'node:tls';
import { Agent, request as undiciRequest } from 'undici';
import undici from 'undici/package.json' with { type: 'json' };
import { GateError } from '../../gates/model.ts';
import type { HttpClient, HttpRequest, HttpResponse, Method, SideName } from '../../gates/model.ts';
import { resolveUrl } from './address.ts';
import type { Sides } from './address.ts';
import { sessionHeaders } from './session-headers.ts';
import { describeTransportError } from './transport-errors.ts';

/** What is told of a request: never its query's values, headers or body, since those may carry secrets. */
export interface SentRequest {
  readonly side: SideName;
  readonly method: Method | 'TRACE';
  readonly path: string;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  readonly durationMs: number;
  readonly error: string | undefined;
}

export interface HttpClientOptions {
  readonly sides: Sides;
  /** Sent to the target's origins only. */
  readonly accessHeaders: Readonly<Record<string, string>>;
  /** PEM to trust besides the system's. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
  onRequest(request: SentRequest): void;
  /** Requests a second, evenly spaced; default 250: quick for a few hundred functional requests, a quarter of the plan's load. */
  readonly maxRps?: number;
}

export const HTTP_VERSION = `undici ${undici.version}`;
const DEFAULT_TIMEOUT_MS = 10_000;
/** An answer of the surface is far smaller; a larger one would only fill the memory. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
const MAX_CONNECTIONS = 16;

class BodyTooLarge extends Error {}

function makePacer(maxRps: number): (signal: AbortSignal) => Promise<void> {
  const gapMs = 1000 / maxRps;
  let nextAt = 0;
  return async (signal) => {
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + gapMs;
    // Rejects only when aborted; then the run's own reason is what callers look for.
    if (at > now + 1) await delay(at - now, undefined, { signal }).catch(() => signal.throwIfAborted());
  };
}

function flattenHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name.toLowerCase(), Array.isArray(value) ? value.join(name.toLowerCase() === 'set-cookie' ? '\n' : ', ') : value]];
  });
  return Object.fromEntries(entries);
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** undefined where the text is no JSON: that is an answer like any other, and the check says what it thinks of it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function makeHeaders(options: HttpClientOptions, request: HttpRequest, url: string): Record<string, string> {
  const hasBody = request.body !== undefined || request.rawBody !== undefined;
  const session: Readonly<Record<string, string>> = request.as === undefined ? {} : sessionHeaders(request.as, url);
  // A cookie that a check sends (a double-submit token's) goes beside those of the session.
  const cookies = [session['cookie'], request.headers?.['cookie']].filter((cookie) => cookie !== undefined).join('; ');
  return {
    accept: 'application/json, */*;q=0.5',
    ...((request.side ?? 'target') === 'target' ? options.accessHeaders : {}),
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...session,
    ...request.headers,
    ...(cookies === '' ? {} : { cookie: cookies }),
  };
}

function explain(error: unknown, told: string, timeoutMs: number, timedOut: boolean): GateError {
  if (error instanceof BodyTooLarge) {
    return new GateError('TARGET_NOT_THE_APP', `${told} answered with more than ${MAX_BODY_BYTES / 1024 / 1024} MiB; the rest was not read.`, {
      remedy: 'Check the path in the surface; no answer of the API should be that large.',
    });
  }
  if (timedOut) {
    return new GateError('TARGET_UNREACHABLE', `${told} did not answer within ${timeoutMs} ms.`, {
      remedy: 'Look into its log at this time: the request may still be running.',
      cause: error,
    });
  }
  const { what, remedy } = describeTransportError(error);
  return new GateError('TARGET_UNREACHABLE', `${told} ${what}.`, { remedy, cause: error });
}

/** `close` ends idle connections and aborts what is under way. */
export function createHttpClient(options: HttpClientOptions): HttpClient & { close(): Promise<void> } {
  const trust = options.ca === undefined ? {} : { ca: [...getCACertificates('default'), options.ca] };
  const agents = new Map<string | undefined, Agent>();
  const agentFrom = (localAddress: string | undefined): Agent => {
    const agent =
      agents.get(localAddress) ?? new Agent({ connections: MAX_CONNECTIONS, connect: trust, ...(localAddress === undefined ? {} : { localAddress }) });
    agents.set(localAddress, agent);
    return agent;
  };
  const pace = makePacer(options.maxRps ?? 250);
  let sent = 0;

  async function exchange(url: string, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const startedMs = performance.now();
    const body = request.rawBody ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const answer = await undiciRequest(url, {
      dispatcher: agentFrom(request.from),
      method: request.method ?? 'GET',
      headers: makeHeaders(options, request, url),
      body,
      signal,
    });
    const text = await readText(answer.body);
    return { status: answer.statusCode, headers: flattenHeaders(answer.headers), text, json: parseJson(text), durationMs: performance.now() - startedMs };
  }

  async function send(request: HttpRequest): Promise<HttpResponse> {
    const { side = 'target', method = 'GET', timeoutMs = DEFAULT_TIMEOUT_MS } = request;
    const url = resolveUrl(options.sides, request.path, side);
    await pace(options.signal);
    options.signal.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutMs);
    const [plainPath, query] = request.path.split('?');
    const told = { side, method, path: `${plainPath}${query === undefined ? '' : '?…'}` };
    const startedMs = performance.now();
    sent += 1;
    try {
      const response = await exchange(url, request, AbortSignal.any([options.signal, timeout]));
      options.onRequest({ ...told, status: response.status, durationMs: response.durationMs, error: undefined });
      return response;
    } catch (error) {
      const durationMs = performance.now() - startedMs;
      if (options.signal.aborted) {
        options.onRequest({ ...told, status: undefined, durationMs, error: 'aborted by this run' });
        throw options.signal.reason;
      }
      const explained = explain(error, `${method} ${new URL(url).origin}${told.path}`, timeoutMs, timeout.aborted);
      options.onRequest({ ...told, status: undefined, durationMs, error: explained.message });
      throw explained;
    }
  }

  return {
    send,
    get sent() {
      return sent;
    },
    close: async () => void (await Promise.all([...agents.values()].map((agent) => agent.destroy()))),
  };
}
