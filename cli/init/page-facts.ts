// What pages, cookies and headers tell a stranger. Called by discover-url.
import { naapSurface } from '../../suites/naap-surface.ts';
import type { SurfaceOverrides } from '../../suites/surface-overrides.ts';
import type { Unknown } from './findings.ts';
import type { Answer, Look } from './look.ts';

export const LOGIN_PATH = /\/(login|log-in|signin|sign-in|auth)(\/|$)/i;
const DEFAULTS = naapSurface();

/** One thing that was looked at: differences of the surface, what was learned, what was not. */
export interface Part {
  readonly more?: SurfaceOverrides;
  readonly learned?: readonly string[];
  readonly unknown?: readonly Unknown[];
}

export async function lookAtPages(look: Look, answersAll: boolean): Promise<Part> {
  const seen: { readonly id: string; readonly path: string; readonly access: string; readonly answer: Answer }[] = [];
  for (const { id, path, access } of DEFAULTS.pages) {
    const answer = await look.ask(path);
    if (answer !== undefined) seen.push({ id, path, access, answer });
  }
  const gone = seen.filter(({ answer }) => answer.status === 404 || answer.status === 410);
  const guarded = seen.filter(({ answer, path }) => answer.status === 401 || answer.status === 403 || (answer.path !== path && LOGIN_PATH.test(answer.path)));
  const open = seen.filter(({ answer, path, access }) => access === 'authenticated' && answer.status === 200 && answer.path === path);
  const pages = Object.fromEntries(guarded.filter(({ access }) => access === 'public').map(({ id }) => [id, { access: 'authenticated' as const }]));
  const names = (ones: typeof seen): string => ones.map(({ path }) => path).join(', ');
  return {
    ...(Object.keys(pages).length === 0 ? {} : { more: { pages } }),
    learned: guarded.length === 0 ? [] : [`strangers are sent to the login from ${names(guarded)}`],
    unknown: [
      ...(gone.length === 0
        ? []
        : [
            {
              field: 'surface.pages',
              what: `whether it is meant to have ${names(gone)}: not found`,
              fill: 'set to null what it is not meant to have; until then it is missed',
            },
          ]),
      ...(open.length === 0
        ? []
        : [
            {
              field: 'surface.pages',
              what: `whether ${names(open)} ${open.length === 1 ? 'is' : 'are'} guarded: ${answersAll ? 'every path answers 200' : 'a stranger gets 200, so it is the browser that guards, if anything does'}`,
              fill: 'correct access',
            },
          ]),
    ],
  };
}

/** Names alone: what a cookie holds is nobody's business. */
export function cookiesPart(answers: readonly (Answer | undefined)[], isKnown: boolean): Part {
  const set = answers.flatMap((answer) => (answer?.headers['set-cookie'] ?? '').split('\n').map((line) => line.split('=')[0]?.trim() ?? ''));
  const names = [...new Set(set)].filter((name) => /^[\w.-]{1,64}$/.test(name));
  const nextAuth = names.find((name) => /(next-auth|authjs)\.csrf-token$/.test(name));
  const cookie = nextAuth?.replace(/^__Host-/, '__Secure-').replace('csrf-token', 'session-token');
  const seen = names.length === 0 ? [] : [`it sets the cookies ${names.join(', ')}`];
  if (cookie !== undefined) return { more: { auth: { cookie } }, learned: [...seen, `so its session cookie is ${cookie}, as NextAuth names it`] };
  const unknown = { field: 'surface.auth.cookie', what: 'the name of the session cookie: it is set after logging in', fill: 'look into the browser' };
  return { learned: seen, unknown: isKnown ? [] : [unknown] };
}

const REALTIME: readonly (readonly [string, RegExp])[] = [
  ['Ably', /realtime\.ably\.(io|net)|cdn\.ably\.com/i],
  ['Pusher', /pusher(app)?\.com/i],
  ['Socket.IO', /socket\.io/i],
  ['WebSockets', /\bwss:\/\//i],
];

export function hints(answers: readonly (Answer | undefined)[]): string[] {
  const here = answers.filter((answer) => answer !== undefined);
  const told = here.map(({ text, headers }) => `${headers['content-security-policy'] ?? ''}\n${text}`).join('\n');
  const realtime = REALTIME.filter(([, pattern]) => pattern.test(told)).map(([name]) => name);
  const servers = [...new Set(here.flatMap(({ headers }) => [headers['server'], headers['x-powered-by']]).filter((name) => name !== undefined))];
  return [
    ...(servers.length === 0 ? [] : [`it names itself ${servers.map((name) => name.slice(0, 60)).join(', ')}`]),
    ...(realtime.length === 0 ? [] : [`realtime: its pages speak of ${realtime.join(', ')}`]),
  ];
}

export function robotsHint(robots: Answer | undefined, answersAll: boolean): string[] {
  if (robots?.status !== 200 || robots.path !== '/robots.txt' || answersAll || /^\s*</.test(robots.text)) return [];
  const kept = robots.text.split('\n').filter((line) => /^disallow:\s*\S/i.test(line)).length;
  return kept === 0
    ? []
    : [`robots.txt asks crawlers to leave out ${kept} ${kept === 1 ? 'path' : 'paths'}; this was no crawl, and asked for no more than is listed`];
}

export function notAsked({ left }: Look): Unknown[] {
  return left.length === 0
    ? []
    : [{ field: 'surface', what: `what ${[...new Set(left)].join(', ')} answer: enough had been asked`, fill: 'look at them yourself' }];
}
