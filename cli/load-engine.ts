// Chooses what sends the load: the built-in engine, k6 (looked for, or built, beside the first checks) or autocannon. Called by the run command.
import type { Check, Environment, LoadEngine, LoadResult, Plan } from '../gates/model.ts';
import { autocannonEngine } from '../suites/instruments/load/autocannon/engine.ts';
import { builtInEngine } from '../suites/instruments/load/engine.ts';
import { k6Engine } from '../suites/instruments/load/k6/engine.ts';
import { findK6, type K6Places, placesOn } from '../suites/instruments/load/k6/find-k6.ts';

export const LOAD_ENGINES = ['built-in', 'k6', 'autocannon'] as const;
export type LoadEngineName = (typeof LOAD_ENGINES)[number];

export interface ChosenEngine {
  readonly engine: LoadEngine;
  /** See Workbench: a check that must have the machine alone waits until k6 is built. */
  undisturbed(locks: readonly string[]): Promise<void>;
  /** Ends a build that still goes on. */
  close(): void;
}
export interface EngineRequest {
  readonly name: LoadEngineName;
  readonly environment: Environment;
  /** Whether the run sends load at all; otherwise nothing is looked for. */
  readonly isUsed: boolean;
  readonly cacheDir: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  /** Where k6 is looked for; default: this machine. */
  readonly places?: K6Places;
}

/** Answers at once. Without k6 the built-in engine measures, which a note says, and every figure: its instrument names the engine, and `insteadOf`. */
export function chooseEngine(request: EngineRequest): ChosenEngine {
  const idle = { undisturbed: async (): Promise<void> => undefined, close: (): void => undefined };
  const { name, environment, isUsed } = request;
  const builtIn = builtInEngine({ maxConnections: environment.load?.maxConnections });
  switch (name) {
    case 'built-in':
      return { engine: builtIn, ...idle };
    case 'autocannon':
      return { engine: autocannonEngine(), ...idle };
    case 'k6':
      return isUsed ? withK6(request, builtIn) : { engine: builtIn, ...idle };
    default:
      return name satisfies never;
  }
}

/** Whether an execution of this plan sends load. */
export function sendsLoad(plan: Plan, checks: readonly Check[]): boolean {
  return plan.executions.some(({ check, skip }) => skip === undefined && checks.some(({ id, effects }) => id === check && effects.includes('load')));
}

function withK6(request: EngineRequest, builtIn: LoadEngine): ChosenEngine {
  const stop = new AbortController();
  const coming = prepare(request, builtIn, AbortSignal.any([request.signal, stop.signal]));
  return {
    engine: { name: 'k6', run: async (workload, onProgress, signal) => (await coming).run(workload, onProgress, signal) },
    undisturbed: async (locks) => {
      if (locks.includes('machine')) await coming;
    },
    close: () => stop.abort(new Error('the run is over')),
  };
}

/** Never rejects: what kept k6 from being found becomes words. */
async function prepare(request: EngineRequest, builtIn: LoadEngine, signal: AbortSignal): Promise<LoadEngine> {
  const { environment, cacheDir, variables, note } = request;
  const fallBack = (why: string): LoadEngine => {
    if (!signal.aborted) note(`k6 cannot be had: ${why}. The built-in engine measures instead.`);
    return insteadOf(builtIn, `k6: ${why}`);
  };
  // Go reads SSL_CERT_FILE on Linux only (ADR 5).
  if (request.platform === 'darwin' && environment.access.ca !== undefined)
    return fallBack('on macOS it can trust the authorities of the keychain only, not access.ca');
  try {
    const found = await findK6(request.places ?? placesOn({ cacheDir, variables, signal, say: note }));
    if ('whys' in found) return fallBack(found.whys.join('; '));
    return k6Engine({ path: found.path, version: found.version, maxConnections: environment.load?.maxConnections });
  } catch (error) {
    return fallBack(error instanceof Error ? error.message : String(error));
  }
}

function insteadOf(engine: LoadEngine, text: string): LoadEngine {
  const told = (result: LoadResult): LoadResult => ({
    ...result,
    instrument: { ...result.instrument, facts: { ...result.instrument.facts, insteadOf: text } },
  });
  return { name: engine.name, run: async (workload, onProgress, signal) => told(await engine.run(workload, onProgress, signal)) };
}
