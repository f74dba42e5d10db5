// Which way is chosen between real databases, by the link as it is measured: a busy machine is a slow link, so this needs the machine to itself.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArtifactStore, Environment } from '../../../gates/model.ts';
import { rowContents } from '../row-contents.check.ts';
import { type SlowLink, slowLink } from '../testing/slow-link.ts';
import { type TwoDatabases, measureData, twoDatabases } from '../testing/two-servers.ts';

/** Just large enough for the network to be measured: over 100 000 rows and 32 MiB. */
const LARGE = 'CREATE TABLE large (id int PRIMARY KEY, label text); INSERT INTO large SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, 110000) i';
let two: TwoDatabases;
let link: SlowLink;
beforeAll(async () => {
  two = await twoDatabases({
    legacy: `${LARGE}; ANALYZE large`,
    target: `CREATE SCHEMA shop; SET search_path TO shop; ${LARGE}; ANALYZE large; UPDATE large SET label = 'x' WHERE id = 77777`,
  });
  const { hostname, port } = new URL(two.databases.target?.url ?? '');
  link = await slowLink({ host: hostname, port: Number(port) }, 2_000_000);
}, 120_000);
afterAll(async () => {
  await link.close();
  await two.close();
});

async function compare(databases: Environment['databases']): Promise<{ readonly how: string; readonly keys: readonly string[] }> {
  const written: string[] = [];
  const artifacts: ArtifactStore = {
    async put(_name, _type, bytes) {
      written.push(String(bytes));
      return '0'.repeat(64);
    },
  };
  const measured = await measureData(rowContents, databases, { context: { artifacts } });
  const payload = measured.get('data.content-differences')?.payload;
  if (payload?.shape !== 'set') throw new Error('no set was measured');
  return { how: /"how": "(.*)"/u.exec(written.join())?.[1] ?? '', keys: payload.items.map(({ key }) => key) };
}

test('beside the servers the bytes are compared', { timeout: 60_000 }, async () => {
  expect(await compare(two.databases)).toEqual({ how: 'by id', keys: ['shop.large[id=77777].label'] });
});

test('over a slow network sums of row hashes are, the report says why, and the same is found', { timeout: 60_000 }, async () => {
  const slow = new URL(two.databases.target?.url ?? '');
  slow.port = String(link.port);
  const { how, keys } = await compare({ ...two.databases, target: { url: slow.href } });
  expect(how).toMatch(/^by id, by sums of row hashes \(\d\.\d MB\/s from each side, \d+ ms there and back\)$/u);
  expect(keys).toEqual(['shop.large[id=77777].label']);
});
