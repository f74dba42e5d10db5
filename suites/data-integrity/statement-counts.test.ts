import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CheckContext, Endpoint, HttpRequest, Measurement } from '../../gates/model.ts';
import { statementCounts } from './statement-counts.check.ts';
import { type TwoDatabases, firstRound, twoDatabases } from './testing/two-servers.ts';

const TABLES = `
CREATE TABLE "User" (id int PRIMARY KEY);
CREATE TABLE "Post" (id int PRIMARY KEY, "authorId" int);
INSERT INTO "User" SELECT generate_series(1, 60);
INSERT INTO "Post" SELECT i, i FROM generate_series(1, 60) i;
`;
const EXTENSION = 'CREATE EXTENSION pg_stat_statements;';

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({ legacy: EXTENSION + TABLES, target: `${EXTENSION} CREATE SCHEMA shop; SET search_path TO shop; ${TABLES}` });
}, 60_000);
afterAll(() => two.close());
beforeEach(() => two.reset());

const read = (id: string, more: Partial<Endpoint> = {}): Endpoint => ({
  id,
  method: 'GET',
  path: `/api/${id}`,
  access: 'public',
  effect: 'read',
  expect: { status: [200] },
  ...more,
});

type Side = 'legacy' | 'target';
/** An application of three routes over real databases: `joined`, `looped` on the sides that are named, and one that asks for nothing. */
function application(loopedOn: readonly Side[], status = 200): Partial<CheckContext> {
  const send = async ({ path, side = 'target' }: HttpRequest) => {
    const { pathname, searchParams } = new URL(path, 'http://shop');
    const limit = Number(searchParams.get('limit'));
    const { rows } = await two.run(side, `SELECT p.id, p."authorId" FROM "Post" p ORDER BY id LIMIT ${limit}`);
    if (pathname === '/api/looped' && loopedOn.includes(side))
      for (const { authorId } of rows) await two.run(side, `SELECT id FROM "User" WHERE id = ${authorId}`);
    return { status, headers: {}, text: '', json: { data: { posts: rows } }, durationMs: 1 };
  };
  return {
    http: { send, sent: 0 },
    url: (path) => `http://shop${path}`,
    surface: {
      endpoints: [read('joined'), read('looped'), read('written', { method: 'POST' }), read('one', { path: '/api/one/{id}', params: { id: '@made' } })],
    } as unknown as CheckContext['surface'],
  };
}

async function counted(context: Partial<CheckContext>, databases = two.databases): Promise<Readonly<Record<string, Measurement>>> {
  const all = await firstRound(statementCounts, databases, { context });
  return Object.fromEntries(all.map((one) => [one.labels.side ?? '', one]));
}
const items = (one: Measurement | undefined) => (one?.payload.shape === 'set' ? one.payload.items : undefined);

test('a route that asks for each row of its answer is named with the statement, and one that joins is not', async () => {
  const { target, legacy } = await counted(application(['target']));
  expect(items(legacy)).toEqual([]);
  expect(items(target)).toEqual([
    { key: 'GET /api/looped', detail: 'One statement is sent 50 times for 50 rows. For 1 row: 1. SELECT id FROM "User" WHERE id = $1' },
  ]);
  expect([target?.n, target?.instrument.healthy, legacy?.n, legacy?.instrument.healthy]).toEqual([2, true, 2, true]);
});

test('what the legacy side does as well is found on both sides under the same key', async () => {
  const { target, legacy } = await counted(application(['target', 'legacy']));
  expect(items(target)?.map(({ key }) => key)).toEqual(items(legacy)?.map(({ key }) => key));
});

test("statements of others that come now and then are not the request's", async () => {
  const app = application([]);
  let sent = 0;
  const http: CheckContext['http'] = {
    sent: 0,
    async send(request) {
      const answer = await app.http?.send(request);
      sent += 1;
      if (sent % 3 === 0) for (let other = 0; other < 40; other += 1) await two.run('target', 'SELECT count(*) FROM "User"');
      if (answer === undefined) throw new Error('no application');
      return answer;
    },
  };
  expect(items((await counted({ ...app, http }))['target'])).toEqual([]);
});

test('without the legacy application the target is counted alone, and it says so', async () => {
  const app = application([]);
  const { target, legacy } = await counted({
    ...app,
    url: (path, side) => {
      if (side === 'legacy') throw new Error('FOREIGN_ORIGIN');
      return path;
    },
  });
  expect([legacy, items(target), target?.instrument]).toEqual([
    undefined,
    [],
    expect.objectContaining({ healthy: true, facts: expect.objectContaining({ legacyNotCounted: 'the environment has no live legacy side' }) }),
  ]);
});

test('where the target counts no statements, nothing is known, and it says what to do', async () => {
  await two.run('target', 'DROP EXTENSION pg_stat_statements');
  await two.run('legacy', 'DROP EXTENSION pg_stat_statements');
  const { target } = await counted(application([]));
  expect([target?.n, target?.instrument]).toEqual([
    0,
    expect.objectContaining({ healthy: false, why: expect.stringMatching(/naap_production counts no statements: CREATE EXTENSION/u) }),
  ]);
});

test('a role that may not see the statements of others cannot tell, and says what it needs', async () => {
  await two.run(
    'target',
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'narrow') THEN CREATE ROLE narrow LOGIN PASSWORD 'x'; END IF; END $$`,
  );
  const url = new URL(two.databases.target?.url ?? '');
  url.username = 'narrow';
  url.password = 'x';
  const { target } = await counted(application(['target']), { ...two.databases, target: { url: url.href } });
  expect(target?.instrument).toMatchObject({ healthy: false, why: expect.stringMatching(/hidden from our role.*GRANT pg_read_all_stats/u) });
});

test('an application on another server is not found to cost nothing', async () => {
  const app = application([]);
  const http: CheckContext['http'] = { sent: 0, send: async () => ({ status: 200, headers: {}, text: '', json: [1, 2, 3, 4, 5, 6], durationMs: 1 }) };
  expect((await counted({ ...app, http }))['target']?.instrument).toMatchObject({
    healthy: false,
    why: expect.stringMatching(/not counted with a single statement|uses another server/u),
  });
});

test('a route that does not answer is not counted as one without an N+1', async () => {
  const { target } = await counted(application([], 500));
  expect(target?.instrument.healthy).toBe(false);
  expect(target?.n).toBe(0);
});
