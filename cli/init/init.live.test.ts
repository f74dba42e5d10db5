// `init --discover` on the twin: what it proposes is an environment that can be judged as it stands.
import { expect, test } from 'vitest';
import { startTwin } from '../../fixtures/twin/start.ts';
import { cacheFolder } from '../../scripts/cache-folder.mjs';
import { commandFolder, reportOf } from '../testing/command.ts';

test('on the twin it finds NaaP: health, routes, login; the proposal is a plan, and its first check passes', async () => {
  const twin = await startTwin({ cacheDir: cacheFolder({ env: process.env }), faults: [] });
  const commands = commandFolder();
  try {
    const looked = await commands.run(['init', '--discover', twin.target.web, '--ca', twin.caPath, '--json']);
    const findings = JSON.parse(looked.stdout) as { learned: string[]; login: { kind: string }; unknown: { field: string }[]; requests: unknown[] };
    expect(findings.login.kind).toBe('password');
    expect(findings.learned).toContain("68 routes: 68 of them NaaP's own, 0 more that can be asked as they are");
    expect(findings.requests.length).toBeLessThanOrEqual(20);
    expect(findings.unknown.map(({ field }) => field)).toContain('auth.accounts');
    const planned = await commands.run(['phase3', '--env', 'staging', '--dry-run']);
    expect(planned).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(twin.target.web) });
    const judged = await commands.run(['check', 'api-errors', '--env', 'staging', '--profile', 'pr', '--json', '--quiet']);
    const { report } = reportOf(judged);
    expect(report).toMatchObject({ gate: 'check-api-errors', problems: [], subject: { commit: expect.stringMatching(/^[0-9a-f]{7,}$/) } });
    expect(report.criteria.map(({ reason }) => reason.code)).not.toContain('CHECK_ERROR');
  } finally {
    commands.remove();
    await twin.stop();
  }
});
