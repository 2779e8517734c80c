/** The download of all files at once reads in the same turns and slices as everybody: forms go first (R35). */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import fastify, { type FastifyInstance } from 'fastify';
import { turns } from '../../gateway/turns.ts';
import { SENT_AT_ONCE } from '../../gateway/web/pages.ts';
import { sendZip } from '../../gateway/web/zip.ts';

const SIZE = 3 * SENT_AT_ONCE;
const MODIFIED = new Date('2026-12-01T00:00:00Z');
/** Longer than the test. */
const LONG_MS = 60_000;

describe('the download of all files', () => {
  let server: FastifyInstance;
  afterEach(() => server.close());

  it('waits for its turn behind a form, and reads a slice at a time', async () => {
    const reading = turns(1);
    const lengths: number[] = [];
    server = fastify();
    server.get('/', async (_, reply) => {
      const open = async () => ({
        size: SIZE,
        read: async (_from: number, length: number) => {
          lengths.push(length);
          return Buffer.alloc(length);
        },
        close: async () => {},
      });
      return sendZip(reply, reading, 'all.zip', [{ name: '契約書.pdf', size: SIZE, open }], MODIFIED);
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as { port: number };
    const over = reading.giveWay(LONG_MS);
    const [response] = (await once(get({ host: '127.0.0.1', port }), 'response')) as [IncomingMessage];
    // The entry's name has come, so its content would have been asked for.
    let octets = ((await once(response, 'data')) as [Buffer])[0].length;
    expect(lengths, 'the form is not over').to.deep.equal([]);
    over();
    response.on('data', (chunk: Buffer) => {
      octets += chunk.length;
    });
    await once(response, 'end');
    expect(lengths).to.deep.equal([SENT_AT_ONCE, SENT_AT_ONCE, SENT_AT_ONCE]);
    expect(octets).to.be.greaterThan(SIZE);
  });
});
