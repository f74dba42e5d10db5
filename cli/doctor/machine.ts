// Preconditions of the machine that measures: Node, packages, folders, disk, files, processors. Listed in preconditions.ts.
import { accessSync, constants, existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../gates/model.ts';
import { dependenciesAreCurrent, installedAsLocked } from '../../scripts/dependencies.mjs';
import { nodeFits } from '../../scripts/fitting-node.mjs';
import { checks } from '../../suites/index.ts';
import { type Look, missing, ok, unseen, warn } from './finding.ts';

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const MIB = 2 ** 20;

export function lookAtNode(version: string): Look {
  const needed = '22.19 or newer, and not 23';
  return nodeFits(version.replace(/^v/, ''))
    ? ok(version, needed)
    : missing(version, needed, 'Install a fitting Node (https://nodejs.org), or start through `npm run -s gate --`, which fetches one.');
}

export function lookAtPackages(checkout: string = CHECKOUT): Look {
  const needed = 'what package-lock.json asks for';
  if (!existsSync(join(checkout, 'package-lock.json'))) return unseen('this is an installed package, no checkout', needed);
  if (dependenciesAreCurrent(checkout) || installedAsLocked(checkout)) return ok('installed as locked', needed);
  return missing(
    'not installed, or of another package-lock.json',
    needed,
    'Start through `npm run -s gate --`, or run `npm ci --ignore-scripts` in the checkout.',
  );
}

/** Writes a file there and removes it; a folder that is not there yet is judged by the nearest above it. */
export function lookAtFolder(path: string, remedy: string): Look {
  const needed = 'a folder that can be written to';
  const there = nearestFolder(path);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
    const probe = mkdtempSync(join(there, '.naap-gate-doctor-'));
    writeFileSync(join(probe, 'probe'), 'probe');
    rmSync(probe, { recursive: true });
    return ok(there === path ? path : `${path} (to be made in ${there})`, needed);
  } catch (error) {
    return missing(`${there}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, needed, remedy);
  }
}

function nearestFolder(path: string): string {
  const above = dirname(path);
  return existsSync(path) || above === path ? path : nearestFolder(above);
}

/** A run leaves less than 1 MiB here without pictures; the twin's cache, Node, k6 and PostgreSQL are 530 MB together (measured). */
export const DISK_MIB = { enough: 1024, least: 100 } as const;

export function lookAtDisk(free: number, path: string): Look {
  const found = `${Math.floor(free)} MiB free at ${path}`;
  const needed = `${DISK_MIB.least} MiB; ${DISK_MIB.enough} MiB for a first start of the demo and for pictures`;
  if (free < DISK_MIB.least) return missing(found, needed, 'Make space, or choose another folder (--runs DIR, NAAP_GATE_CACHE).');
  return free < DISK_MIB.enough ? warn(found, needed, 'Make space before a long run: a full disk ends it.') : ok(found, needed);
}

export function freeMiB(path: string): number {
  const { bavail, bsize } = statfsSync(nearestFolder(path));
  return (bavail * bsize) / MIB;
}

/** Files that the built-in engine keeps for itself, and connections that it opens ahead of need (suites/instruments/load/engine.ts). */
const FILES_IN_RESERVE = 200;
const LEAST_FILES = 1024;

/** Connections that the planned load may have open at once. `least`: half a second without an answer; `most`: none within the timeout. */
export function connectionsOf(plan: Plan): { readonly least: number; readonly most: number } {
  const loads = plan.executions.flatMap(({ check: id, options, skip }) => {
    const check = checks.find((one) => one.id === id);
    const peak = skip === undefined ? (check?.peakRps?.(options) ?? 0) : 0;
    const { timeoutMs = 0 } = (options ?? {}) as { timeoutMs?: number };
    return peak === 0 ? [] : [{ least: peak / 2, most: (peak * timeoutMs) / 1000 }];
  });
  return { least: Math.ceil(Math.max(0, ...loads.map(({ least }) => least))), most: Math.ceil(Math.max(0, ...loads.map(({ most }) => most))) };
}

/** `limit`: open files of a process. Node raises its soft limit to the hard one, so the hard one counts. */
export function lookAtFiles(limit: number | 'unlimited' | undefined, { least, most }: { readonly least: number; readonly most: number }): Look {
  const atLeast = Math.max(LEAST_FILES, least + FILES_IN_RESERVE);
  const atBest = Math.max(atLeast, most + FILES_IN_RESERVE);
  const needed = atBest === atLeast ? `${atLeast}` : `${atLeast}; ${atBest} should the target stop answering under load`;
  if (limit === undefined) return unseen('the system does not tell', needed);
  if (limit === 'unlimited') return ok('unlimited', needed);
  const found = `${limit} open files (ulimit -Hn)`;
  const remedy = 'Raise the hard limit: `ulimit -Hn 65536` as root, LimitNOFILE= of a service, --ulimit nofile=65536 of a container.';
  if (limit < atLeast) return missing(found, needed, remedy);
  return limit < atBest
    ? warn(found, needed, `${remedy} Below it arrivals are dropped when the target stalls, and the load rows are inconclusive.`)
    : ok(found, needed);
}

export function fileLimit(): number | 'unlimited' | undefined {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { hard?: number | 'unlimited' } } };
  return userLimits?.open_files?.hard;
}

/** From this share of the processors in use on, load checks were found sick on two cores. */
const BUSY = 0.5;

export function lookAtProcessors(count: number, load1: number, sendsLoad: boolean): Look {
  const needed = sendsLoad ? '2, with little beside it: one sends, one is left to the rest' : '1';
  const found = `${count}, of which ${load1.toFixed(1)} were in use over the last minute`;
  if (!sendsLoad) return ok(found, needed);
  if (count < 2)
    return warn(found, needed, 'Send load from a machine with at least two processors: on one the generator cannot prove that it was not late itself.');
  return load1 > count * BUSY
    ? warn(found, needed, 'Wait until it is quieter: on a busy machine load rows are inconclusive (INSTRUMENT_SICK).')
    : ok(found, needed);
}

export function processors(): readonly [count: number, load1: number] {
  return [availableParallelism(), loadavg()[0] ?? 0];
}
