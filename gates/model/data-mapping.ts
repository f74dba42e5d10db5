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
  /** By role of the legacy servers: the role of the target that it became. Not named: the same name where the target has it, else owner to owner. */
  roles: z.record(z.string(), z.string().min(1)).optional(),
  /**
   * References that no foreign key declares, in the target's names: `{ 'wallet.Account.userId': 'core.User.id' }`.
   * `{ none: reason }`: the column looks like a reference and is none.
   */
  references: z.record(z.string(), z.union([z.string().min(1), z.strictObject({ none: reason })])).optional(),
  /** Differences of the catalogue that were meant, by the key of the finding (`*` stands for any characters), each with the reason. */
  intended: z.record(z.string(), reason).optional(),
});
export type DataMapping = z.infer<typeof DataMapping>;

/** How the rows of an environment's databases are compared. */
export const DataComparison = z.strictObject({
  /** `near`: both sides send every row, and the bytes are compared. `far`: both sides send sums of row hashes, and rows only where those differ. `auto`: whichever is quicker over this network. */
  mode: z.enum(['auto', 'near', 'far']).optional(),
  /** Tables, or ranges of a large one, compared at a time; each takes a connection on either side. */
  parallel: z.int().min(1).max(8).optional(),
});
export type DataComparison = z.infer<typeof DataComparison>;
