// Facts of the machine and the tool for `run.started`. Called by the run command.
import { cpus, totalmem } from 'node:os';
import manifest from '../package.json' with { type: 'json' };
import type { RunStart } from '../gates/run-gate.ts';

export const VERSION = manifest.version;

export function machineFacts(): RunStart['machine'] {
  return {
    tool: `naap-gate ${VERSION}`,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: cpus().length,
    memoryMiB: Math.round(totalmem() / 1024 / 1024),
  };
}
