// What the process that runs the journeys tells the one that started it, line by line. Written by reporter.ts and main.ts, read by run-journeys.ts.
import { z } from 'zod';

const Attachment = z.object({
  name: z.string(),
  contentType: z.string(),
  /** A file below the run's folder, or its bytes in base64. */
  path: z.string().optional(),
  body: z.string().optional(),
});
export type Attachment = z.infer<typeof Attachment>;

/** A test, as all messages name it: no two have both in common. */
const Test = z.object({
  /** Absolute path. */
  file: z.string(),
  /** With those of the groups that it stands in: `settings › saves`. */
  title: z.string(),
});
export type Test = z.infer<typeof Test>;

/** One try at one test. */
const TestEnd = Test.extend({
  kind: z.literal('test-end'),
  /** 0 is the first. */
  attempt: z.int().min(0),
  /** `passed` only where it was meant to pass. */
  status: z.enum(['passed', 'failed', 'timed-out', 'skipped', 'interrupted']),
  /** As Playwright words them, without colours; of a skipped one, why. */
  errors: z.array(z.string()),
  durationMs: z.number(),
  attachments: z.array(Attachment),
  /** What it wrote and could not remove, or cannot tell to be gone, in words. */
  leftBehind: z.array(z.string()),
});
export type TestEnd = z.infer<typeof TestEnd>;

export const JourneyMessage = z.discriminatedUnion('kind', [
  /** `without`: why there will be no video of failures. */
  z.object({ kind: z.literal('video'), without: z.string().optional() }),
  /** All tests that are to run, whether they ever will or not. */
  z.object({ kind: z.literal('begin'), tests: z.array(Test) }),
  Test.extend({ kind: z.literal('test-begin'), attempt: z.int().min(0) }),
  TestEnd,
  /** Something went wrong beside the tests: a file that cannot be loaded, for example. */
  z.object({ kind: z.literal('error'), message: z.string() }),
  z.object({ kind: z.literal('end'), status: z.enum(['passed', 'failed', 'timed-out', 'interrupted']) }),
]);
export type JourneyMessage = z.infer<typeof JourneyMessage>;

/** Handed to main.ts as its only argument, in JSON. */
export const JourneyOrders = z.object({
  /** The run's own folder: everything temporary of Playwright and of the browsers goes there, and all of it is removed. */
  folder: z.string(),
  /** Playwright's configuration. */
  config: z.string(),
  /** Variables to set for the tests. */
  variables: z.record(z.string(), z.string()),
  workers: z.int().positive(),
  retries: z.int().min(0),
  /** Of one try, ms. */
  testMs: z.int().positive(),
  /** Of all together, ms. */
  totalMs: z.int().positive(),
});
export type JourneyOrders = z.infer<typeof JourneyOrders>;
