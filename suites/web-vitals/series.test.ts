import { expect, test } from 'vitest';
import { type Series, type SeriesOrder, type Try, measureSeries, neededProcessors, waitForQuiet, whyNot } from './series.ts';
import { STEADINESS } from './stability.ts';

const LCP = { name: 'LCP', of: (run: number) => run, steadiness: STEADINESS.lcp };
const options = { runs: 5, maxRuns: 9, freeProcessors: 0 };

function order(tries: readonly Try<number>[], more: Partial<SeriesOrder<number>> = {}): SeriesOrder<number> {
  const left = [...tries];
  return {
    options,
    figures: [LCP],
    untilMs: Infinity,
    clock: { monotonicMs: () => performance.now() },
    signal: new AbortController().signal,
    once: () => Promise.resolve(left.shift() ?? { why: 'Nothing is left.' }),
    ...more,
  };
}
const runs = (...figures: readonly number[]): readonly Try<number>[] => figures.map((run) => ({ run }));

async function end(given: SeriesOrder<number>): Promise<Series<number>> {
  const series = measureSeries(given);
  for (;;) {
    const next = await series.next();
    if (next.done === true) return next.value;
  }
}

test('five runs that agree are enough', async () => {
  const series = await end(order(runs(1000, 1010, 990, 1005, 995, 1)));
  expect(series.runs).toEqual([1000, 1010, 990, 1005, 995]);
  expect(whyNot(series, LCP)).toBeUndefined();
});

test('while the median is not steady there are more, and an odd one no longer matters', async () => {
  const series = await end(order(runs(1000, 5000, 1000, 1000, 1000, 1000, 1000, 1000)));
  expect(series.runs).toHaveLength(8);
  expect(whyNot(series, LCP)).toBeUndefined();
});

test('what is not steady at the cap says so, and is no healthy figure', async () => {
  const series = await end(order(runs(1000, 5000, 1000, 5000, 1000, 5000, 1000, 5000, 2000)));
  expect(series.runs).toHaveLength(9);
  expect(whyNot(series, LCP)).toBe('after 9 runs the median of LCP, 2000, lies between 1000 and 5000: neither within 10 % nor on one side of 2500');
});

test('a page that twice was not there is given up, with the reason', async () => {
  const series = await end(order([...runs(1000), { why: 'It was answered 500.' }, { why: 'It was answered 503.' }]));
  expect([series.runs, whyNot(series, LCP)]).toEqual([[1000], 'It was answered 503.']);
});

test('a page that failed once is measured all the same', async () => {
  const series = await end(order([{ why: 'It was answered 500.' }, ...runs(1, 1, 1, 1, 1)]));
  expect([series.runs.length, whyNot(series, LCP)]).toEqual([5, undefined]);
});

test.runIf(process.platform === 'linux')('what can no longer be reached is not tried: of six tries five must count, and two were lost', async () => {
  let tries = 0;
  const once = (): Promise<Try<number>> => {
    tries += 1;
    return busyRun();
  };
  await end(order([], { options: { runs: 5, maxRuns: 6, freeProcessors: 1000 }, once }));
  expect(tries).toBe(2);
});

test('no run begins after the time is used up: that is never a figure', async () => {
  const series = await end(order(runs(1, 1, 1, 1, 1), { untilMs: 0 }));
  expect(whyNot(series, LCP)).toBe('0 of 5 runs could be made before the time for this check was used up');
});

test.runIf(process.platform === 'linux')('runs beside other work do not count', async () => {
  const series = await end(order(runs(1, 1, 1, 1, 1, 1, 1, 1, 1), { options: { ...options, maxRuns: 6, freeProcessors: 1000 }, once: busyRun }));
  expect(series.runs).toEqual([]);
  expect(series.lost).toBe(2);
  expect(whyNot(series, LCP)).toMatch(/^0 of 5 runs could be made; 2 were made beside other work, which left \d\.\d processors \(limit 1000\.0\)$/);
});
/** Long enough to be seen on the kernel's clock. */
async function busyRun(): Promise<Try<number>> {
  const endMs = performance.now() + 100;
  while (performance.now() < endMs) await Promise.resolve();
  return { run: 1 };
}

test('an abort ends it at once, also while a quiet machine is waited for', async () => {
  const signal = AbortSignal.abort(new Error('Ctrl-C'));
  await expect(end(order(runs(1), { signal }))).rejects.toThrow('Ctrl-C');
  await expect(waitForQuiet(1000, signal)).rejects.toThrow('aborted');
});

test.each([
  [1.2, 1, 0.6],
  [1.2, 2, 1.2],
  [1.2, 64, 1.2],
])('%d processors of two are, on a machine with %i, %d', (wanted, processors, needed) => {
  expect(neededProcessors(wanted, processors)).toBeCloseTo(needed);
});
