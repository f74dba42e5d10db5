// Stands before an application as a preview's deployment protection does: without its header everything is sent to a login page.
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { getCACertificates } from 'node:tls';
import { Agent, type Dispatcher, request as send } from 'undici';
import { serve, type SmallServer } from './small-application.ts';

export const PROTECTION_HEADER = 'x-protection-bypass';

/** Plain HTTP before the twin's HTTPS. `ca`: PEM of its authority. Bodies are handed on whole, as a proxy with a buffer does. */
export async function protect(target: string, { ca, secret }: { readonly ca: string; readonly secret: string }): Promise<SmallServer> {
  const agent = new Agent({ connect: { ca: [...getCACertificates('default'), ca] } });
  const server = await serve((request, response) => {
    if (request.headers[PROTECTION_HEADER] !== secret) {
      response.writeHead(302, { location: 'https://vercel.test/sso-api?url=somewhere' }).end();
      return;
    }
    handOn(request, new URL(request.url ?? '/', target), agent).then(
      ({ statusCode, headers, text }) => response.writeHead(statusCode, headers).end(text),
      () => response.writeHead(502).end(),
    );
  });
  return { ...server, close: async () => void (await Promise.all([server.close(), agent.destroy()])) };
}

/** Headers of one connection alone (RFC 9110 §7.6.1), and those that belong to this door. */
const LEFT_OUT = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', PROTECTION_HEADER];

async function handOn(request: IncomingMessage, url: URL, dispatcher: Agent): Promise<{ statusCode: number; headers: OutgoingHttpHeaders; text: Buffer }> {
  const body = await buffer(request);
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !LEFT_OUT.includes(name)));
  const answer = await send(url, { dispatcher, method: request.method as Dispatcher.HttpMethod, headers, body: body.length === 0 ? null : body });
  const told = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !LEFT_OUT.includes(name)));
  return { statusCode: answer.statusCode, headers: told, text: Buffer.from(await answer.body.arrayBuffer()) };
}
