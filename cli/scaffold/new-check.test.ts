// `new check` in a copy of the checkout: what it writes compiles, lints, is formatted and passes its own tests.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPY_MS = 60_000;
const NEW = ['suites/api/pulse-latency.check.ts', 'suites/api/pulse-latency.check.test.ts'];
const EDITED = ['suites/index.ts', 'gates/phases/phase3.ts', 'fixtures/faults/api.ts'];

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'naap-gate-scaffold-'));
  const left = ['node_modules', '.git', '.naap-gate'].map((name) => join(ROOT, name));
  cpSync(ROOT, copy, { recursive: true, filter: (path) => !left.includes(path) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const git = (...args: readonly string[]) => spawnSync('git', ['-c', 'user.email=a@b.dev', '-c', 'user.name=a', ...args], { cwd: copy });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'as it was');
}, COPY_MS);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

async function run(file: string, ...args: readonly string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [file, ...args], { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code: child.exitCode, out: out + err };
}
const newCheck = (...args: readonly string[]) => run(join(copy, 'cli/main.ts'), 'new', 'check', ...args);
const bin = (name: string): string => realpathSync(join(copy, 'node_modules/.bin', name));

test('a dry run names the files and writes none', async () => {
  const { code, out } = await newCheck('pulse-latency', '--dry-run');
  expect(out).toContain('Would write');
  for (const path of [...NEW, ...EDITED]) expect(out).toContain(path);
  expect(code).toBe(0);
  expect(existsSync(join(copy, NEW[0] ?? ''))).toBe(false);
});

test('what it writes compiles, lints, is formatted and passes its tests; a second time it is refused', { timeout: COPY_MS }, async () => {
  const written = await newCheck('pulse-latency', '--no-prove');
  expect(written).toMatchObject({ code: 0, out: expect.stringContaining('Not proven yet') });
  // Others may be at work in the checkout that was copied: only what this command wrote is looked at.
  const types = await run(bin('tsc'), '--pretty', 'false');
  expect(types.out.split('\n').filter((line) => [...NEW, ...EDITED].some((path) => line.startsWith(path)))).toEqual([]);
  expect(await run(bin('oxlint'), '--deny-warnings', ...NEW, ...EDITED)).toMatchObject({ code: 0 });
  expect(await run(bin('oxfmt'), '--check', ...NEW, ...EDITED)).toMatchObject({ code: 0 });
  const own = NEW.filter((path) => path.endsWith('.test.ts'));
  const tests = await run(bin('vitest'), 'run', ...own, 'fixtures/faults', 'cli/registers.test.ts');
  expect(tests).toMatchObject({ code: 0, out: expect.stringContaining('pulse-latency') });
  const registered = await run(bin('vitest'), 'run', 'suites/index.test.ts', '--testNamePattern', 'pulse-latency');
  expect(registered).toMatchObject({ code: 0, out: expect.stringContaining('2 passed') });
  expect(await newCheck('pulse-latency')).toMatchObject({ code: 2, out: expect.stringContaining('There is a check "pulse-latency" already.') });
});

test('where an edit would meet work that is not committed, nothing is written', async () => {
  appendFileSync(join(copy, 'gates/phases/phase3.ts'), '// mine\n');
  const { code, out } = await newCheck('forum-latency', '--path', '/api/v1/community/posts');
  expect(out).toContain('gates/phases/phase3.ts has changes that are not committed');
  expect(code).toBe(2);
  expect(existsSync(join(copy, 'suites/api/forum-latency.check.ts'))).toBe(false);
});
