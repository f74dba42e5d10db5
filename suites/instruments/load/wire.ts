// Sends one request and says what became of it, over undici with keep-alive and no pipelining. Used by the load workers.
import { createSecureContext, rootCertificates } from 'node:tls';
import { buildConnector } from 'undici';
import type { Dispatcher } from 'undici';
import type { LoadRequest, Workload } from '../../../gates/model.ts';
import { openConnections } from './connections.ts';
import type { Connections } from './connections.ts';

/** `undefined`: served. Else why not: `status 503 POOL_EXHAUSTED`, `connection refused` … */
export type Outcome = string | undefined;

/** Aborts the request, whether it is under way or still waits for its connection. */
export type Abort = () => void;

export interface Wire {
  /** Opens connections ahead of need, to each origin its share. See Connections. */
  reserve(count: number, untilMs: number): Promise<void>;
  send(template: number, header: readonly string[], settled: (outcome: Outcome) => void): Abort;
  close(): Promise<void>;
}

interface Template {
  readonly connections: Connections;
  readonly options: Dispatcher.DispatchOptions;
  readonly headers: string[];
  readonly ok: ReadonlySet<number>;
}

/** Timeouts are counted by the caller from the intended send time, so undici's own are off, that of connecting excepted. */
export function openWire(workload: Workload): Wire {
  const trusted = workload.ca === undefined ? {} : { secureContext: createSecureContext({ ca: [...rootCertificates, workload.ca] }) };
  const connect = buildConnector({ timeout: workload.timeoutMs, allowH2: false, ...trusted });
  const origins = new Map<string, Connections>();
  const connectionsTo = (origin: string): Connections => {
    const connections = origins.get(origin) ?? openConnections(origin, connect);
    origins.set(origin, connections);
    return connections;
  };
  const templates = workload.requests.map((request) => templateOf(request, connectionsTo));
  return {
    reserve: async (count, untilMs) => {
      await Promise.all([...origins.values()].map((connections) => connections.reserve(Math.ceil(count / origins.size), untilMs)));
    },
    send: (index, header, settled) => {
      const template = templates[index];
      if (template === undefined) throw new RangeError(`The mix has no request ${index}.`);
      return dispatch(template, header, settled);
    },
    close: async () => {
      await Promise.all([...origins.values()].map((connections) => connections.close()));
    },
  };
}

function templateOf(request: LoadRequest, connectionsTo: (origin: string) => Connections): Template {
  const url = new URL(request.url);
  return {
    connections: connectionsTo(url.origin),
    options: { path: url.pathname + url.search, method: request.method, body: request.body },
    headers: Object.entries(request.headers).flat(),
    ok: new Set(request.ok),
  };
}

/** Bytes of a refusing answer that are looked at for its error code. */
const CODE_WITHIN = 2048;

function dispatch(template: Template, header: readonly string[], settled: (outcome: Outcome) => void): Abort {
  const client = template.connections.take();
  let controller: Dispatcher.DispatchController | undefined;
  let aborted = false;
  let status = 0;
  let refusal = '';
  client.dispatch(
    { ...template.options, headers: header.length === 0 ? template.headers : [...template.headers, ...header] },
    {
      onRequestStart: (started) => {
        controller = started;
        if (aborted) started.abort(new Error('timeout'));
      },
      onResponseStart: (_controller, code) => {
        status = code;
      },
      onResponseData: (_controller, chunk) => {
        if (!template.ok.has(status) && refusal.length < CODE_WITHIN) refusal += chunk.toString('latin1');
      },
      onResponseEnd: () => {
        template.connections.giveBack(client);
        settled(template.ok.has(status) ? undefined : refused(status, refusal));
      },
      onResponseError: (_controller, error) => {
        template.connections.giveBack(client);
        settled(transportFailure(error));
      },
    },
  );
  return () => {
    aborted = true;
    controller?.abort(new Error('timeout'));
  };
}

/** The error code of the envelope tells a pool that is empty from any other failure: `status 503 POOL_EXHAUSTED`. */
function refused(status: number, body: string): string {
  const code = /"code"\s*:\s*"([A-Z][A-Z0-9_]{2,40})"/.exec(body)?.[1];
  return code === undefined ? `status ${status}` : `status ${status} ${code}`;
}

function transportFailure(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code ?? error.name;
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'connection lost';
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'timeout';
    default:
      return `transport ${code}`;
  }
}
