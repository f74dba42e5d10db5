// How tests run: `unit` files side by side, then `live` files (*.live.test.ts: they start the twin, load or a browser) one at a time.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**', '**/.naap-gate/**'];
const live = '**/*.live.test.ts';

export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...exclude, live],
          // At least two: Vitest runs a project of one worker after all the others, whatever its groupOrder.
          maxWorkers: Math.max(2, availableParallelism()),
          sequence: { groupOrder: 0 },
          testTimeout: 10_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'live',
          include: [live],
          exclude,
          // On two cores, two servers under load would measure each other: one file at a time, after the unit tests.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
