// The journeys by hand, on a configured environment: `playwright test` as a process, beside what a killed run left and a test of the user's own.
import { type SpawnSyncReturns, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Twin, startTwin } from '../fixtures/twin/start.ts';
import { type TwinClient, clientOf } from '../fixtures/twin/testing/client.ts';
import { cacheFolder } from './cache-folder.mjs';

const CONFIG = fileURLToPath(new URL('../playwright.config.ts', import.meta.url));
/** Finds nothing unless it is run with the configured address and a page that trusts it. */
const OWN_TEST = `import { test } from '@playwright/test';
test('my own way to load a plugin', async ({ page }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Continue with email' }).waitFor();
});
`;

let folder: string;
let twin: Twin;
let client: TwinClient;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'naap-gate-by-hand-test-'));
  twin = await startTwin({ cacheDir: cacheFolder({ env: process.env }), faults: [], rateWindowSeconds: 1 });
  client = clientOf(twin);
  const surface = { auth: { quotaWindowSeconds: 1 }, web: { journeys: { 'plugin-load': { spec: 'own.spec.ts' } } } };
  const accounts = { member: { email: twin.accounts.member.email, password: { env: 'MEMBER_PASSWORD' }, role: 'member' } };
  const staging = { target: { web: twin.target.web }, access: { ca: twin.caPath }, auth: { kind: 'password', accounts }, allow: ['read', 'write'], surface };
  writeFileSync(join(folder, 'naap-gate.config.json'), JSON.stringify({ environments: { staging } }));
  writeFileSync(join(folder, 'own.spec.ts'), OWN_TEST);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(folder, 'node_modules', '@playwright'), { recursive: true });
  symlinkSync(dirname(fileURLToPath(import.meta.resolve('@playwright/test/cli'))), join(folder, 'node_modules', '@playwright', 'test'));
});
afterAll(async () => {
  await client.close();
  await twin.stop();
  rmSync(folder, { recursive: true });
});

async function playwright(...args: readonly string[]): Promise<Pick<SpawnSyncReturns<string>, 'status' | 'stdout'>> {
  const cli = fileURLToPath(import.meta.resolve('@playwright/test/cli'));
  const env = { ...process.env, NAAP_GATE_ENV: 'staging', MEMBER_PASSWORD: twin.accounts.member.password, NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = spawn(process.execPath, [cli, 'test', '--config', CONFIG, '--output', join(folder, 'output'), ...args], { cwd: folder, env });
  let stdout = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout };
}

test('journeys run by hand on a configured environment, clear up after a killed run and after themselves, and take tests of the user’s own', async () => {
  const token = await client.login('member');
  const asMember = { token, method: 'POST' } as const;
  await client.ask('/api/v1/community/posts', { ...asMember, body: { title: 'naap-gate-killed-cp00', body: 'Left by a run that was killed.' } });
  await client.ask('/api/v1/auth/profile', { token, method: 'PATCH', body: { displayName: 'naap-gate-killed-su00' } });

  const { status, stdout } = await playwright('--workers', '1', 'settings-update', 'own.spec');

  expect([status, stdout]).toEqual([0, expect.stringContaining('2 passed')]);
  expect(stdout).toContain('my own way to load a plugin');
  const posts = (await client.ask('/api/v1/community/posts')).text;
  const me = (await client.ask('/api/v1/auth/me', { token })).json;
  expect([posts.includes('naap-gate-'), me.data.user.displayName]).toEqual([false, 'Account member']);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('naap-gate-journeys-by-hand-'))).toEqual([]);
}, 300_000);
