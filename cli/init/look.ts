// A gentle look at a live application: few GET requests, slowly, to its own origin alone, as a stranger. Used by discover-url.
import { GateError, type HttpResponse } from '../../gates/model.ts';
import { createHttpClient } from '../../suites/instruments/http.ts';

/** Whatever it finds, it asks no more often than this. */
const MOST_REQUESTS = 20;
const REQUESTS_PER_SECOND = 4;
const MOST_REDIRECTS = 3;

export interface Answer extends HttpResponse {
  /** Where it came from after redirects within the origin. */
  readonly path: string;
  /** Where a redirect beyond the origin leads; its query is not kept. */
  readonly leadsTo?: string;
}
export interface Look {
  readonly origin: string;
  /** Follows redirects within the origin. Undefined: it did not answer, or enough has been asked. Each path is asked once. */
  ask(path: string): Promise<Answer | undefined>;
  readonly requests: readonly { readonly path: string; readonly status: number | null }[];
  /** Paths that were not asked, because enough had been. */
  readonly left: readonly string[];
  close(): Promise<void>;
}
export interface LookOptions {
  readonly ca?: string;
  /** Sent with every request: what opens a protection wall. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Throws TARGET_UNREACHABLE from the first `ask`, where nobody is there at all. */
export function openLook(origin: string, { ca, headers, signal }: LookOptions): Look {
  const requests: { path: string; status: number | null }[] = [];
  const left: string[] = [];
  const known = new Map<string, Promise<Answer | undefined>>();
  const http = createHttpClient({
    sides: { target: { web: origin, api: `${origin}/api` } },
    accessHeaders: headers,
    ca,
    signal,
    maxRps: REQUESTS_PER_SECOND,
    onRequest: ({ path, status }) => void requests.push({ path, status: status ?? null }),
  });

  async function send(path: string, hops: number): Promise<Answer | undefined> {
    if (requests.length >= MOST_REQUESTS) {
      left.push(path);
      return undefined;
    }
    const response = await http
      .send({ path, headers: { accept: 'text/html, application/json, */*;q=0.5', 'user-agent': 'naap-gate init' } })
      .catch((error: unknown) => {
        // A single path may fail; nobody at all there is another matter, and so is Ctrl-C.
        if (requests.length <= 1 || signal.aborted || !(error instanceof GateError)) throw error;
        return undefined;
      });
    const location = response?.headers['location'];
    if (response === undefined || location === undefined || response.status < 300 || response.status > 399) return response && { ...response, path };
    const to = URL.parse(location, new URL(path, origin).href);
    if (to === null) return { ...response, path };
    if (to.origin !== origin) return { ...response, path, leadsTo: to.origin + to.pathname };
    return hops < MOST_REDIRECTS ? ask(to.pathname, hops + 1) : { ...response, path };
  }

  function ask(path: string, hops = 0): Promise<Answer | undefined> {
    const asked = known.get(path);
    // A redirect to itself waits for itself.
    if (asked !== undefined) return hops === 0 ? asked : Promise.race([asked, Promise.resolve(undefined)]);
    const answer = send(path, hops);
    known.set(path, answer);
    return answer;
  }

  return { origin, ask: (path) => ask(path), requests, left, close: () => http.close() };
}
