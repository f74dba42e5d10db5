// Phase 4, Real-time Services Migration: the 19 rows of plan §4.7, in the plan's words and order.
import type { Gate } from '../model/criterion.ts';
import { document } from './documents.ts';
import { LATENCY_SAMPLES, MESSAGE_SAMPLES, cases, deliveries, limit, noLostMessages, realtimeP99 } from './measures.ts';
import { section } from './rows.ts';
import { standing } from './standing.ts';

const GATE = 'phase4';
const SOURCE = 'plan §4.7';
const functionality = section(GATE, SOURCE, 'Functionality');
const performance = section(GATE, SOURCE, 'Performance');
const testing = section(GATE, SOURCE, 'Testing');
const documentation = section(GATE, SOURCE, 'Documentation');
const review = section(GATE, SOURCE, 'Review');
const signOff = section(GATE, SOURCE, 'Sign-off');

const reconnection = cases('realtime-chaos', 'realtime.reconnection');
const capabilities = cases('realtime-access', 'realtime.capabilities');

export const phase4: Gate = {
  id: GATE,
  title: 'Phase 4: Real-time Services Migration',
  objective: 'Migrate WebSocket services to Ably/Pusher for serverless compatibility.',
  source: SOURCE,
  approvers: ['Backend Lead', 'Security Lead', 'Engineering Lead'],
  team: { lead: 'Backend Lead', reviewers: ['Platform', 'Security'], onCall: ['Backend'] },
  criteria: [
    functionality.measured({ row: 'notifications', text: 'Real-time notifications working' }, deliveries('notifications')),
    functionality.measured(
      {
        row: 'debug-logs',
        text: 'Debug log streaming working',
        note: 'Plan §2.1 keeps the debugger as a dedicated WebSocket service, §4.4 moves it to Ably. Measured is what a reader gets on the channels of §4.4.',
      },
      deliveries('debug-logs'),
    ),
    functionality.measured({ row: 'presence', text: 'Presence indicators working' }, deliveries('presence')),
    functionality.measured({ row: 'reconnection', text: 'Reconnection handling working' }, reconnection),

    performance.measured(
      { row: 'message-latency', text: 'Message latency < 100ms', note: 'The plan gives no statistic. Read as the P99, as for the API.' },
      realtimeP99,
    ),
    performance.measured(
      { row: 'connect-time', text: 'Connection establishment < 500ms', note: 'The plan gives no statistic. Read as the P99, token request included.' },
      limit('realtime-connections', 'realtime.connect-time', 'p99', '<', 500, LATENCY_SAMPLES),
    ),
    performance.measured(
      {
        row: 'message-loss',
        text: 'No message loss under load',
        note: 'Every message numbered, every gap counted; at least 10 000 deliveries, because fewer prove little.',
      },
      noLostMessages,
    ),

    testing.measured({ row: 'integration-tests', text: 'Real-time integration tests passing' }, deliveries(), capabilities),
    testing.measured(
      {
        row: 'chaos',
        text: 'Chaos testing (disconnect/reconnect)',
        note: 'A client that says it resumed proves nothing: what was sent meanwhile must have arrived.',
      },
      reconnection,
      limit('realtime-chaos', 'realtime.lost-after-reconnect', 'rate', '==', 0, MESSAGE_SAMPLES),
    ),
    testing.measured(
      {
        row: 'load',
        text: 'Load testing (10,000 concurrent connections)',
        note: 'Ten thousand at the same moment, each receiving. Whether the tier that §7.3 reckons with (Free/Pro, $0–99) allows them belongs to the cost review.',
        profiles: ['full'],
      },
      limit('realtime-load', 'realtime.concurrent-connections', 'value', '>=', 10_000),
      noLostMessages,
    ),

    documentation.evidence({ row: 'api', text: 'Real-time API documentation' }, document('Token endpoint, channels, events and their payloads, errors.')),
    documentation.evidence({ row: 'channel-names', text: 'Channel naming conventions' }, document('The rule for channel names, with every name in use.')),
    documentation.evidence(
      { row: 'capability-matrix', text: 'Capability matrix documented' },
      document('Which role may subscribe, publish and be present on which channel.'),
    ),

    review.attested({ row: 'architecture', text: 'Real-time architecture review' }, 'Platform Lead'),
    review.attested({ row: 'security', text: 'Security review (channel access)' }, 'Security Lead'),
    review.attested({ row: 'cost', text: 'Cost analysis review' }, 'Platform Lead'),

    ...signOff.signatures('Backend Lead', 'Security Lead', 'Engineering Lead'),

    ...standing(GATE, 3),
  ],
};
