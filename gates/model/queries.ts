// A statement of the application's workload: what is timed and explained on both sides. Config, read by query-times.
import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const WorkloadStatement = z.strictObject({
  /** Kebab-case: names it in the report. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/u, 'kebab-case'),
  /** Legacy database that it runs in. */
  database: z.string().min(1),
  /** One statement in the legacy database's terms, with $1, $2 … for its parameters. */
  sql: z.string().min(1),
  /** As the target takes it, where tables or columns have other names there. Default: the same, with the database's schema on the search path. */
  target: z.string().min(1).optional(),
  /** By position; an inner list is an array. Default: taken from rows of the columns that the parameters are compared with. */
  params: z.array(z.union([scalar, z.array(scalar)])).optional(),
});
export type WorkloadStatement = z.infer<typeof WorkloadStatement>;
