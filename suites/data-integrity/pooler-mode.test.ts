import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Measurement } from '../../gates/model.ts';
import { poolerMode } from './pooler-mode.check.ts';
import { type PoolMode, startPooler } from './testing/pooler.ts';
import { type TwoDatabases, firstRound, twoDatabases } from './testing/two-servers.ts';

let two: TwoDatabases;
beforeAll(async () => {
  two = await twoDatabases({ legacy: 'SELECT 1', target: 'CREATE SCHEMA shop' });
}, 60_000);
afterAll(() => two.close());

const ALL = ['transactions', 'prepared-statements', 'session-settings', 'advisory-locks'] as const;

async function through(mode: PoolMode | 'none', reliesOn: readonly (typeof ALL)[number][] = ALL): Promise<Measurement> {
  const url = two.databases.target?.url ?? '';
  const pooler = mode === 'none' ? undefined : await startPooler(url, mode);
  try {
    const [measurement] = await firstRound(poolerMode, { target: { url, pooled: pooler?.url ?? url } }, { options: { reliesOn: [...reliesOn], others: 2 } });
    if (measurement === undefined) throw new Error('nothing was measured');
    return measurement;
  } finally {
    await pooler?.close();
  }
}
const cases = ({ payload }: Measurement) =>
  payload.shape === 'cases' ? Object.fromEntries(payload.cases.map(({ id, state, detail }) => [id, state === 'ok' ? 'ok' : detail])) : {};

test.each<PoolMode | 'none'>(['none', 'session'])('with a connection of its own (%s) a session keeps everything', async (mode) => {
  expect(cases(await through(mode))).toEqual(Object.fromEntries(ALL.map((trait) => [trait, 'ok'])));
});

test('in transaction mode a session keeps its transactions, and loses statements, settings and locks: each is named', async () => {
  expect(cases(await through('transaction'))).toEqual({
    transactions: 'ok',
    'prepared-statements': expect.stringMatching(/prepared statement/u),
    'session-settings': expect.stringMatching(/SET/u),
    'advisory-locks': expect.stringMatching(/advisory lock/u),
  });
});

test('in statement mode not even a transaction holds', async () => {
  expect(cases(await through('statement', ['transactions']))).toEqual({ transactions: expect.stringMatching(/different server connections|transaction/iu) });
});

test('what the application does not rely on is told as a fact and fails nothing', async () => {
  const measurement = await through('transaction', ['transactions']);
  expect([cases(measurement), measurement.n]).toEqual([{ transactions: 'ok' }, 1]);
  expect(measurement.instrument.facts).toMatchObject({ 'notReliedOn:session-settings': expect.stringMatching(/SET/u) });
});

test('a pooler that is not there is an error, never a pass', async () => {
  const pooled = 'postgresql://naap@127.0.0.1:1/x';
  await expect(firstRound(poolerMode, { target: { url: pooled, pooled } })).rejects.toThrow(/through its pooler/u);
});
