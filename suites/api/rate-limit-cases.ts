// What a rate limit must do, as cases, in the order in which one burst shows it: let in, refuse, tell, hold, recover. Called by the check rate-limit.
import { setTimeout as delay } from 'node:timers/promises';
import type { Case, Endpoint, HttpRequest, HttpResponse, Session } from '../../gates/model.ts';
import { readField } from '../instruments/json-field.ts';
import { findErrorEnvelopeFlaw, nameAnswer } from './answers.ts';
import { NotRun } from './asking.ts';
import type { Asking } from './asking.ts';
import { runCase, skipCase } from './cases.ts';
import type { Attempt } from './cases.ts';
import { findCodeFlaw } from './error-codes.ts';
import { nextTag } from './placeholders.ts';

/** Headers by which a proxy tells whom it asks for; a client can write any of them. */
const CLAIMS = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'] as const;
/** TEST-NET-3 (RFC 5737): nobody's. */
const SOMEBODY = '203.0.113';
/** Another address of the same machine; Linux has all of 127.0.0.0/8. */
export const OTHER_ADDRESS = '127.0.0.2';
/** Clocks and travel, s: a window of the application may be so much longer than it says. */
const SLACK_SECONDS = 1;

/** What a fresh window answered. */
export interface Burst {
  readonly answers: readonly HttpResponse[];
  /** How many were let in before the first was refused. */
  readonly letIn: number;
  /** Undefined where none was. */
  readonly refused: HttpResponse | undefined;
}

function isLimited({ status }: HttpResponse): boolean {
  return status === 429;
}

/** A login that nobody has, each time of another account: no account is locked, and a limit by account does not count it. */
async function knock({ context, http }: Asking, endpoint: Endpoint, more: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  const body = { email: `${nextTag(context.tag)}@example.com`, password: 'naap-gate-nobody' };
  return http.send({ path: endpoint.path, method: endpoint.method, body, ...more });
}

/**
 * The whole quota at once, since a limit must count what comes together, then one by one until one is refused.
 * At most twice the quota: so it can tell a limit that is too wide from none.
 */
export async function knockUntilRefused(asking: Asking, endpoint: Endpoint): Promise<Burst> {
  const { quotaPerMinute } = asking.context.surface.auth;
  const answers = await Promise.all(Array.from({ length: quotaPerMinute }, () => knock(asking, endpoint)));
  while (answers.length < quotaPerMinute * 2 && !answers.some(isLimited)) answers.push(await knock(asking, endpoint));
  return { answers, letIn: answers.filter((answer) => !isLimited(answer)).length, refused: answers.find(isLimited) };
}

/** What the refusal asks for, seconds: the header, which RFC 9110 §10.2.3 gives as whole seconds or a date. */
export function readRetryAfter({ headers }: HttpResponse): number | undefined {
  const said = headers['retry-after'];
  if (said === undefined) return undefined;
  if (/^\d+$/.test(said)) return Number(said);
  const at = Date.parse(said);
  const now = Date.parse(headers['date'] ?? '');
  return Number.isNaN(at) || Number.isNaN(now) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}

function windowSeconds({ context }: Asking): number {
  return context.surface.auth.quotaWindowSeconds ?? 60;
}

export function isAsDeclared({ letIn, refused }: Burst, quota: number): boolean {
  return letIn === quota && refused !== undefined;
}

function findAllowingFlaw({ answers, letIn }: Burst, quota: number): string | undefined {
  const broken = answers.find(({ status }) => status >= 500);
  if (broken !== undefined) return `a login of nobody is answered ${nameAnswer(broken)}`;
  return letIn < quota ? `${letIn} were let in, expected ${quota}: the limit is tighter than declared, or something else asks from this address` : undefined;
}

function findRefusingFlaw({ letIn, refused }: Burst, quota: number): string | undefined {
  if (refused === undefined) return `${letIn} were let in and ${quota} may be: there is no limit, or one that each instance counts for itself`;
  return letIn > quota ? `${letIn} were let in before one was refused, and ${quota} may be` : undefined;
}

function findRetryAfterFlaw(asking: Asking, refused: HttpResponse): string | undefined {
  const seconds = readRetryAfter(refused);
  const longest = windowSeconds(asking) + SLACK_SECONDS;
  if (seconds === undefined) return `\`Retry-After\` is ${refused.headers['retry-after'] ?? 'absent'}: a client is not told when to come back`;
  return seconds >= 1 && seconds <= longest ? undefined : `\`Retry-After\` is ${seconds} s, expected 1 to ${longest} (the window)`;
}

function findBodyFlaw(refused: HttpResponse): string | undefined {
  const said = readField(refused.json, 'error.retryAfter') ?? readField(refused.json, 'retryAfter');
  if (typeof said !== 'number') return `\`retryAfter\` of the body is ${said === undefined ? 'absent' : typeof said}, expected a number of seconds`;
  const header = readRetryAfter(refused);
  return header === undefined || Math.abs(header - said) <= SLACK_SECONDS ? undefined : `\`retryAfter\` is ${said} s in the body and ${header} s in the header`;
}

/** Flaky where a burst was not as declared and the next one was: a window that ended within the burst lets more in, a neighbour's request fewer. */
function judgeCount(id: string, find: (burst: Burst, quota: number) => string | undefined, bursts: readonly Burst[], quota: number): Case {
  const flaws = bursts.map((burst) => find(burst, quota));
  const [first] = flaws;
  if (first === undefined) return { id, state: 'ok', detail: '' };
  const last = flaws.at(-1);
  return last === undefined ? { id, state: 'flaky', detail: `first: ${first}; as declared in the next window` } : { id, state: 'failed', detail: last };
}

/** How many were let in, by each burst, and what the refusal of the last says. */
export async function judgeBursts(asking: Asking, bursts: readonly Burst[]): Promise<readonly Case[]> {
  const refused = bursts.at(-1)?.refused;
  const quota = asking.context.surface.auth.quotaPerMinute;
  const told: Readonly<Record<string, (answer: HttpResponse) => string | undefined>> = {
    'refused/retry-after': (answer) => findRetryAfterFlaw(asking, answer),
    'refused/retry-after-in-body': findBodyFlaw,
    'refused/envelope': findErrorEnvelopeFlaw,
    'refused/code': (answer) => findCodeFlaw(asking.context.surface, answer),
  };
  return [
    judgeCount('quota/let-in', findAllowingFlaw, bursts, quota),
    judgeCount('quota/refused-beyond', findRefusingFlaw, bursts, quota),
    ...(await Promise.all(
      Object.entries(told).map(([id, find]) => (refused === undefined ? skipCase(id, NOTHING_REFUSED) : runCase(id, async () => find(refused), true))),
    )),
  ];
}

const NOTHING_REFUSED = 'nothing was refused';

/** Each claim with the question whether a plain request is still refused after it: a window that ended meanwhile proves nothing. */
function planClaims(asking: Asking, endpoint: Endpoint): Readonly<Record<string, Attempt>> {
  return Object.fromEntries(
    CLAIMS.map((header, index) => [
      `dodge/${header}`,
      async () => {
        const value = header === 'forwarded' ? `for=${SOMEBODY}.${index + 1}` : `${SOMEBODY}.${index + 1}`;
        const answer = await knock(asking, endpoint, { headers: { [header]: value } });
        if (isLimited(answer)) return undefined;
        if (!isLimited(await knock(asking, endpoint))) throw new NotRun('the window ended before it was asked');
        return `with \`${header}\` it is ${nameAnswer(answer)}, without 429: whoever makes up addresses has no limit`;
      },
    ]),
  );
}

export interface Others {
  /** Undefined where the environment has no account. */
  readonly holder: PromiseSettledResult<Session> | undefined;
  /** Whether this machine has another address that the target sees. */
  readonly hasOtherAddress: boolean;
}

/** Who else is limited by what this client did: a session holder must not be, nor another address. */
function planOthers(asking: Asking, endpoint: Endpoint, { holder, hasOtherAddress }: Others): Readonly<Record<string, Attempt>> {
  const { context, http } = asking;
  const session = async (): Promise<string | undefined> => {
    if (holder?.status !== 'fulfilled') throw holder?.reason;
    const answer = await http.send({ path: context.surface.auth.me, as: holder.value });
    return isLimited(answer) ? 'who has a session is refused too: one client that tries passwords keeps everybody behind its address out' : undefined;
  };
  const address = async (): Promise<string | undefined> => {
    const answer = await knock(asking, endpoint, { from: OTHER_ADDRESS });
    return isLimited(answer) ? 'another address is refused too: one client keeps everybody out' : undefined;
  };
  return {
    ...(holder === undefined ? {} : { 'others/session-holder': session }),
    ...(hasOtherAddress ? { 'others/address': address } : {}),
  };
}

/** While the window lasts. One after the other, since each looks at the same window. */
export async function judgeHolding(asking: Asking, endpoint: Endpoint, burst: Burst, others: Others): Promise<readonly Case[]> {
  const planned = Object.entries({ ...planClaims(asking, endpoint), ...planOthers(asking, endpoint, others) });
  const cases: Case[] = [];
  for (const [id, attempt] of planned) cases.push(burst.refused === undefined ? skipCase(id, NOTHING_REFUSED) : await runCase(id, attempt, true));
  return cases;
}

/** Waits as long as the refusal asked for, or a window where it did not say, and is let in again. */
export async function judgeRecovery(asking: Asking, endpoint: Endpoint, { refused }: Burst, refusedAtMs: number): Promise<Case> {
  const id = 'recovers';
  if (refused === undefined) return skipCase(id, NOTHING_REFUSED);
  const asked = Math.min(readRetryAfter(refused) ?? Number.POSITIVE_INFINITY, windowSeconds(asking));
  const seconds = asked + SLACK_SECONDS / 2;
  const leftMs = refusedAtMs + seconds * 1000 - asking.context.clock.monotonicMs();
  if (leftMs > 0) await delay(leftMs, undefined, { signal: asking.context.signal }).catch(() => asking.context.signal.throwIfAborted());
  return runCase(
    id,
    async () => (isLimited(await knock(asking, endpoint)) ? `still refused ${seconds} s after the refusal, which asked for ${asked} s` : undefined),
    true,
  );
}
