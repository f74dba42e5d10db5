// Stands before an application as a preview's deployment protection does: without its header everything is sent to a login page.
import { request as send } from 'node:https';
import { serve, type SmallServer } from './small-application.ts';

export const PROTECTION_HEADER = 'x-protection-bypass';

/** Plain HTTP before the twin's HTTPS. `ca`: PEM of its authority. */
export function protect(target: string, { ca, secret }: { readonly ca: string; readonly secret: string }): Promise<SmallServer> {
  return serve((request, response) => {
    if (request.headers[PROTECTION_HEADER] !== secret) {
      response.writeHead(302, { location: 'https://vercel.test/sso-api?url=somewhere' }).end();
      return;
    }
    const { [PROTECTION_HEADER]: _secret, ...headers } = request.headers;
    const { host } = new URL(target);
    const onward = send(new URL(request.url ?? '/', target), { method: request.method, headers: { ...headers, host }, ca }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
}
