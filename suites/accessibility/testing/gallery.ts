// A small site of pages that have each their mistakes, and of one that has none: what the check must tell apart. Used by cli/accessibility.live.test.ts.
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const HEALTHY = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Gallery</title>
    <style>
      body { background: #fff; color: #111; font: 1rem sans-serif; }
      a { color: #003a8c; } .soft, .other { color: #444; }
      :focus-visible { outline: 3px solid #003a8c; }
      button { background: #003a8c; color: #fff; border: 0; }
      @media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } a { color: #9cf; } .soft, .other { color: #ccc; } :focus-visible { outline-color: #9cf; } dialog { background: #222; color: #eee; } }
    </style>
  </head>
  <body>
    <header><a id="skip" href="#main">To the content</a></header>
    <main id="main">
      <h1>Gallery</h1>
      <p class="soft">Quiet words</p>
      <p class="other">Other words</p>
      <p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" width="20" height="20" alt="A dot"></p>
      <form><label for="name">Name</label> <input id="name"> <button type="button" id="send">Send</button></form>
      <div id="box">Figure 81 %</div>
      <p><button type="button" id="open">Open</button> <a id="end" href="#skip">Back to the top</a></p>
      <dialog aria-labelledby="question"><h2 id="question">Question</h2><p class="asked">Yes or no?</p><button type="button" id="close">Close</button></dialog>
    </main>
    <script>
      const dialog = document.querySelector('dialog');
      document.getElementById('open').addEventListener('click', () => dialog.showModal());
      document.getElementById('close').addEventListener('click', () => dialog.close());
    </script>
  </body>
</html>
`;

const PAGES: Readonly<Record<string, string>> = {
  '/healthy': HEALTHY,
  '/names': changed(
    ['<html lang="en">', '<html>'],
    ['initial-scale=1', 'initial-scale=1, user-scalable=no'],
    ['<a id="skip"', '<a id="skip" aria-hidden="true"'],
    ['<p class="other">', '<p class="other" role="subtitle">'],
    [' alt="A dot"', ''],
    ['<label for="name">Name</label>', 'Name'],
  ),
  '/colours': changed(
    ['.soft, .other { color: #444; }', '.soft { color: #999; } .other { color: #444; } .asked { color: #aaa; }'],
    ['.soft, .other { color: #ccc; }', '.soft { color: #ccc; } .other { color: #555; } .asked { color: #ccc; }'],
  ),
  '/focus': changed(['button {', '#send:focus-visible { outline: none; } button {'], ['<a id="end"', '<a id="end" tabindex="1"']),
  '/trap': changed([
    '<script>',
    `<script>document.getElementById('send').addEventListener('keydown', (event) => { if (event.key === 'Tab') { event.preventDefault(); document.getElementById('skip').focus(); } });`,
  ]),
  '/layout': changed([
    '</style>',
    'form { min-width: 340px; } @media (max-width: 321px) { #send { display: none; } } #box { height: 24px; overflow: hidden; animation: drift 2s infinite; } @keyframes drift { to { translate: 4px; } }</style>',
  ]),
  '/dialog': changed(['dialog.showModal()', `dialog.setAttribute('open', '')`]),
};

/** Throws where there is nothing to replace: a mistake that is not made would look like one that nobody finds. */
function changed(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((html, [from, to]) => {
    if (!html.includes(from)) throw new Error(`The gallery has no ${from}`);
    return html.replace(from, () => to);
  }, HEALTHY);
}

export interface Gallery {
  readonly origin: string;
  close(): Promise<void>;
}

/** `/api/health` too, so that it is known for an application; `/moved` leads to `/healthy`. */
export async function openGallery(): Promise<Gallery> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/moved') return response.writeHead(302, { location: '/healthy' }).end();
    const body = request.url === '/api/health' ? '{"status":"ok"}' : PAGES[request.url ?? ''];
    const type = request.url === '/api/health' ? 'application/json' : 'text/html; charset=utf-8';
    return response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body ?? 'Nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
