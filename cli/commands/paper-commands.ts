// The commands of the paper side, registered together. Called by the program.
import type { Command } from 'commander';
import type { Act, Host } from '../terminal.ts';
import { registerBundle } from './bundle.ts';
import { registerDecide } from './decide.ts';
import { registerEvidence } from './evidence.ts';
import { registerSignoff } from './signoff.ts';
import { registerVerify } from './verify.ts';

export const PAPER_COMMANDS = ['evidence', 'signoff', 'decide', 'note', 'bundle', 'verify'] as const;

export function registerPaperCommands(program: Command, host: Host, act: Act): void {
  for (const register of [registerEvidence, registerSignoff, registerDecide, registerBundle, registerVerify]) register(program, host, act);
}
