// An HTTP client whose other end is one function with instances that start, answer and are ended; for the unit tests of the check cold-start.
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpClient, HttpRequest, HttpResponse } from '../../../gates/model.ts';
import { GateError } from '../../../gates/model.ts';

export interface Behaviour {
  readonly startMs: number;
  /** An instance that nobody asked for so long is ended, ms; `Infinity`: somebody else keeps it warm. */
  readonly idleMs: number;
  /** Headers of an answer. `nth`: 1 for the first of its instance. */
  headers(instance: string, nth: number): Readonly<Record<string, string>>;
  /** Status of an answer; undefined: there is none. Default 200. */
  status?(nth: number): number | undefined;
}

export interface SimulatedFunction extends HttpClient {
  /** Paths in the order in which they were asked. */
  readonly asked: readonly string[];
}

/** Any path but `/api/health` is the function's. */
export function simulateFunction(behaviour: Behaviour): SimulatedFunction {
  const asked: string[] = [];
  // Has answered others before us, where it lives.
  let instance = { name: 'instance-0', answered: 1, endsAtMs: behaviour.idleMs === Infinity ? Infinity : 0 };
  let started = 0;

  async function answer({ path }: HttpRequest): Promise<HttpResponse> {
    const sentMs = performance.now();
    asked.push(path);
    if (path === '/api/health') return respond(200, {}, sentMs);
    if (sentMs >= instance.endsAtMs) {
      instance = { name: `instance-${(started += 1)}`, answered: 0, endsAtMs: Infinity };
      await pause(behaviour.startMs);
    }
    const mine = instance;
    mine.answered += 1;
    mine.endsAtMs = performance.now() + behaviour.idleMs;
    const status = behaviour.status === undefined ? 200 : behaviour.status(mine.answered);
    if (status === undefined) throw new GateError('TARGET_UNREACHABLE', `${path} did not answer.`);
    return respond(status, behaviour.headers(mine.name, mine.answered), sentMs);
  }

  return {
    send: answer,
    asked,
    get sent() {
      return asked.length;
    },
  };
}

function respond(status: number, headers: Readonly<Record<string, string>>, sentMs: number): HttpResponse {
  return { status, headers, text: '{}', json: {}, durationMs: performance.now() - sentMs };
}
