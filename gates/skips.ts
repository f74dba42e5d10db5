// Why a planned execution will not run: an effect, a load or a secret that the environment does not grant (deferred), or something that is missing (inconclusive). Pure; called by plan.
import type { Check, Need } from './model/check.ts';
import type { Environment } from './model/environment.ts';
import type { Reason } from './model/report.ts';
import type { Profile, SideName, State } from './model/verdicts.ts';
import { untrustedReason } from './untrusted.ts';

export interface Skip {
  readonly state: State;
  readonly reason: Reason;
}
interface On {
  readonly environment: Environment;
  readonly profile: Profile;
}

export function settle(state: State, code: Reason['code'], text: string): Skip {
  return { state, reason: { code, text } };
}

function sidesOf(check: Check, options: unknown): readonly SideName[] {
  return check.sides?.(options) ?? ['target'];
}

/** With the sides that these options make it send to. */
export function needsOf(check: Check, options: unknown): Need[] {
  return [...new Set<Need>([...check.needs, ...(sidesOf(check, options).includes('legacy') ? (['legacy'] as const) : [])])];
}

/** Undefined: it runs. */
export function skipReason(check: Check, options: unknown, needs: readonly Need[], { environment, profile }: On): Skip | undefined {
  const isOnLoopback = sidesOf(check, options).every((side) => isLoopback(environment[side]?.api));
  const untrusted = untrustedReason(check, needs, environment, isOnLoopback);
  if (untrusted !== undefined) return settle('deferred', 'UNTRUSTED', untrusted);
  const refused = check.effects.find((effect) => effect !== 'load' && !environment.allow.includes(effect));
  if (refused !== undefined) {
    return settle(
      'deferred',
      'EFFECT_NOT_ALLOWED',
      `"${check.id}" has the effect "${refused}", which ${environment.name} does not allow. To allow it: environments.${environment.name}.allow: [..., '${refused}'].`,
    );
  }
  if (check.effects.includes('load')) {
    const reason = loadRefusal(check, options, environment, profile);
    if (reason !== undefined) return reason;
  }
  const missing = needs.find((need) => !isThere(need, environment));
  return missing === undefined
    ? undefined
    : settle('inconclusive', 'PRECONDITION_MISSING', `"${check.id}" needs ${NEED_WORDS[missing]} (environments.${environment.name}.${NEED_PLACE[missing]}).`);
}

/** `load` needs consent with its caps (DESIGN §8); `pr` loads loopback only. */
function loadRefusal(check: Check, options: unknown, environment: Environment, profile: Profile): Skip | undefined {
  if (environment.load === undefined || !environment.allow.includes('load')) {
    return settle(
      'deferred',
      'NO_LOAD_CONSENT',
      `"${check.id}" sends load, and ${environment.name} has given no consent. To give it: environments.${environment.name}.load: { maxRps, maxConnections, approvedBy, window } and 'load' in allow.`,
    );
  }
  if (profile === 'pr' && !sidesOf(check, options).every((side) => isLoopback(environment[side]?.api))) {
    return settle('deferred', 'NO_LOAD_CONSENT', 'The profile "pr" loads loopback only. Run with --profile full.');
  }
  const peak = check.peakRps?.(options) ?? 0;
  if (peak > environment.load.maxRps) {
    return settle(
      'deferred',
      'LOAD_CAP',
      `"${check.id}" sends up to ${peak} req/s; ${environment.name} allows ${environment.load.maxRps} (environments.${environment.name}.load.maxRps).`,
    );
  }
  return undefined;
}

/** A side that is not there can be reached nowhere: that is another complaint. */
function isLoopback(url: string | undefined): boolean {
  return url === undefined || /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname);
}

const NEED_WORDS: Readonly<Record<Need, string>> = {
  accounts: 'accounts that can log in',
  'database:target': 'the target database',
  'databases:legacy': 'the legacy databases',
  'database:scratch': 'a scratch server to restore into',
  'database:pooled': 'the way to the target through its pooler',
  legacy: 'a live legacy side',
  k6: 'k6',
  'cold-start': 'a sign by which a cold start is known',
  browser: 'a Chromium on this machine',
};
const NEED_PLACE: Readonly<Record<Need, string>> = {
  accounts: 'auth.accounts',
  'database:target': 'databases.target',
  'databases:legacy': 'databases.legacy: { naap_base: { url }, … }',
  'database:pooled': "databases.target: { url, pooled: { env: 'POOLED_DATABASE_URL' } }",
  'database:scratch': "databases.scratch: { url: { env: 'SCRATCH_DATABASE_URL' } }",
  legacy: 'legacy: { web, api }',
  k6: 'load',
  'cold-start': "surface: { coldStart: { marker: { header: 'x-cold-start' }, idleMs: 600_000, routes: ['auth.me'] } }",
  browser: "browser: { path: '/usr/bin/chromium' }; or install one: npx playwright install chromium",
};

export function isThere(need: Need, environment: Environment): boolean {
  switch (need) {
    case 'accounts':
      return Object.keys(environment.accounts).length > 0;
    case 'database:target':
      return environment.databases.target !== undefined;
    case 'databases:legacy':
      return Object.keys(environment.databases.legacy ?? {}).length > 0;
    case 'database:pooled':
      return environment.databases.target?.pooled !== undefined;
    case 'database:scratch':
      return environment.databases.scratch !== undefined;
    case 'legacy':
      return environment.legacy !== undefined;
    case 'k6':
      return true;
    case 'browser':
      return environment.browser !== undefined;
    case 'cold-start':
      return environment.surface.coldStart !== undefined;
    default:
      return need satisfies never;
  }
}
