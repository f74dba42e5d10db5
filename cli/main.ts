#!/usr/bin/env node
// The command line's entry: keeps what Node compiles, for this start's children and for the next start, then runs the program.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../scripts/cache-folder.mjs';

// A thousand modules are stripped of their types and compiled once, not at every start: half of its time. In a folder of the user's own,
// because Node runs what it finds there. Where it cannot be written every start compiles, and nothing else changes.
process.env['NODE_COMPILE_CACHE'] ??= join(cacheFolder(), 'compiled');
enableCompileCache(process.env['NODE_COMPILE_CACHE']);

const { runProcess } = await import('./run-process.ts');
await runProcess();
