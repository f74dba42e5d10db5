// How tests run: `unit` files side by side, then `live` files (*.live.test.ts: they start the twin or a browser) two at a time, then `load`
// files (*.load.test.ts: what they find depends on the machine being theirs) one at a time.
import { rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**', '**/.naap-gate/**'];
const live = '**/*.live.test.ts';
const load = '**/*.load.test.ts';

// Hundreds of tests start the command line or the twin: what one of them compiled the others find. A folder of this run's own, because
// tests copy checkouts about, and what was compiled of a copy would stay in the user's cache for ever.
const compiled = join(tmpdir(), `naap-gate-compiled-${process.pid}`);
process.env['NODE_COMPILE_CACHE'] ??= compiled;
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));

export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...exclude, live, load],
          // At least two: Vitest runs a project of one worker after all the others, whatever its groupOrder.
          maxWorkers: Math.max(2, availableParallelism()),
          sequence: { groupOrder: 0 },
          // Ends what hangs; says nothing about how long a test may take on a machine that is busy.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'live',
          include: [live],
          exclude,
          // Half of their time they wait, for a server to start or a watch to end. More than two would make each other's time limits short.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'load',
          include: [load],
          exclude,
          // On two cores, two servers under load would measure each other: one file at a time, after all the others.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
