// Where each legacy table went: databases to schemas, and what was renamed, moved, dropped, filtered or rewritten on the way. Config, read by the data checks.
import { z } from 'zod';

const reason = z.string().min(1);
/** An SQL expression or predicate over one row of the legacy table; `$cut` stands for the moment of the cut. */
const sql = z.string().min(1);

/** By name of the legacy column: its new name; what it became; or why it is no longer there. Columns that are not named kept their names. */
export const ColumnMapping = z.union([z.string().min(1), z.strictObject({ to: z.string().min(1).optional(), as: sql }), z.strictObject({ dropped: reason })]);
export type ColumnMapping = z.infer<typeof ColumnMapping>;

export const TableMapping = z.union([
  /** Not migrated, on purpose. */
  z.strictObject({ leftBehind: reason }),
  z.strictObject({
    /** New name; default: the old one. */
    to: z.string().min(1).optional(),
    /** Schema of the target, where it is not that of the database. */
    schema: z.string().min(1).optional(),
    columns: z.record(z.string(), ColumnMapping).optional(),
    /** Columns that only the target has, each with the reason. */
    added: z.record(z.string(), reason).optional(),
    /** Legacy rows that were to be taken; the others must not be in the target. */
    where: sql.optional(),
    /** Legacy columns that tell one row from another, where the table has no key of its own. */
    key: z.array(z.string().min(1)).min(1).optional(),
  }),
]);
export type TableMapping = z.infer<typeof TableMapping>;

export const DataMapping = z.strictObject({
  /** Moment of the cut, for filters; default: the start of the check. */
  cut: z.iso.datetime({ offset: true }).optional(),
  /** By legacy database. */
  databases: z.record(
    z.string(),
    z.strictObject({
      /** Schema of the target database. */
      schema: z.string().min(1),
      /** Schema of the legacy database; default: public. */
      from: z.string().min(1).optional(),
      tables: z.record(z.string(), TableMapping).optional(),
    }),
  ),
  /** Tables that only the target has, as `schema.table`, each with the reason. */
  added: z.record(z.string(), reason).optional(),
  /** Columns whose values are never shown, as `schema.table.column` of the target; `*` stands for any characters. */
  redact: z.array(z.string().min(1)).optional(),
});
export type DataMapping = z.infer<typeof DataMapping>;
