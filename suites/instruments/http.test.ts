import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeCertificates } from '../../fixtures/twin/certificates.ts';
import type { GateError, HttpClient } from '../../gates/model.ts';
import { watchHttp } from './http-health.ts';
import { createHttpClient } from './http.ts';
import type { HttpClientOptions, SentRequest } from './http.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

interface Opened {
  readonly http: HttpClient;
  readonly told: SentRequest[];
}
function open(web: string, more: Partial<HttpClientOptions> = {}): Opened {
  const told: SentRequest[] = [];
  const http = createHttpClient({
    sides: { target: { web, api: `${web}/api` } },
    accessHeaders: { 'x-bypass': 'open sesame' },
    ca: undefined,
    signal: new AbortController().signal,
    onRequest: (request) => void told.push(request),
    ...more,
  });
  opened.push(() => http.close());
  return { http, told };
}

async function catchError(promise: Promise<unknown>): Promise<GateError> {
  return promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: GateError) => error,
  );
}

/** A port that nothing listens on: taken, then given back. */
async function findFreePort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('an answer comes with status, lower-case headers, text and JSON, and is told without its query', async () => {
  const web = await serve((request, response) => {
    response.setHeader('Set-Cookie', ['a=1', 'b=2']).setHeader('X-Echo', `${request.headers['x-bypass']}, ${request.headers.authorization}`);
    response.end(JSON.stringify({ url: request.url }));
  });
  const { http, told } = open(web);
  const session = { account: 'member', role: 'member', email: 'm@example.com', userId: '1', token: 'secret-token' };
  const response = await http.send({ path: '/api/v1/x?token=secret', as: session });
  expect(response).toMatchObject({
    status: 200,
    json: { url: '/api/v1/x?token=secret' },
    headers: { 'set-cookie': 'a=1\nb=2', 'x-echo': 'open sesame, Bearer secret-token' },
  });
  expect(told).toMatchObject([{ side: 'target', method: 'GET', path: '/api/v1/x?…', status: 200, error: undefined }]);
  expect(http.sent).toBe(1);
});

test('bodies go as JSON, or raw as they stand', async () => {
  const web = await serve((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (chunk: string) => (body += chunk)).on('end', () => response.end(JSON.stringify({ type: request.headers['content-type'], body })));
  });
  const { http } = open(web);
  expect((await http.send({ path: '/api/x', method: 'POST', body: { a: 1 } })).json).toEqual({ type: 'application/json', body: '{"a":1}' });
  expect((await http.send({ path: '/api/x', method: 'POST', rawBody: '{"a": ' })).json).toEqual({ type: 'application/json', body: '{"a": ' });
});

test('a body that is no JSON leaves json undefined', async () => {
  const { http } = open(await serve((_, response) => response.end('<html>')));
  expect(await http.send({ path: '/' })).toMatchObject({ status: 200, text: '<html>', json: undefined });
});

test('a redirect is an answer and is not followed', async () => {
  let asked = 0;
  const { http } = open(
    await serve((_, response) => {
      asked += 1;
      response.writeHead(302, { location: 'https://elsewhere.test/' }).end();
    }),
  );
  expect(await http.send({ path: '/' })).toMatchObject({ status: 302, headers: { location: 'https://elsewhere.test/' } });
  expect(asked).toBe(1);
});

test('an API base elsewhere gets the /api paths, the pages keep the rest', async () => {
  const [web, api] = [await serve((_, response) => response.end('"pages"')), await serve((request, response) => response.end(JSON.stringify(request.url)))];
  const { http } = open(web, { sides: { target: { web, api: `${api}/base/api` } } });
  expect((await http.send({ path: '/api/v1/x' })).json).toBe('/base/api/v1/x');
  expect((await http.send({ path: '/apis' })).json).toBe('pages');
});

test.each(['https://elsewhere.test/x', 'elsewhere', 'http://127.0.0.1:1/x', 'file:///etc/passwd'])('%s is a foreign origin: nothing is sent', async (path) => {
  const { http, told } = open(await serve((_, response) => response.end()));
  expect(await catchError(http.send({ path }))).toMatchObject({ code: 'FOREIGN_ORIGIN' });
  expect({ told, sent: http.sent }).toEqual({ told: [], sent: 0 });
});

test.each(['//elsewhere.test/x', '/\\elsewhere.test/x', '/@elsewhere.test/x'])('%s stays at home, though it looks like another host', async (path) => {
  const { http } = open(await serve((_, response) => response.end('"home"')));
  expect((await http.send({ path })).json).toBe('home');
});

test('a side that the environment has not is refused with the remedy', async () => {
  const { http } = open(await serve((_, response) => response.end()));
  expect(await catchError(http.send({ path: '/', side: 'legacy' }))).toMatchObject({
    code: 'FOREIGN_ORIGIN',
    remedy: 'Add `legacy: { web, api }` to the environment.',
  });
});

test('access headers go to the target alone', async () => {
  const echo: RequestListener = (request, response) => response.end(JSON.stringify(request.headers['x-bypass'] ?? null));
  const [web, legacy] = [await serve(echo), await serve(echo)];
  const { http } = open(web, { sides: { target: { web, api: `${web}/api` }, legacy: { web: legacy, api: `${legacy}/api` } } });
  expect((await http.send({ path: '/' })).json).toBe('open sesame');
  expect((await http.send({ path: '/', side: 'legacy' })).json).toBeNull();
});

test('no answer in time is told with the limit', async () => {
  const { http, told } = open(await serve(() => undefined));
  const error = await catchError(http.send({ path: '/api/slow', timeoutMs: 50 }));
  expect(error).toMatchObject({
    code: 'TARGET_UNREACHABLE',
    message: expect.stringMatching(/^GET http:\/\/127\.0\.0\.1:\d+\/api\/slow did not answer within 50 ms\.$/),
  });
  expect(told).toMatchObject([{ status: undefined, error: error.message }]);
});

test('a body that never ends is cut off, by time or by size', async () => {
  const web = await serve((request, response) => {
    response.write('x');
    if (request.url === '/large') response.end(Buffer.alloc(9 * 1024 * 1024));
  });
  const { http } = open(web);
  expect(await catchError(http.send({ path: '/drip', timeoutMs: 50 }))).toMatchObject({ message: expect.stringContaining('did not answer within 50 ms') });
  expect(await catchError(http.send({ path: '/large' }))).toMatchObject({ code: 'TARGET_NOT_THE_APP', message: expect.stringContaining('more than 8 MiB') });
});

test('a refused connection, an unknown host and a broken connection are each told in words', async () => {
  const port = await findFreePort();
  expect(await catchError(open(`http://127.0.0.1:${port}`).http.send({ path: '/' }))).toMatchObject({
    code: 'TARGET_UNREACHABLE',
    message: `GET http://127.0.0.1:${port}/ refused the connection (nothing listens there) (ECONNREFUSED).`,
    remedy: 'Check that it is running and that host and port are right.',
  });
  expect((await catchError(open('http://naap-gate.invalid').http.send({ path: '/' }))).message).toMatch(/DNS/);
  const broken = await serve((request) => void request.socket.destroy());
  expect((await catchError(open(broken).http.send({ path: '/' }))).message).toMatch(/closed the connection before it answered/);
});

const NOW = new Date();
test.each([
  ['that nobody vouches for', '127.0.0.1', NOW, false, 'nobody here vouches for'],
  ['for another name', '0.0.0.0', NOW, true, 'for another host name'],
  ['that has expired', '127.0.0.1', new Date('2020-01-01'), true, 'that has expired'],
])('a certificate %s is told in words', async (_, host, issued, trusted, words) => {
  const { ca, certificate, key } = await makeCertificates(issued);
  const port = await listen(createTlsServer({ cert: certificate, key }, (_request, response) => response.end()));
  const { http } = open(`https://${host}:${port}`, { ca: trusted ? ca : undefined });
  const error = await catchError(http.send({ path: '/' }));
  expect(error).toMatchObject({ code: 'TARGET_UNREACHABLE', message: expect.stringContaining(words) });
  expect(error.remedy).toBeTruthy();
});

test('a certificate of an authority that the environment names is trusted', async () => {
  const { ca, certificate, key } = await makeCertificates();
  const port = await listen(createTlsServer({ cert: certificate, key }, (_, response) => response.end('"safe"')));
  expect((await open(`https://127.0.0.1:${port}`, { ca }).http.send({ path: '/' })).json).toBe('safe');
});

test('plain HTTP behind an https:// address is told in words', async () => {
  const web = await serve((_, response) => response.end());
  expect((await catchError(open(web.replace('http:', 'https:')).http.send({ path: '/' }))).message).toMatch(/does not speak TLS on this port/);
});

test('requests leave no faster than the cap', async () => {
  const { http } = open(await serve((_, response) => response.end()), { maxRps: 50 });
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: 11 }, () => http.send({ path: '/' })));
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(195);
});

test('when the run is aborted, its reason comes through, and later requests are not sent', async () => {
  const abort = new AbortController();
  const reason = new Error('interrupted');
  const { http, told } = open(await serve(() => abort.abort(reason)), { signal: abort.signal });
  await expect(http.send({ path: '/' })).rejects.toBe(reason);
  await expect(http.send({ path: '/' })).rejects.toBe(reason);
  expect(told).toMatchObject([{ error: 'aborted by this run' }]);
});

test('the instrument is healthy when the application fails, and says what it saw', async () => {
  const watched = watchHttp(open(await serve((_, response) => response.writeHead(500).end())).http);
  await watched.send({ path: '/' });
  watched.stop();
  expect(watched.instrument()).toMatchObject({ name: 'http', healthy: true, facts: { answered: 1, unanswered: 0 } });
  expect(() => watched.requireAnswers()).not.toThrow();
});

test('the instrument is sick when this machine could not send', async () => {
  const full = Object.assign(new Error('too many open files'), { code: 'EMFILE' });
  const watched = watchHttp({ sent: 1, send: () => Promise.reject(new Error('GET http://x/ was not asked', { cause: full })) });
  await catchError(watched.send({ path: '/' }));
  watched.stop();
  expect(watched.instrument()).toMatchObject({ healthy: false, why: 'this machine could not send: EMFILE 1 times' });
  expect(() => watched.requireAnswers()).toThrow('GET http://x/ was not asked');
});

test('cookies of a session go where they belong, beside those of the request itself', async () => {
  const web = await serve((request, response) =>
    response.end(JSON.stringify({ cookie: request.headers.cookie ?? null, authorization: request.headers.authorization ?? null })),
  );
  const { http } = open(web);
  const stored = { path: '/', expires: -1, httpOnly: true, secure: true, sameSite: 'Lax' } as const;
  const cookies = [
    { ...stored, name: 'sid', value: 'abc', domain: '127.0.0.1' },
    { ...stored, name: 'provider', value: 'xyz', domain: '.github.com' },
  ];
  const session = { account: 'member', role: 'member', email: 'm@example.com', userId: '1', cookies };
  expect((await http.send({ path: '/api/x', as: session })).json).toEqual({ cookie: 'sid=abc', authorization: null });
  expect((await http.send({ path: '/api/x', as: session, headers: { cookie: 'csrf=1' } })).json).toEqual({ cookie: 'sid=abc; csrf=1', authorization: null });
});
