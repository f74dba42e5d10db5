import { expect, test } from 'vitest';
import { type Made, inUseMeasurements } from './figures.ts';
import type { Series } from './series.ts';
import type { VisitRun } from './visit-run.ts';

const MADE = { startedAt: new Date(0), endedAt: new Date(1), browser: 'Chromium 1', options: { runs: 3, cpuSlowdown: 4 } } as Made;
const series = (...cls: readonly (number | undefined)[]): Series<VisitRun> => ({
  runs: cls.map((one): VisitRun => ({ cls: one, lcpMs: 900, ttfbMs: 20, inpMs: 40, reported: [] }) as unknown as VisitRun),
  lost: 0,
  leastFree: undefined,
});
const clsOf = (...all: readonly Series<VisitRun>[]): unknown => inUseMeasurements(MADE, 'dashboard', all, '6').find(({ metric }) => metric === 'web.cls');

test('what one interaction moves is not hidden by the others on its page', () => {
  expect(clsOf(series(0, 0, 0), series(0.3, 0.31, 0.3), series(0, 0, 0))).toMatchObject({ n: 3, payload: { samples: [0.3, 0.31, 0.3] } });
});

test('visits that gave no figure are not hidden either', () => {
  expect(clsOf(series(0, 0, 0), series(undefined, undefined, 0))).toMatchObject({ n: 1 });
  expect(clsOf(series(), series())).toMatchObject({ n: 0 });
});
