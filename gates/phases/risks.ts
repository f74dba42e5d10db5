// The Risk Management Matrix of the plan: each risk with the criteria and triggers that watch it. For the report's page on risks.

export interface Risk {
  readonly id: string;
  /** The five cells of its row, in the plan's words. */
  readonly risk: string;
  readonly probability: string;
  readonly impact: string;
  readonly mitigation: string;
  readonly contingency: string;
  /** Ids of criteria. */
  readonly criteria: readonly string[];
  /** Ids of rollback triggers. */
  readonly triggers: readonly string[];
}

export const risks: readonly Risk[] = [
  {
    id: 'data-loss',
    risk: 'Data loss during DB migration',
    probability: 'Low',
    impact: 'Critical',
    mitigation: 'Dual-write, backups, verification',
    contingency: 'Restore from backup',
    criteria: [
      'phase1.data-integrity.row-counts',
      'phase1.data-integrity.foreign-keys',
      'phase1.data-integrity.orphaned-rows',
      'phase1.testing.data-integrity',
      'phase1.documentation.backup-restore',
      'phase1.deliverables.dual-write-day',
      'phase1.deliverables.legacy-backup',
      'cutover-db-pre.pre-cutover.integrity',
      'cutover-t-0.cutover.final-sync',
      'cutover-t+7d.decommission.backups',
      'phase7.functionality.data',
    ],
    triggers: [],
  },
  {
    id: 'performance',
    risk: 'Performance degradation',
    probability: 'Medium',
    impact: 'High',
    mitigation: 'Load testing, gradual rollout',
    contingency: 'Scale up, rollback',
    criteria: [
      'phase1.performance.query-times',
      'phase1.testing.load-test',
      'phase2.performance.lcp',
      'phase3.performance.p50-latency',
      'phase3.performance.p99-latency',
      'phase3.performance.connection-pool',
      'phase3.testing.load-tests',
      'cutover-t-7d.preparation.load-test',
      'cutover-t-1d.final-checks.performance',
      'cutover-t+1h.validation.p99-latency',
      'cutover-t+24h.stabilization.performance',
      'phase7.performance.api-p99',
    ],
    triggers: ['p99-latency', 'error-rate'],
  },
  {
    id: 'realtime-regression',
    risk: 'WebSocket feature regression',
    probability: 'Medium',
    impact: 'Medium',
    mitigation: 'Thorough testing, Ably fallback',
    contingency: 'Keep legacy WS service',
    criteria: [
      'phase4.functionality.notifications',
      'phase4.functionality.debug-logs',
      'phase4.functionality.presence',
      'phase4.functionality.reconnection',
      'phase4.performance.message-loss',
      'phase4.testing.chaos',
      'cutover-t+1h.validation.realtime',
    ],
    triggers: [],
  },
  {
    id: 'plugin-compatibility',
    risk: 'Plugin compatibility issues',
    probability: 'Medium',
    impact: 'Medium',
    mitigation: 'Testing matrix, contributor outreach',
    contingency: 'Compatibility shim',
    criteria: [
      'phase2.functionality.plugins',
      'phase2.functionality.navigation',
      'phase2.deliverables.es-modules',
      'phase6.functionality.loading',
      'phase6.testing.loading-tests',
      'phase7.functionality.plugins',
    ],
    triggers: [],
  },
  {
    id: 'cost-overrun',
    risk: 'Cost overrun',
    probability: 'Low',
    impact: 'Medium',
    mitigation: 'Monitoring, alerts, budgets',
    contingency: 'Optimize or scale down',
    criteria: [
      'phase0.review.cost',
      'phase4.review.cost',
      'phase7.business.cost',
      'cutover-t+7d.decommission.cost-savings',
      'success.business-metrics.infrastructure-cost',
    ],
    triggers: [],
  },
  {
    id: 'security-vulnerability',
    risk: 'Security vulnerability',
    probability: 'Low',
    impact: 'Critical',
    mitigation: 'Security audit, pen testing',
    contingency: 'Immediate patch, rollback',
    criteria: [
      'phase3.functionality.authorization',
      'phase3.testing.security-tests',
      'phase4.review.security',
      'phase5.security.csp',
      'phase5.security.cors',
      'phase5.testing.security-headers',
      'phase6.security.sandbox',
      'phase6.security.permissions',
      'cutover-t-7d.preparation.security-audit',
      'phase7.security.penetration-test',
      'phase7.security.audit',
      'success.quality-metrics.security-score',
    ],
    triggers: ['login-success'],
  },
  {
    id: 'vendor-lock-in',
    risk: 'Vendor lock-in',
    probability: 'Low',
    impact: 'Medium',
    mitigation: 'Abstract service interfaces',
    contingency: 'Migration path documented',
    criteria: [
      'phase0.review.architecture',
      'phase0.deliverables.decision-records',
      'phase1.documentation.backup-restore',
      'phase7.documentation.architecture',
    ],
    triggers: [],
  },
];
