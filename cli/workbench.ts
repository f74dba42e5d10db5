// Wires the instruments of suites/ to an environment: what a check measures through. Made once for a run; called by run-gate.
import type {
  CheckContext,
  DualWriters,
  Environment,
  ExecutionScope,
  HttpClient,
  LoadEngine,
  OpenContext,
  Problem,
  Profile,
  Session,
  Subject,
  Workbench,
} from '../gates/model.ts';
import { createAccounts } from '../suites/instruments/accounts.ts';
import { resolveUrl } from '../suites/instruments/address.ts';
import { type SentRequest, createHttpClient } from '../suites/instruments/http.ts';
import { createDatabases } from '../suites/instruments/database/sessions.ts';
import { createSql } from '../suites/instruments/sql.ts';
import { probeEnvironment } from '../suites/instruments/probe.ts';
import { findWrongCommit } from './expected-commit.ts';
import { type SetUpCommand, setUpSessions } from './set-up-sessions.ts';

export interface WorkbenchOptions {
  readonly environment: Environment;
  readonly profile: Profile;
  readonly run: string;
  readonly engine: LoadEngine;
  /** See Workbench. */
  readonly undisturbed?: Workbench['undisturbed'];
  readonly clock: CheckContext['clock'] & { sleep(ms: number, signal: AbortSignal): Promise<void> };
  /** Aborted on Ctrl-C: logins shared by all checks stop with the run, not with one check. */
  readonly signal: AbortSignal;
  /** Keeps a secret that appeared while running (a session's token) out of everything that is stored. */
  readonly keepSecret: (name: string, value: string) => void;
  readonly setUp?: SetUpCommand | undefined;
  readonly dualWriters?: DualWriters | undefined;
  /** The commit that the application must have been built from. */
  readonly expectCommit?: string | undefined;
}

/** A cookie's value shorter than this is a word (`dark`, `true`), no key, and taking it out of reports would only spoil them. */
const SHORTEST_COOKIE = 12;

/** How long cleanups may go on sending after the check's own signal is aborted. */
const CLEANUP_MS = 10_000;

export function createWorkbench(options: WorkbenchOptions): Workbench & { close(): Promise<void> } {
  const { environment, signal } = options;
  const shared = client(environment, signal, () => undefined);
  const accounts = openAccounts(options, shared);
  return {
    probe: (probeSignal) => probe(options, probeSignal),
    open: (scope) => openContext(options, accounts, scope),
    undisturbed: options.undisturbed,
    close: () => shared.close(),
  };
}

function client(environment: Environment, signal: AbortSignal, onRequest: (request: SentRequest) => void): ReturnType<typeof createHttpClient> {
  return createHttpClient({ sides: environment, accessHeaders: environment.access.headers, ca: environment.access.ca, signal, onRequest });
}

async function probe({ environment, expectCommit }: WorkbenchOptions, signal: AbortSignal): Promise<{ subject: Subject; problems: readonly Problem[] }> {
  if (environment.untrusted?.withheld.includes('access') === true) return NOT_ASKED;
  const http = client(environment, signal, () => undefined);
  const sql = createSql({ databases: environment.databases, signal });
  try {
    const { subject, problems } = await probeEnvironment(environment, http, sql);
    // What is not the application, or cannot be reached, has no commit: one complaint is enough.
    const wrong = expectCommit === undefined || problems.some(({ scope }) => scope === 'all') ? undefined : findWrongCommit(subject, expectCommit);
    return { subject, problems: wrong === undefined ? problems : [wrong, ...problems] };
  } finally {
    await Promise.all([http.close(), sql.close()]);
  }
}

const NOT_ASKED: { readonly subject: Subject; readonly problems: readonly Problem[] } = {
  subject: { commit: null, deploymentId: null, schemaVersion: null },
  problems: [
    {
      code: 'UNTRUSTED',
      text: 'Every request needs access headers that are secret, and an untrusted run knows no secrets: nothing was sent.',
      remedy: 'Run without --untrusted once the code has been reviewed.',
      scope: 'all',
    },
  ],
};

/** Sessions of whatever kind, each kept out of what is stored before it is used. */
function openAccounts({ environment, clock, signal, setUp, keepSecret }: WorkbenchOptions, http: HttpClient): CheckContext['accounts'] {
  const keep = (account: string, { token, cookies = [] }: Pick<Session, 'token' | 'cookies'>): void => {
    if (token !== undefined) keepSecret(`session of ${account}`, token);
    for (const { name, value } of cookies)
      if (value.length >= SHORTEST_COOKIE || name === environment.surface.auth.cookie) keepSecret(`cookie ${name} of ${account}`, value);
  };
  for (const [account, known] of Object.entries(environment.accounts)) if ('session' in known && known.session !== undefined) keep(account, known.session);
  const accounts = createAccounts({
    environment,
    http,
    clock,
    signal,
    setUp:
      setUp &&
      (async () => {
        const sessions = await setUpSessions(setUp, signal);
        for (const [account, session] of sessions) keep(account, session);
        return sessions;
      }),
  });
  return {
    ...accounts,
    async session(account, side) {
      const session = await accounts.session(account, side);
      keep(account, session);
      return session;
    },
  };
}

function openContext(options: WorkbenchOptions, accounts: CheckContext['accounts'], scope: ExecutionScope): OpenContext {
  const { environment, profile, run, engine, clock } = options;
  const requests: SentRequest[] = [];
  const http = client(environment, scope.signal, (request) => void requests.push(request));
  const rescue = rescueClient(environment, (request) => void requests.push(request));
  let cleaning = false;
  const sending: HttpClient = {
    send: (request) => (cleaning ? rescue.client().send(request) : http.send(request)),
    get sent() {
      return requests.length;
    },
  };
  const sql = createSql({ databases: environment.databases, signal: scope.signal });
  const databases = createDatabases({ databases: environment.databases, signal: scope.signal });
  let offered = 0;
  const load: LoadEngine = {
    name: engine.name,
    async run(workload, onProgress, signal) {
      const result = await engine.run(workload, onProgress, signal);
      offered += result.sent;
      for (const { name, mediaType, content } of result.attachments ?? []) await scope.artifacts.put(`${scope.execution}/${name}`, mediaType, content);
      return result;
    },
  };
  const context: CheckContext = {
    profile,
    tag: `naap-gate-${run}`.toLowerCase(),
    surface: environment.surface,
    http: sending,
    sql,
    databases,
    mapping: environment.mapping,
    data: environment.data,
    queries: environment.queries,
    accounts,
    load,
    url: (path, side) => resolveUrl(environment, path, side),
    browser: environment.browser,
    access: { headers: environment.access.headers, ca: environment.access.ca },
    allow: environment.allow,
    notApplicable: Object.keys(environment.notApplicable),
    cleanup: (what, undo) =>
      scope.cleanup(what, () => {
        cleaning = true;
        return undo();
      }),
    clock,
    signal: scope.signal,
    artifacts: scope.artifacts,
    checkpoint: scope.checkpoint,
    dualWriters: options.dualWriters,
    log: scope.log,
  };
  return {
    context,
    requests: () => requests.length + offered,
    async close() {
      if (requests.length > 0)
        await scope.artifacts.put(
          `${scope.execution}/requests.ndjson`,
          'application/x-ndjson',
          `${requests.map((request) => JSON.stringify(request)).join('\n')}\n`,
        );
      await Promise.all([http.close(), rescue.close(), sql.close(), databases.close()]);
    },
  };
}

/** A client that a cleanup may use after the check was aborted; made only when one asks. */
function rescueClient(environment: Environment, onRequest: (request: SentRequest) => void): { client(): HttpClient; close(): Promise<void> } {
  let made: ReturnType<typeof createHttpClient> | undefined;
  return {
    client() {
      made ??= client(environment, AbortSignal.timeout(CLEANUP_MS), onRequest);
      return made;
    },
    async close() {
      await made?.close();
    },
  };
}
