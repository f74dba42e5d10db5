// Main file of the null responder: answers every request at once with nothing, so that what is slow can only be the generator.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const ANSWER = 'HTTP/1.1 204 No Content\r\nconnection: keep-alive\r\n\r\n';
const END = '\r\n\r\n';

const server = createServer((socket) => {
  socket.setNoDelay(true);
  let tail = '';
  socket.on('data', (chunk) => {
    const parts = (tail + chunk.toString('latin1')).split(END);
    tail = parts.pop() ?? '';
    if (parts.length > 0) socket.write(ANSWER.repeat(parts.length));
  });
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
