/** The peer of `npm run bench -- page`: files of a folder over plain HTTP, and forms that are taken and forgotten; a process of its own. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const folder = process.argv[2]!;

const server = createServer(async (request, response) => {
  if (request.method === 'POST') {
    request.resume().once('end', () => response.end('<h1>done</h1>'));
    return;
  }
  const path = join(folder, new URL(request.url!, 'http://localhost').pathname);
  response.setHeader('content-length', (await stat(path)).size);
  createReadStream(path).pipe(response);
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
