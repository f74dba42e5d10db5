// Loaded before the command line (NODE_OPTIONS=--import …): kills the process with SIGKILL in the middle of one write. Used by killed.live.test.ts.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** `DIE_IN`: a text of the line that is written; `DIE_AFTER`: how much of it is on the disk by then. */
const { DIE_IN = '', DIE_AFTER } = process.env;
const SHARES: Readonly<Record<string, number>> = { nothing: 0, half: 0.5, whole: 1 };
const share = SHARES[DIE_AFTER ?? ''];
if (DIE_IN === '' || share === undefined) throw new TypeError('DIE_IN and DIE_AFTER (nothing, half, whole) say where to die.');

const writeSync = fs.writeSync.bind(fs) as (file: number, content: string | Uint8Array, ...rest: number[]) => number;
fs.writeSync = ((file: number, content: string | Uint8Array, ...rest: number[]): number => {
  const line = Buffer.from(content);
  if (!line.includes(DIE_IN)) return writeSync(file, content, ...rest);
  const length = Math.floor(line.length * share);
  if (length > 0) writeSync(file, line, 0, length);
  process.kill(process.pid, 'SIGKILL');
  return length;
}) as typeof fs.writeSync;
syncBuiltinESMExports();
