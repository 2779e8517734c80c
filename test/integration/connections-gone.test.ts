/** Visitors who go away leave nothing held behind them: no file, no turn, whichever answer was theirs (RFC 9112 9.3.2, 9.6). */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import fastify, { type FastifyInstance } from 'fastify';
import { createLog } from '../../gateway/log.ts';
import { turns } from '../../gateway/turns.ts';
import { listener } from '../../gateway/web/listener.ts';
import { formsFirst, readInTurns, sendDocument } from '../../gateway/web/pages.ts';
import { sendRuns } from '../../gateway/web/parts.ts';
import type { BlobReader } from '../../storage/blobs/blobs.ts';

const SIZE = 8 * 1024 * 1024;
const AT_ONCE = 3;

describe('visitors who have gone away', () => {
  const reading = turns(AT_ONCE);
  let server: FastifyInstance;
  let answers: ServerResponse[];
  let open: number;
  /** Requests that were done with, file or form. */
  let handled: number;
  /** Every request is looked at after it. */
  let looking: Promise<void>;

  beforeEach(async () => {
    [answers, open, handled, looking] = [[], 0, 0, Promise.resolve()];
    const reader = (): BlobReader => {
      open += 1;
      handled += 1;
      return {
        size: SIZE,
        read: async (_, length) => Buffer.alloc(length),
        close: async () => {
          open -= 1;
        },
      };
    };
    server = fastify({
      serverFactory: listener({
        ...{ tls: null, headersSeconds: 20, requestSeconds: 60, idleSeconds: 60 },
        log: createLog('silent'),
      }),
    });
    server.addHook('onRequest', async (_, { raw }) => {
      answers.push(raw);
      await looking;
    });
    formsFirst(server, reading);
    server.get('/whole', async (request, reply) =>
      sendDocument(request, reply, reading, reader(), { name: '契約書.pdf', disposition: 'inline' }),
    );
    server.get('/parts', async (_, reply) => sendRuns(reply, reading, reader(), [{ from: 0, to: SIZE }]));
    server.post('/form', async () => {
      handled += 1;
      return 'ok';
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterEach(() => server.close());

  const whole = 'GET /whole HTTP/1.1\r\nHost: k\r\n\r\n';
  const parts = 'GET /parts HTTP/1.1\r\nHost: k\r\n\r\n';
  const form = 'POST /form HTTP/1.1\r\nHost: k\r\nContent-Length: 0\r\n\r\n';

  /** Asks for all of them on one connection, and reads nothing. */
  async function ask(...requests: readonly string[]): Promise<Socket> {
    const { port } = server.server.address() as { port: number };
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    socket.pause().write(requests.join(''));
    await until(() => answers.length === requests.length);
    return socket;
  }
  async function leave(socket: Socket): Promise<void> {
    const first = once(answers[0]!, 'close');
    socket.destroy();
    await first;
  }
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise(setImmediate);
  }
  /** How many may read at once: all of them wait until no more begin. */
  async function readersAtOnce(): Promise<number> {
    const begun: (() => void)[] = [];
    const read = (): Promise<Uint8Array> =>
      new Promise((resolve) => begun.push(() => resolve(new Uint8Array(1))));
    const reader = readInTurns(reading, { size: 1, read, close: async () => {} });
    const works = Array.from({ length: AT_ONCE + 1 }, () => reader.read(0, 1));
    const most = begun.length;
    for (let done = 0; done < works.length; done += 1) {
      await until(() => begun.length > done);
      begun[done]!();
    }
    await Promise.all(works);
    return most;
  }

  for (const [what, requests] of [
    ['the whole file', [whole]],
    ['its parts', [parts]],
    ['several behind each other', [whole, parts, whole, parts]],
  ] as const) {
    it(`leave no file open that they asked for: ${what}`, async () => {
      const socket = await ask(...requests);
      await until(() => open === requests.length);
      await leave(socket);
      await until(() => open === 0);
    });
  }

  it('leave nobody behind a form that waits for an answer before it', async () => {
    expect(await readersAtOnce()).to.equal(AT_ONCE);
    const socket = await ask(whole, form);
    await until(() => answers[1]!.writableEnded);
    expect(await readersAtOnce(), 'the form is not over').to.be.at.most(1);
    await leave(socket);
    expect(await readersAtOnce()).to.equal(AT_ONCE);
  });

  it('leave nothing behind where they went before they were looked at', async () => {
    let look = (): void => {};
    looking = new Promise((resolve) => {
      look = resolve;
    });
    await leave(await ask(form, form, whole, parts));
    look();
    await until(() => handled === 4 && open === 0);
    expect(await readersAtOnce()).to.equal(AT_ONCE);
  });
});
