// The checks that criteria are bound to and that are not built yet, with the metrics that the bindings expect of them.
// Once a check is built, its line here goes: cli/registers.test.ts fails while a check is in both places, and where the built one measures otherwise.
import type { MetricDeclaration } from '../model/check.ts';

type MetricToCome = Pick<MetricDeclaration, 'unit' | 'shape'>;

export interface CheckToCome {
  readonly title: string;
  readonly metrics: Readonly<Record<string, MetricToCome>>;
}

const CASES: MetricToCome = { unit: 'count', shape: 'cases' };
const SET: MetricToCome = { unit: 'count', shape: 'set' };
const SHARE: MetricToCome = { unit: 'ratio', shape: 'proportion' };
const NUMBER: MetricToCome = { unit: 'count', shape: 'value' };
const MILLISECONDS: MetricToCome = { unit: 'ms', shape: 'samples' };
const MILLISECONDS_BY_THE_THOUSAND: MetricToCome = { unit: 'ms', shape: 'histogram' };
const SECONDS: MetricToCome = { unit: 's', shape: 'samples' };

export const CHECKS_TO_COME: Readonly<Record<string, CheckToCome>> = {
  // Realtime
  'realtime-access': { title: 'Who may do what on which channel', metrics: { 'realtime.capabilities': CASES } },
  'realtime-chaos': {
    title: 'Connections cut, and what is there after they are back',
    metrics: { 'realtime.reconnection': CASES, 'realtime.lost-after-reconnect': SHARE },
  },
  'realtime-connections': { title: 'From token request to connected', metrics: { 'realtime.connect-time': MILLISECONDS_BY_THE_THOUSAND } },
  'realtime-delivery': { title: 'Notifications, debug logs and presence arrive', metrics: { 'realtime.deliveries': CASES } },
  'realtime-latency': { title: 'From publish to receipt', metrics: { 'realtime.latency': MILLISECONDS_BY_THE_THOUSAND } },
  'realtime-load': {
    title: 'Ten thousand connections that all receive',
    metrics: { 'realtime.lost-messages': SHARE, 'realtime.concurrent-connections': NUMBER },
  },

  // Storage and edge
  'cdn-caching': { title: 'Cache headers, and whether the edge keeps to them', metrics: { 'cdn.cache-headers': CASES } },
  'plugin-artifacts': { title: 'Artifacts come back as they were stored', metrics: { 'storage.artifacts': CASES } },
  'security-headers': {
    title: 'Security headers and their grade',
    metrics: { 'headers.csp': CASES, 'headers.present': CASES, 'headers.grade': { unit: 'score', shape: 'value' } },
  },
  uploads: { title: 'Files up, down, and refused', metrics: { 'storage.uploads': CASES, 'storage.downloads': CASES, 'storage.refusals': CASES } },

  // Plugins
  'plugin-deployment': { title: 'A plugin deployed through its pipeline', metrics: { 'plugins.deployments': CASES, 'plugins.deployment-time': SECONDS } },
  'plugin-permissions': { title: 'A plugin does what it may and nothing else', metrics: { 'plugins.permissions': CASES } },
  'plugin-registry': { title: 'Manifests and versions of the registry', metrics: { 'plugins.registry': CASES } },
  'plugin-review': { title: 'Review of plugins, and whether it can be gone round', metrics: { 'plugins.review': CASES, 'plugins.review-enforcement': CASES } },
  'plugin-sandbox': { title: 'Hostile plugins kept in', metrics: { 'plugins.sandbox': CASES } },

  // Delivery
  'branch-protection': { title: 'Rules of the protected branches', metrics: { 'branch.protection-rules': CASES, 'branch.required-reviewers': NUMBER } },
  'ci-runs': { title: 'Jobs of the pipeline, configured and succeeded', metrics: { 'ci.jobs-configured': CASES, 'ci.jobs-succeeded': CASES } },
  'deployment-state': { title: 'The deployment that serves is the one that was meant', metrics: { 'deployment.serving': CASES } },
  'deployment-time': { title: 'From push to serving', metrics: { 'deployment.duration': SECONDS } },
  'external-services': { title: 'Services outside, each with our own credentials', metrics: { 'services.reachable': CASES } },
  'performance-baseline': { title: 'A baseline of the legacy side is pinned', metrics: { 'baseline.captured': CASES } },
  'preview-deployment': { title: 'The newest preview serves the application', metrics: { 'deployment.previews': CASES } },

  // Operation and cutover
  'alert-rules': { title: 'Alerts that exist and arrive', metrics: { 'alerts.rules': CASES } },
  'critical-issues': { title: 'Open issues of the highest severity', metrics: { 'issues.critical': SET } },
  'database-mode': { title: 'Where a write through the API arrives', metrics: { 'database.writes': CASES } },
  'dns-records': { title: 'Where resolvers send users', metrics: { 'dns.records': CASES } },
  'error-rate': { title: 'Requests of users that failed', metrics: { 'app.error-rate': SHARE } },
  'field-vitals': { title: 'Web Vitals of real visits', metrics: { 'web.field-lcp': MILLISECONDS } },
  'legacy-state': { title: 'The legacy side on standby, later gone', metrics: { 'legacy.standby': CASES, 'legacy.shutdown': CASES } },
  'legacy-traffic': { title: 'Requests that still reach the legacy side', metrics: { 'legacy.requests': NUMBER } },
  'login-success': { title: 'Logins of users that succeeded', metrics: { 'auth.login-success': SHARE } },
  'maintenance-mode': { title: 'Who is let in during maintenance', metrics: { 'maintenance.legacy': CASES, 'maintenance.target': CASES } },
  'monitoring-signals': { title: 'Signals that deliver fresh data', metrics: { 'signals.fresh': CASES } },
  'observed-latency': { title: 'Latency that users get, from monitoring', metrics: { 'app.latency': MILLISECONDS_BY_THE_THOUSAND } },
  'registration-state': { title: 'Registration closed, later open', metrics: { 'registration.closed': CASES, 'registration.open': CASES } },
  'session-persistence': { title: 'Sessions from before the cutover', metrics: { 'auth.carried-sessions': CASES } },
  uptime: { title: 'Probes from outside that were answered', metrics: { 'app.availability': SHARE } },
};
