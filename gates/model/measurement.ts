// What a check hands over: one metric, its figures, and the instrument's word on its own health (DESIGN §5, §6).
import { z } from 'zod';
import { SideName } from './verdicts.ts';

/** Units of metrics. `1` is a plain number, `ratio` 0…1. */
export const Unit = z.enum(['ms', 's', 'req/s', 'ratio', 'count', 'bytes', 'score', '1']);
export type Unit = z.infer<typeof Unit>;

export const Shape = z.enum(['samples', 'histogram', 'proportion', 'set', 'cases', 'value']);
export type Shape = z.infer<typeof Shape>;

/** A place in a file of the repository that is judged: `path` from its root, with `/`; `line` from 1. */
export const FilePlace = z.object({ path: z.string().min(1), line: z.int().min(1).optional() });
export type FilePlace = z.infer<typeof FilePlace>;

/** One finding: an orphaned row, a header that is missing. `key` identifies it across runs. `file`: where it stands, for findings that stand in a file. */
export const Item = z.object({ key: z.string(), detail: z.string(), file: FilePlace.optional() });
export type Item = z.infer<typeof Item>;

/** One functional case. `flaky`: failed, then passed on a retry. `not-run`: it should have run and did not. */
export const Case = z.object({
  id: z.string(),
  state: z.enum(['ok', 'failed', 'flaky', 'not-run']),
  /** What was expected and what was seen; empty only when `ok`. */
  detail: z.string(),
  /** Why a case was `not-run`, where that has a code of its own: all was captured, and there is nothing to compare it with. */
  code: z.literal('NO_BASELINE').optional(),
  /** What has to be mended, for cases that are about a file. */
  file: FilePlace.optional(),
});
export type Case = z.infer<typeof Case>;

export const Payload = z.discriminatedUnion('shape', [
  z.object({ shape: z.literal('samples'), samples: z.array(z.number()) }),
  z.object({
    shape: z.literal('histogram'),
    /** HdrHistogram V2, zlib-compressed, base64. */
    hdr: z.string(),
    /** Recorded integers per unit of the metric: 1000 when microseconds were recorded for a metric in ms. */
    perUnit: z.number().positive(),
  }),
  z.object({ shape: z.literal('proportion'), hits: z.int().min(0), total: z.int().min(0) }),
  z.object({
    shape: z.literal('set'),
    items: z.array(Item),
    /** Counted beyond the cap of `items`. */
    totalItems: z.int().min(0),
    /** What an empty set does not prove (`32 of 50 success criteria wait for a person`): said wherever it is said that nothing was found. */
    leavesOpen: z.string().optional(),
  }),
  z.object({ shape: z.literal('cases'), cases: z.array(Case) }),
  z.object({ shape: z.literal('value'), value: z.number() }),
]);
export type Payload = z.infer<typeof Payload>;

/** A tool's word on itself. `facts` are the figures that the word rests on (schedule lag, sent over scheduled …). */
export const Instrument = z.object({
  name: z.string(),
  version: z.string(),
  healthy: z.boolean(),
  /** Why it is sick, with figure and limit; absent when healthy. */
  why: z.string().optional(),
  facts: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
});
export type Instrument = z.infer<typeof Instrument>;

/** One metric of one round. `n` is the number of observations behind it. */
export const Measurement = z.object({
  metric: z.string(),
  labels: z.object({ side: SideName.optional(), route: z.string().optional(), subject: z.string().optional() }),
  n: z.int().min(0),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  instrument: Instrument,
  payload: Payload,
});
export type Measurement = z.infer<typeof Measurement>;

/** Told while a check works; streamed to the terminal, never journalled. `done` of `total` in `unit`. */
export type Progress = { readonly kind: 'progress'; readonly text: string; readonly done?: number; readonly total?: number };
export type Measured = { readonly kind: 'measurement'; readonly measurement: Measurement };
/** Closes a round: everything measured since the last one belongs together. */
export type EndOfRound = { readonly kind: 'end-of-round' };
export type CheckEvent = Progress | Measured | EndOfRound;
