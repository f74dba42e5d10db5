// A server with a health answer and a few routes, and the surface that describes it: an environment for the command line that starts at once.
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SmallServer {
  readonly web: string;
  readonly requests: readonly { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

export async function serve(listener: RequestListener): Promise<SmallServer> {
  const requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    web: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Version {
  commit: string;
  deploymentId: string;
}
/** What the application does besides; answers false where it leaves the request to the application. */
type Before = (...exchange: Parameters<RequestListener>) => boolean;

const NOBODY = { success: false, error: { code: 'UNAUTHORIZED', message: 'Who are you?' }, meta: {} };
const NOTHING = { success: false, error: { code: 'NOT_FOUND', message: 'There is nothing here.' }, meta: {} };

/** Answers `/api/health` with its version, `/api/ping` with the envelope, and knows nobody at `/api/me`. `version` may change under it. */
export function smallApplication(version: Version, before: Before = () => false): Promise<SmallServer> {
  return serve((request, response) => {
    if (before(request, response)) return;
    const answer = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const path = request.url?.split('?')[0];
    if (path === '/api/health') answer(200, { status: 'ok', version });
    else if (path === '/api/ping') answer(200, { success: true, data: { pong: 'yes' }, meta: {} });
    else if (path === '/api/me') answer(401, NOBODY);
    else answer(404, NOTHING);
  });
}

/** A whole surface, so nothing of NaaP's is asked. */
export const SMALL_SURFACE = {
  roles: ['member'],
  auth: { me: '/api/me', cookie: 'session', sessionSeconds: 3600, quotaPerMinute: 10 },
  health: { path: '/api/health', commit: '/version/commit', deploymentId: '/version/deploymentId' },
  endpoints: [{ id: 'ping', method: 'GET', path: '/api/ping', access: 'public', effect: 'read', expect: { status: [200], fields: { pong: 'string' } } }],
  pages: [],
  ownership: [],
};
