// What a live application shows a stranger: wall, health, login, documents, pages. Asks through `look`; what it concludes is in the other files here.
import type { Surface } from '../../gates/model.ts';
import { naapSurface } from '../../suites/naap-surface.ts';
import type { SurfaceOverrides } from '../../suites/surface-overrides.ts';
import type { Findings, Login, Wall } from './findings.ts';
import { healthPointers } from './health-facts.ts';
import { loginOfProviders, loginOnPage } from './login-kind.ts';
import { type Answer, type Look, type LookOptions, openLook } from './look.ts';
import { type ReadDocument, readOpenapi } from './openapi-routes.ts';
import { cookiesPart, hints, LOGIN_PATH, lookAtPages, notAsked, type Part, robotsHint } from './page-facts.ts';
import { surfaceOf } from './routes.ts';
import { findWall } from './walls.ts';

const HEALTH = ['/api/health', '/api/healthz', '/health', '/healthz'];
const OPENAPI = ['/api/openapi.json', '/openapi.json', '/api/v1/openapi.json', '/swagger.json'];
/** A path that nobody has: shows how the unknown is answered. */
const NOTHING = '/naap-gate-asks-for-nothing';
const DEFAULTS = naapSurface();

/** Throws TARGET_UNREACHABLE where nobody is there. */
export async function discoverUrl(url: URL, options: LookOptions): Promise<Findings> {
  const look = openLook(url.origin, options);
  try {
    const home = await look.ask('/');
    const wall = home === undefined ? undefined : findWall(home);
    if (wall !== undefined) return walled(look, wall);
    if (home?.leadsTo !== undefined) return moved(look, home.leadsTo);
    return await lookAround(look, home, url.pathname);
  } finally {
    await look.close();
  }
}

function sourceOf({ origin, requests }: Look): string {
  return `${origin}, ${requests.length} GET ${requests.length === 1 ? 'request' : 'requests'}`;
}

/** Behind a wall nothing can be seen, so nothing is guessed. */
function walled(look: Look, wall: Wall): Findings {
  const names = wall.headers.map(({ name, env }) => `--access ${name}=${env}`).join(' ');
  return {
    source: sourceOf(look),
    target: { web: look.origin },
    wall,
    login: { kind: 'wall', providers: [], seen: wall.what },
    learned: [`${wall.what} stands before it: ${wall.seen}`],
    unknown: [
      { field: 'access.headers', what: `the secret that opens ${wall.what}`, fill: wall.how },
      {
        field: 'surface, identity, auth',
        what: 'everything behind it: routes, health, how people log in',
        fill:
          names === ''
            ? 'run init --discover again from where it lets you in'
            : `set the variable, then: naap-gate init --discover ${look.origin} ${names} --force`,
      },
    ],
    requests: look.requests,
  };
}

function moved(look: Look, to: string): Findings {
  return {
    source: sourceOf(look),
    target: { web: look.origin },
    login: { kind: 'unknown', providers: [], seen: 'its pages are elsewhere' },
    learned: [`/ redirects to ${to}`],
    unknown: [
      {
        field: 'target.web',
        what: `whether the application is at ${new URL(to).origin}`,
        fill: `if so: naap-gate init --discover ${new URL(to).origin} --force`,
      },
    ],
    requests: look.requests,
  };
}

async function lookAround(look: Look, home: Answer | undefined, documentPath: string): Promise<Findings> {
  const nothing = await look.ask(NOTHING);
  /** A static host that answers every path with its index page shows nothing by answering. */
  const answersAll = nothing?.status === 200;
  const health = await lookAtHealth(look, home, answersAll);
  const api = await lookAtApi(look);
  const { document, part: documents } = await lookForDocument(look, documentPath);
  const login = await lookAtLogin(look);
  const pages = api.isNaap ? await lookAtPages(look, answersAll) : {};
  const robots = await look.ask('/robots.txt');
  const answers = { home, login: login.answer };
  const parts: readonly Part[] = [
    health,
    api,
    documents,
    loginPart(login.login, api.isNaap),
    pages,
    cookiesPart(Object.values(answers), api.isNaap && login.login.kind !== 'oauth'),
  ];
  const more = parts.reduce<SurfaceOverrides>((all, part) => merged(all, part.more), {});
  const routes = surfaceOf({ routes: document?.routes ?? [], more, isComplete: true });
  return {
    source: sourceOf(look),
    target: { web: look.origin, ...apiOf(document, look.origin) },
    ...(health.identity === undefined ? {} : { identity: health.identity }),
    login: login.login,
    ...(routes.surface === undefined ? {} : { surface: routes.surface }),
    learned: [...parts.flatMap(({ learned = [] }) => learned), ...routes.learned, ...hints(Object.values(answers)), ...robotsHint(robots, answersAll)],
    unknown: [...parts.flatMap(({ unknown = [] }) => unknown), ...routes.unknown, ...notAsked(look)],
    requests: look.requests,
  };
}

/** Two levels deep, which is as deep as differences go here. */
function merged(a: SurfaceOverrides, b: SurfaceOverrides | undefined = {}): SurfaceOverrides {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof SurfaceOverrides)[];
  return Object.fromEntries(keys.map((key) => [key, isObject(a[key]) && isObject(b[key]) ? { ...a[key], ...b[key] } : (b[key] ?? a[key])]));
}
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function apiOf(document: ReadDocument | undefined, origin: string): { readonly api?: string } {
  const server = document?.server;
  return server === undefined || server.origin === origin ? {} : { api: `${server.origin}/api` };
}

async function lookAtHealth(look: Look, home: Answer | undefined, answersAll: boolean): Promise<Part & Pick<Findings, 'identity'>> {
  for (const path of HEALTH) {
    const answer = await look.ask(path);
    if (answer?.path !== path || typeof answer.json !== 'object' || answer.json === null || ![200, 503].includes(answer.status)) continue;
    return healthPart(path, answer);
  }
  const title = /<title[^>]*>([^<]{1,120})<\/title>/i.exec(home?.text ?? '')?.[1]?.trim();
  const unknown = {
    field: 'identity, surface.health',
    what: `where its health is: ${HEALTH.join(', ')} ${answersAll ? 'answer what every path answers' : 'answer no JSON'}`,
    fill: 'name the path; until then what asks for health finds none',
  };
  // A page without a title of its own, or a login page, could be anybody's: then the default stands, and nothing passes for the application.
  if (home?.status !== 200 || title === undefined || title === '' || LOGIN_PATH.test(home.path)) return { unknown: [unknown] };
  return { identity: { path: home.path, expect: { status: 200, body: title } }, unknown: [unknown] };
}

function healthPart(path: string, answer: Answer): Part & Pick<Findings, 'identity'> {
  const pointers = healthPointers(answer.json);
  const asDefault = (['commit', 'deploymentId', 'schemaVersion'] as const).filter(
    (fact) => pointers[fact] !== undefined && pointers[fact] !== DEFAULTS.health[fact],
  );
  const health: Partial<Surface['health']> = {
    ...(path === DEFAULTS.health.path ? {} : { path }),
    ...Object.fromEntries(asDefault.map((fact) => [fact, pointers[fact]])),
  };
  const told = Object.entries(pointers).map(([fact, pointer]) => `${fact} (${pointer})`);
  return {
    identity: { path, expect: { status: 200 } },
    ...(Object.keys(health).length === 0 ? {} : { more: { health } }),
    learned: [`GET ${path} answers ${answer.status} and JSON${told.length === 0 ? '' : `, which tells ${told.join(', ')}`}`],
    unknown:
      pointers.commit === undefined
        ? [
            {
              field: 'surface.health.commit',
              what: 'which build answers: health tells no commit',
              fill: 'let health tell it, and name its JSON pointer; without it --expect-commit cannot hold, and attempts cannot be told apart by build',
            },
          ]
        : [],
  };
}

/** NaaP's API refuses a stranger with its envelope. */
async function lookAtApi(look: Look): Promise<Part & { readonly isNaap: boolean }> {
  const me = await look.ask(DEFAULTS.auth.me);
  const json = me?.json;
  const isNaap = isObject(json) && 'success' in json && json.success === false && 'error' in json && me?.status === 401;
  if (isNaap) return { isNaap, learned: [`${DEFAULTS.auth.me} refuses a stranger as NaaP does (401, with its envelope)`] };
  return {
    isNaap,
    unknown: [
      {
        field: 'surface',
        what: `its routes: GET ${DEFAULTS.auth.me} answers ${me === undefined ? 'nothing' : `${me.status}${isObject(json) ? '' : ', no JSON'}`}, so its API is not laid out as NaaP's, or not at ${look.origin}/api`,
        fill: "give target.api where it is elsewhere; or run init --discover with its OpenAPI document, or with a HAR of somebody using it. Until then NaaP's routes are asked",
      },
    ],
  };
}

async function lookForDocument(look: Look, documentPath: string): Promise<{ readonly document?: ReadDocument; readonly part: Part }> {
  const paths = documentPath === '/' ? OPENAPI : [documentPath, ...OPENAPI.filter((path) => path !== documentPath)];
  for (const path of paths) {
    const answer = await look.ask(path);
    const document = answer?.status === 200 ? readOpenapi(answer.json) : undefined;
    if (document === undefined) continue;
    const more: SurfaceOverrides = {
      ...(path === DEFAULTS.openapi?.path ? {} : { openapi: { path } }),
      ...(document.cookie === undefined || document.cookie === DEFAULTS.auth.cookie ? {} : { auth: { cookie: document.cookie } }),
    };
    return { document, part: { more, learned: [`${path} is its OpenAPI document, "${document.title}"`] } };
  }
  return {
    part: {
      unknown: [
        {
          field: 'surface.openapi.path',
          what: `where its OpenAPI document is: none at ${paths.join(', ')}`,
          fill: 'name its path, or null where there is none',
        },
      ],
    },
  };
}

async function lookAtLogin(look: Look): Promise<{ readonly login: Login; readonly answer?: Answer }> {
  const page = await look.ask('/login');
  const answer = page?.status === 200 || page?.leadsTo !== undefined ? page : ((await look.ask('/dashboard')) ?? page);
  if (answer?.leadsTo !== undefined)
    return { answer, login: { kind: 'oauth', providers: [new URL(answer.leadsTo).hostname], seen: `GET ${answer.path} redirects to ${answer.leadsTo}` } };
  const isPage = answer?.status === 200 && (LOGIN_PATH.test(answer.path) || /<input\b[^>]*type\s*=\s*["']?password/i.test(answer.text));
  const shown: Login = isPage
    ? loginOnPage(answer.path, answer.text)
    : { kind: 'unknown', providers: [], seen: `no login page at /login (${page?.status ?? 'no answer'})` };
  const listed = shown.kind === 'unknown' ? loginOfProviders((await look.ask('/api/auth/providers'))?.json) : undefined;
  return { login: listed ?? shown, ...(answer === undefined ? {} : { answer }) };
}

/** docs/configuration.md, "An application without a login of its own". */
const NO_PASSWORDS: SurfaceOverrides = { auth: { login: null }, endpoints: { 'auth.register': null, 'users.update': null, 'users.delete': null } };

function loginPart(login: Login, isNaap: boolean): Part {
  switch (login.kind) {
    case 'password':
      return {
        learned: [`people log in with a password: ${login.seen}`],
        unknown: [
          {
            field: 'auth.accounts',
            what: 'accounts to log in with',
            fill: 'one of each role and a second member; nobody else may use them. Name the variables with their passwords',
          },
        ],
      };
    case 'oauth':
      return {
        ...(isNaap ? { more: NO_PASSWORDS } : {}),
        learned: [`people log in elsewhere: ${login.seen}${isNaap ? '; so what needs a password of its own is taken out of the surface' : ''}`],
        unknown: [
          {
            field: 'auth.accounts',
            what: 'sessions: a machine cannot log in by OAuth',
            fill: 'save a storage state for each account with Playwright, or give a command that makes sessions (auth.kind: setup)',
          },
          {
            field: 'notApplicable',
            what: 'who answers for "it has no login of its own to limit"',
            fill: 'declare phase3.functionality.rate-limiting with reason, owner and until',
          },
        ],
      };
    case 'wall':
    case 'unknown':
      return { unknown: [{ field: 'auth', what: `how people log in: ${login.seen}`, fill: 'choose auth.kind: password, token, storageState or setup' }] };
    default:
      return login.kind satisfies never;
  }
}
