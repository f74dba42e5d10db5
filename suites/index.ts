// The registry of checks: what the plan binds criteria to, and `naap-gate list checks` prints. Adding a check adds one line.
import type { Check } from '../gates/model.ts';
import { apiAuth } from './api/api-auth.check.ts';
import { apiEndpoints } from './api/api-endpoints.check.ts';
import { apiLoad } from './load/api-load.check.ts';
import { coldStart } from './load/cold-start.check.ts';
import { connectionPool } from './load/connection-pool.check.ts';

export const checks: readonly Check[] = [apiEndpoints, apiAuth, apiLoad, connectionPool, coldStart];
