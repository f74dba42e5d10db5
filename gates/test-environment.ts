// An environment for the tests of gates/: loopback, everything allowed; each test takes away what it is about.
import type { Environment } from './model.ts';

export function testEnvironment(more: Partial<Environment> = {}): Environment {
  return {
    name: 'test',
    target: { web: 'http://127.0.0.1:9', api: 'http://127.0.0.1:9/api' },
    identity: { path: '/api/health', expect: { status: 200 } },
    access: { headers: {} },
    accounts: { member: { email: 'member@naap.test', password: 'secret-word', role: 'member' } },
    databases: { target: { url: 'postgres://127.0.0.1:9/x' } },
    allow: ['read', 'write', 'load'],
    load: { maxRps: 1200, maxConnections: 100, approvedBy: 'a test', window: 'always' },
    surface: {
      roles: ['member'],
      auth: { login: '/login', logout: '/logout', me: '/me', cookie: 'session', sessionSeconds: 60, quotaPerMinute: 10 },
      health: { path: '/api/health' },
      endpoints: [],
      pages: [],
      ownership: [],
    },
    notApplicable: {},
    ...more,
  };
}
