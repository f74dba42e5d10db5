// The process that runs the journeys: Playwright's own test runner, told what to do by its one argument. Started by run-journeys.ts.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killProcessesIn } from './processes-in.ts';
import { JourneyOrders } from './protocol.ts';
import { whyNoVideo } from './video.ts';

const { folder, config, variables, workers, retries, testMs, totalMs } = JourneyOrders.parse(JSON.parse(process.argv[2] ?? ''));
const reporter = join(import.meta.dirname, `reporter${extname(import.meta.filename)}`);

// Whoever started it is gone, and with it whoever would have cleaned up.
process.once('disconnect', () => {
  killProcessesIn(folder);
  rmSync(folder, { recursive: true, force: true });
  process.kill(-process.pid, 'SIGKILL');
});
process.channel?.unref();

const without = whyNoVideo({
  folder: process.env['PLAYWRIGHT_BROWSERS_PATH'],
  caches: process.env['XDG_CACHE_HOME'],
  home: homedir(),
  platform: process.platform,
  list: (place) => (existsSync(place) ? readdirSync(place) : []),
});
process.send?.({ kind: 'video', ...(without === undefined ? {} : { without }) });

// Where Playwright keeps what it has compiled by itself: kept between runs, it saves seconds at each.
const compiled = process.env['PLAYWRIGHT_TRANSFORM_CACHE_DIR'] ?? join(tmpdir(), `playwright-transform-cache-${process.geteuid?.() ?? 'all'}`);
const temporary = join(folder, 'tmp');
mkdirSync(temporary, { recursive: true });
Object.assign(
  process.env,
  variables,
  { TMPDIR: temporary, PLAYWRIGHT_TRANSFORM_CACHE_DIR: compiled, NO_COLOR: '1' },
  without === undefined ? { NAAP_GATE_VIDEO: 'on' } : {},
);
delete process.env['FORCE_COLOR'];
const playwright = import.meta.resolve('@playwright/test/cli');
const options = {
  config,
  reporter,
  output: join(folder, 'output'),
  workers,
  retries,
  timeout: testMs,
  'global-timeout': totalMs,
  trace: 'retain-on-failure-and-retries',
};
process.argv = [process.execPath, fileURLToPath(playwright), 'test', ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)];
await import(playwright);
