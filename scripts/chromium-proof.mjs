// Proves that a Chromium really works on this machine, by drawing a page with it: an executable file alone proves nothing.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A cold start on a busy machine takes a few seconds; a browser that takes longer is of no use to a measurement. */
const PROOF_TIMEOUT_MS = 30_000;
const PAGE = 'data:text/html,<title>drawn</title><h1>naap-gate</h1>';

/**
 * Speaks the DevTools protocol over two pipes: messages end with a NUL byte.
 * @param {import('node:stream').Writable} to
 * @param {import('node:stream').Readable} from
 */
function devTools(to, from) {
  let rest = '';
  let lastId = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  from.on('data', (chunk) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages.map((text) => JSON.parse(text))) {
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) call?.reject(new Error(message.error.message));
      else call?.resolve(message.result);
    }
  });
  /** @param {string} method @param {object} [params] @param {string} [sessionId] @returns {Promise<any>} */
  return (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
}

/** @param {(method: string, params?: object, sessionId?: string) => Promise<any>} call */
async function draw(call) {
  const { product } = await call('Browser.getVersion');
  const { targetId } = await call('Target.createTarget', { url: PAGE });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const { data } = await call('Page.captureScreenshot', { format: 'png' }, sessionId);
  if (!data) throw new Error('the screenshot is empty');
  return String(product).replace(/^.*\//, '');
}

/**
 * @param {string} path Of the browser's executable.
 * @param {number} [timeoutMs]
 * @returns {Promise<{ version: string } | { why: string }>} The version that drew the page, or why none did. Never throws.
 */
export async function proveChromium(path, timeoutMs = PROOF_TIMEOUT_MS) {
  const profile = mkdtempSync(join(tmpdir(), 'naap-gate-chromium-'));
  // --no-sandbox: containers and root have no user namespaces, and the page is our own.
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
  const child = spawn(path, [...args, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], detached: true });
  let told = '';
  child.stderr?.on('data', (chunk) => {
    told = (told + chunk).slice(-500);
  });
  const [, , , to, from] = child.stdio;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  try {
    const ended = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`drew nothing in ${timeoutMs / 1000} s`)), timeoutMs);
      child.on('error', reject);
      to?.on('error', reject);
      child.on('exit', (code, signal) => reject(new Error(`ended with ${signal ?? code}`)));
    });
    const drawn = draw(devTools(/** @type {import('node:stream').Writable} */ (to), /** @type {import('node:stream').Readable} */ (from)));
    return { version: await Promise.race([drawn, ended]) };
  } catch (error) {
    return { why: `${error instanceof Error ? error.message : error} ${told.trim()}`.trim() };
  } finally {
    clearTimeout(timer);
    await stop(child);
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Ends the browser with all its processes, and waits for it. @param {import('node:child_process').ChildProcess} child */
async function stop(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}
