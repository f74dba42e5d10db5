// The commands of the paper side, registered together. Called by the program.
import type { Command } from 'commander';
import type { Act, Host } from '../terminal.ts';
import { registerBundle } from './bundle.ts';
import { registerDecide } from './decide.ts';
import { registerEvidence } from './evidence.ts';
import { registerReport } from './report.ts';
import { registerSignoff } from './signoff.ts';
import { registerVerify } from './verify.ts';

export function registerPaperCommands(program: Command, host: Host, act: Act): void {
  for (const register of [registerEvidence, registerSignoff, registerDecide, registerBundle, registerVerify, registerReport]) register(program, host, act);
}
