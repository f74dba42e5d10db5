// k6 as a load engine: the workload rendered to a script, its points read into our histograms, the same proof of innocence. Made by cli/, driven by load checks.
import { type ChildProcess, fork } from 'node:child_process';
import { freemem } from 'node:os';
import { GateError, type Instrument, type LoadEngine, type LoadResult, type Workload } from '../../../../gates/model.ts';
import { rounded } from '../engine.ts';
import { siblingPath } from '../fleet.ts';
import { figuresOf } from '../histogram.ts';
import { complaints, type Vitals } from '../innocence.ts';
import { type Merged, mergeShards } from '../merge.ts';
import { scheduleOf } from '../schedule.ts';
import { type Ending, endingOf } from './exit-codes.ts';
import type { FromK6Process, K6Ended, K6Order } from './protocol.ts';
import { renderScript } from './script.ts';
import { virtualUsers } from './virtual-users.ts';

export interface K6Options {
  /** Path of the binary. */
  readonly path: string;
  /** As k6 tells it, for example `v2.1.0`. */
  readonly version: string;
  /** Most connections that the environment allows; default: no limit. */
  readonly maxConnections?: number;
  /** See Rendering. Workloads with stages cannot have it. */
  readonly intendedHeader?: string;
}

/** What k6 can be judged by; it is no Node process, so it has no event loop and tells no collections. Starved of CPU, it shows schedule lag. */
const VITALS: readonly (keyof Vitals)[] = ['scheduleLagP99Ms', 'sentRatio', 'dropped'];
/** The process beside k6 gets this long to end it and to clear its folder before both are ended from here, ms. */
const CLEAR_MS = 500;

/** `run` throws GateError TOOL_MISSING where k6 cannot be started and INTERNAL where it refuses the script; an abort throws the signal's reason, within a second and with k6 gone. */
export function k6Engine(options: K6Options): LoadEngine {
  return {
    name: 'k6',
    run: async (workload, onProgress, signal) => {
      signal.throwIfAborted();
      const users = virtualUsers(workload, { freeMiB: freemem() / 2 ** 20, maxConnections: options.maxConnections ?? Infinity });
      const script = renderScript(workload, { version: options.version, users, intendedHeader: options.intendedHeader });
      const { total, windowFrom } = scheduleOf(workload);
      const ended = await runK6({ k6: options.path, script, workload }, (done) => onProgress(Math.min(done, total), total), signal);
      onProgress(total, total);
      const ending = endingOf(ended.code, ended.signal);
      if (ending.kind === 'refused')
        throw new GateError('INTERNAL', `${ending.words}. ${ended.stderr.trim()}`, { remedy: 'Use --load-engine built-in, and report this.' });
      const merged = mergeShards([ended.recorded.shard], total - windowFrom);
      const instrument = inspect(merged, ending, ended, { users, version: options.version });
      return toResult(merged, instrument, { workload, script, startAtMs: ended.recorded.startAtMs });
    },
  };
}

/** Resolves when k6 has ended by itself. */
async function runK6(order: K6Order, onProgress: (done: number) => void, signal: AbortSignal): Promise<K6Ended> {
  const child = fork(siblingPath('k6/main'), [], { execArgv: [], serialization: 'advanced' });
  let k6: number | undefined;
  const ended = hear(child, onProgress, (pid) => (k6 = pid));
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    child.send(order);
    return await ended;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await end(child, signal.aborted ? k6 : undefined);
  }
}

function hear(child: ChildProcess, onProgress: (done: number) => void, onStarted: (pid: number) => void): Promise<K6Ended> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => reject(new GateError('INTERNAL', `The process that runs k6 ended early (${by ?? `exit ${code}`}).`)));
    child.on('message', (message: FromK6Process) => {
      switch (message.type) {
        case 'started':
          return onStarted(message.pid);
        case 'progress':
          return onProgress(message.done);
        case 'ended':
          return resolve(message);
        case 'failed':
          return reject(
            new GateError(message.code, `k6 could not measure: ${message.message}`, { remedy: 'Use --load-engine built-in, or mend k6 (k6 version).' }),
          );
        default:
          return message satisfies never;
      }
    });
  });
}

/** Resolves when the process is gone; `k6`: process to be sure of, too. */
async function end(child: ChildProcess, k6: number | undefined): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    if (k6 !== undefined) kill(k6);
  }, CLEAR_MS);
  await gone;
  clearTimeout(timer);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: it is gone, as it should be.
  }
}

interface Run {
  readonly users: number;
  readonly version: string;
}

function inspect(merged: Merged, ending: Ending, { recorded, use, stderr }: K6Ended, { users, version }: Run): Instrument {
  const why = [
    ...(ending.kind === 'early' ? [`${ending.words}: ${lastLine(stderr)}`] : []),
    // A dropped arrival takes its number with it, so that the schedule lag of those after it means nothing.
    ...complaints(merged.vitals, merged.vitals.dropped > 0 ? ['sentRatio', 'dropped'] : VITALS),
    ...(merged.vitals.dropped > 0 ? [`${users} virtual users were too few for answers as slow as these; their latency is that of fewer arrivals`] : []),
  ];
  const facts = {
    scheduleLagP50Ms: figuresOf(merged.lag).p50,
    scheduleLagP99Ms: merged.vitals.scheduleLagP99Ms,
    sentRatio: merged.vitals.sentRatio,
    dropped: merged.vitals.dropped,
    virtualUsers: users,
    inFlightMean: merged.inFlight.mean,
    // Beyond the whole ms that k6 tells to scripts; the bench needs it.
    startFractionMs: recorded.startAtMs % 1,
    cpuSeconds: use.cpuSeconds,
    peakRssMiB: use.peakRssMiB,
  };
  return { name: 'k6', version, healthy: why.length === 0, ...(why.length === 0 ? {} : { why: why.join('; ') }), facts: rounded(facts) };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function toResult(
  merged: Merged,
  instrument: Instrument,
  run: { readonly workload: Workload; readonly script: string; readonly startAtMs: number },
): LoadResult {
  const { latency, service, perRoute, scheduled, sent, answered, failed, failures, inFlight, timeline } = merged;
  const endedAt = new Date();
  // Where no arrival began there is no start: then the instrument is sick, and the time of the end stands for both.
  const startedAt = Number.isNaN(run.startAtMs) ? endedAt : new Date(run.startAtMs + run.workload.warmupMs);
  return {
    latency,
    service,
    perRoute,
    scheduled,
    sent,
    answered,
    failed,
    failures,
    inFlight,
    timeline,
    instrument,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    attachments: [{ name: `k6-seed-${run.workload.seed}.ts`, mediaType: 'text/x-typescript', content: run.script }],
  };
}
