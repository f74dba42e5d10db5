// A small site before and after its migration, page by page the same or otherwise on purpose: what visual-regression and bundle-size must tell apart. Used by cli/compared-pages.live.test.ts.
import { createHash } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

type SideName = 'target' | 'legacy';

function html(content: string): string {
  return `<!doctype html><html lang="en"><head><title>Shop</title><style>
    body { margin: 0; font: 16px/1.5 sans-serif; color: #123; background: #fff; }
    button { margin: 20px; padding: 8px 16px; border: 0; background: #0b6b4f; color: #fff; }
    @media (prefers-color-scheme: dark) { body { color: #def; background: #101418; } }
    @keyframes turn { to { transform: rotate(1turn); } } .turning { width: 40px; height: 40px; margin: 20px; background: #789; animation: turn 1s infinite linear; }
  </style></head><body>${content}</body></html>`;
}

/** Text that compression leaves nearly as long as it is. `bytes`: of the text. */
export function noise(bytes: number): string {
  return Array.from({ length: Math.ceil(bytes / 43) }, (_, index) => createHash('sha256').update(String(index)).digest('base64url'))
    .join('')
    .slice(0, bytes);
}

const BUTTON = '<p>Words that stay.</p><button>Buy</button>';
const THEMED = '<style>[data-theme=dark] p { background: #000; color: #fff; } @media (max-width: 600px) { #theme { display: none; } }</style>';
const IN_LIGHT = "<script>document.documentElement.dataset.theme = 'light';</script>";
/** By path, on each side; undefined: 404. */
const PAGES: Readonly<Record<string, (side: SideName) => string | undefined>> = {
  // What differs here by itself is frozen (an animation, the clock, a caret) or painted over.
  '/same': (side) =>
    html(
      `${BUTTON}<div class="turning"></div><input autofocus><p id="now"></p><script>now.textContent = String(Date.now());</script><p data-dynamic>${side === 'target' ? '17 visitors' : '23 visitors'}</p>`,
    ),
  '/moved': (side) => html(side === 'target' ? BUTTON.replace('<button', '<button style="margin-left: 22px"') : BUTTON),
  '/restless': () =>
    html(`${BUTTON}<p id="n"></p><script>let n = 0; setInterval(() => { document.getElementById('n').textContent = String(n++); }, 5);</script>`),
  '/blank': () => html(''),
  '/gone': (side) => (side === 'target' ? undefined : html(BUTTON)),
  '/new': (side) => (side === 'target' ? html(BUTTON) : undefined),
  '/heavier': (side) => html(`${BUTTON}<script src="/${side === 'target' ? 'heavy' : 'light'}.js"></script>`),
  '/not-compressed': (side) => html(`${BUTTON}<script src="/${side === 'target' ? 'plain' : 'compressed'}.js"></script>`),
  '/more-data': (side) => html(`${BUTTON}<script>fetch('/data?${side}').then((answer) => answer.json());</script>`),
  // Nobody reads what comes: the body never ends, as far as the browser is concerned.
  '/fetched-unread': (side) => html(`${BUTTON}${side === 'target' ? "<script>fetch('/light.js');</script>" : ''}`),
  // Neither follows the system; the first can be told otherwise, on screens that have room for its button.
  '/themed': (side) =>
    html(
      `${BUTTON}${THEMED}${IN_LIGHT}<button id="theme" onclick="document.documentElement.dataset.theme = 'dark'">Theme</button>${side === 'target' ? '<style>[data-theme=dark] p { color: #f00; }</style>' : ''}`,
    ),
  '/light-alone': () => html(`${BUTTON}${IN_LIGHT}`),
  // The guard of an application that runs in the browser: it asks who this is after the page has loaded.
  '/guarded': () => html(`${BUTTON}<script>setTimeout(() => history.replaceState(null, '', '/login'), 300);</script>`),
};
export const LIGHT_BYTES = 20_000;
const SCRIPTS: Readonly<Record<string, string>> = {
  '/light.js': `void '${noise(LIGHT_BYTES - 7)}'`,
  '/heavy.js': `void '${noise(LIGHT_BYTES * 1.2 - 7)}'`,
  '/plain.js': `void '${'a'.repeat(LIGHT_BYTES)}'`,
  '/compressed.js': `void '${'a'.repeat(LIGHT_BYTES)}'`,
};

export interface TwoSites {
  readonly target: string;
  readonly legacy: string;
  close(): Promise<void>;
}

/** `/api/health` too, so that they are known for an application. */
export async function openTwoSites(): Promise<TwoSites> {
  const [target, legacy] = [serve('target'), serve('legacy')];
  return {
    target: await listen(target),
    legacy: await listen(legacy),
    async close() {
      await Promise.all([target, legacy].map((server) => stop(server)));
    },
  };
}

function serve(side: SideName): Server {
  return createServer(({ url = '' }, response) => {
    const page = PAGES[url]?.(side);
    const script = SCRIPTS[url];
    if (page !== undefined) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    else if (script !== undefined && url === '/compressed.js')
      response.writeHead(200, { 'content-type': 'text/javascript', 'content-encoding': 'gzip' }).end(gzipSync(script));
    else if (script !== undefined) response.writeHead(200, { 'content-type': 'text/javascript', 'content-length': Buffer.byteLength(script) }).end(script);
    else if (url.startsWith('/data'))
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(noise(side === 'target' ? 50_000 : 10)));
    else if (url === '/api/health') response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing here');
  });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
