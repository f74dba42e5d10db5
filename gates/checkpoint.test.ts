import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCheckpoint } from './checkpoint.ts';
import { createRunFolder, type RunFolder } from './run-folder.ts';
import { createScrubber } from './scrub.ts';

let runs: string;
let folder: RunFolder;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'naap-gate-checkpoint-'));
  folder = createRunFolder(runs, 'one');
});
afterEach(() => rmSync(runs, { recursive: true, force: true }));

const open = (execution = 'row-contents@1234') => openCheckpoint(folder, execution, createScrubber());

test('the next process reads what the last one wrote, each execution its own', () => {
  open().write({ chunk: 1 });
  open().write({ chunk: 2, text: 'two\nlines' });
  expect(open().read()).toEqual({ chunk: 2, text: 'two\nlines' });
  expect(open('row-contents@5678').read()).toBeUndefined();
});

test('a damaged file counts as none, and a cleared one is gone', () => {
  open().write({ chunk: 1 });
  const path = join(folder.path, 'checkpoints', 'row-contents@1234.json');
  appendFileSync(path, 'x');
  expect(open().read()).toEqual({ chunk: 1 });
  open().write({ chunk: 1 });
  rmSync(path);
  appendFileSync(path, `${'0'.repeat(64)}\n{"chunk":9}\n`);
  expect(open().read()).toBeUndefined();
  open().clear();
  expect(open().read()).toBeUndefined();
});

test('secrets are scrubbed before they are written', () => {
  const scrubber = createScrubber();
  scrubber.add('TOKEN', 'hush-hush-hush');
  openCheckpoint(folder, 'a', scrubber).write({ seen: 'hush-hush-hush' });
  expect(readFileSync(join(folder.path, 'checkpoints', 'a.json'), 'utf8')).not.toContain('hush-hush-hush');
});
