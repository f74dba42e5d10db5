// The registry of checks: what the plan binds criteria to, and `naap-gate list checks` prints. Adding a check adds one line.
import type { Check } from '../gates/model.ts';
import { accessibility } from './accessibility/accessibility.check.ts';
import { keyboardAccess } from './accessibility/keyboard-access.check.ts';
import { apiAuth } from './api/api-auth.check.ts';
import { apiEndpoints } from './api/api-endpoints.check.ts';
import { apiErrors } from './api/api-errors.check.ts';
import { apiSecurity } from './api/api-security.check.ts';
import { cors } from './api/cors.check.ts';
import { openapi } from './api/openapi.check.ts';
import { rateLimit } from './api/rate-limit.check.ts';
import { criticalPaths } from './critical-paths/critical-paths.check.ts';
import { backupRestore } from './data-integrity/backup-restore.check.ts';
import { catalogueParity } from './data-integrity/catalogue-parity.check.ts';
import { dataInventory } from './data-integrity/data-inventory.check.ts';
import { dualWriteDrift } from './data-integrity/dual-write-drift.check.ts';
import { foreignKeys } from './data-integrity/foreign-keys.check.ts';
import { indexParity } from './data-integrity/index-parity.check.ts';
import { orphanedRows } from './data-integrity/orphaned-rows.check.ts';
import { poolerMode } from './data-integrity/pooler-mode.check.ts';
import { rowContents } from './data-integrity/row-contents.check.ts';
import { rowCounts } from './data-integrity/row-counts.check.ts';
import { queryTimes } from './data-integrity/query-times.check.ts';
import { statementCounts } from './data-integrity/statement-counts.check.ts';
import { bundleSize } from './bundle-size/bundle-size.check.ts';
import { apiLoad } from './load/api-load.check.ts';
import { coldStart } from './load/cold-start.check.ts';
import { connectionPool } from './load/connection-pool.check.ts';
import { deepLinks } from './pages/deep-links.check.ts';
import { pageRendering } from './pages/page-rendering.check.ts';
import { pageThemes } from './pages/page-themes.check.ts';
import { pluginLoading } from './pages/plugin-loading.check.ts';
import { visualRegression } from './visual-regression/visual-regression.check.ts';
import { webVitals } from './web-vitals/web-vitals.check.ts';

/** By folder: `naap-gate check api` measures a whole one. */
export const suites: Readonly<Record<string, readonly Check[]>> = {
  accessibility: [accessibility, keyboardAccess],
  api: [apiEndpoints, apiAuth, apiErrors, apiSecurity, cors, openapi, rateLimit],
  'critical-paths': [criticalPaths],
  'data-integrity': [
    rowCounts,
    rowContents,
    dataInventory,
    catalogueParity,
    indexParity,
    foreignKeys,
    orphanedRows,
    queryTimes,
    statementCounts,
    backupRestore,
    poolerMode,
    dualWriteDrift,
  ],
  load: [apiLoad, connectionPool, coldStart],
  pages: [pageRendering, deepLinks, pageThemes, pluginLoading],
  'visual-regression': [visualRegression],
  'web-vitals': [webVitals],
  'bundle-size': [bundleSize],
};

export const checks: readonly Check[] = Object.values(suites).flat();
