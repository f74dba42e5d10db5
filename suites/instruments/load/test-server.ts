// Main file of the server that the engine's tests load: each path behaves in one way, and it counts what it got.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let requests = 0;
const server = createServer((request, response) => {
  requests += 1;
  switch (new URL(request.url ?? '/', 'http://localhost').pathname) {
    case '/ok':
      response.end('{"success":true}');
      return;
    case '/refuses':
      response.writeHead(503).end('{"success":false,"error":{"code":"POOL_EXHAUSTED","message":"no connection"}}');
      return;
    case '/hangs':
      return;
    case '/dies':
      setTimeout(() => process.exit(0), 500);
      response.end();
      return;
    case '/hangs-up':
      request.socket.destroy();
      return;
    default:
      response.writeHead(404).end();
  }
});
process.on('message', () => process.send?.({ requests }));
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
