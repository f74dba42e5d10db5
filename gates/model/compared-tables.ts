// What became of each table that was compared: the artifact that a data check leaves and the report shows as a table.
import { z } from 'zod';

export const COMPARED_TABLES_MEDIA_TYPE = 'application/vnd.naap-gate.compared-tables+json';

const count = z.int().min(0);

export const ComparedTables = z.object({
  /** Moment of the cut for the mapping's filters, ISO 8601. */
  cut: z.string(),
  tables: z.array(
    z.object({
      /** `core.User` of the target. */
      table: z.string(),
      /** The legacy database. */
      from: z.string(),
      legacyRows: count,
      targetRows: count,
      /** Rows that are missing and that are too many, and values that differ. */
      missing: count,
      extra: count,
      changed: count,
      /** By column of the target: values that differ. */
      byColumn: z.record(z.string(), count),
      bytes: count,
      seconds: z.number().min(0),
      /** `by id`: how rows were told from each other, and in which way they were compared. */
      how: z.string(),
    }),
  ),
  /** Tables that could not be looked at to the end. */
  unseen: z.array(z.object({ table: z.string(), why: z.string() })),
  /** Left out on purpose, as the mapping says. */
  leftOut: z.array(z.object({ object: z.string(), reason: z.string() })),
});
export type ComparedTables = z.infer<typeof ComparedTables>;
