/** Blobs in an S3-compatible store: the same promises as on disk, and what only a store far away can do wrong. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'chai';
import { type BlobReader, encryptedBlobs } from '../../storage/blobs/blobs.ts';
import { ObjectStoreUnavailable, s3Objects } from '../../storage/blobs/s3.ts';
import { itKeepsBlobs, BLOB_OWNER as owner, pieces, sample } from '../support/blobs.ts';
import { rejection } from '../support/rejection.ts';
import { type S3Server, startS3 } from '../support/s3.ts';

describe('blobs in an S3-compatible store', () => {
  let server: S3Server;
  before(async () => {
    server = await startS3();
  });
  afterEach(() => {
    server.interfere = null;
  });
  after(() => server.close());
  const objects = (): ReturnType<typeof s3Objects> => s3Objects(server.settings);

  itKeepsBlobs(objects);

  /** Answers every request of this method with an S3 error. */
  const refuse = (method: string, status: number, code: string): void => {
    server.interfere = (request: IncomingMessage, response: ServerResponse) => {
      if (request.method !== method) return false;
      request.resume();
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
      return true;
    };
  };
  const requestsDuring = async (work: () => Promise<unknown>): Promise<string[]> => {
    const before = server.requests.length;
    await work();
    return server.requests.slice(before);
  };
  const stored = async (octets: Buffer): Promise<string> =>
    (await encryptedBlobs(objects()).put(owner, pieces(octets))).name;

  it('lie unreadable below the prefix', async () => {
    const name = await stored(Buffer.from('株式会社サンプル 代表取締役 山田太郎'));
    const { endpoint, bucket, prefix } = server.settings;
    const reader = await objects().open(name);
    const raw = Buffer.from(await reader.read(0, reader.size));
    expect(raw.includes(Buffer.from('山田'))).to.equal(false);
    expect(server.requests).to.include(`PUT /${bucket}/${prefix}${name}?x-id=PutObject`);
    expect(endpoint).to.match(/^http:\/\/127\.0\.0\.1:/);
  });

  it('take one request each when they are small, and no more than the asked-for part when large', async () => {
    const small = await stored(sample(50_000));
    const large = await stored(sample(1_000_000));
    const blobs = encryptedBlobs(objects());
    expect(
      await requestsDuring(async () => {
        const reader = await blobs.open(owner, small);
        await reader.read(0, reader.size);
        await reader.read(100, 10);
      }),
    ).to.have.length(1);
    let reader: BlobReader | undefined;
    await requestsDuring(async () => {
      reader = await blobs.open(owner, large);
    });
    const asked = await requestsDuring(async () => {
      const part = Buffer.from(await reader!.read(900_000, 50));
      expect(part.equals(sample(1_000_000).subarray(900_000, 900_050))).to.equal(true);
    });
    expect(asked).to.have.length(1);
  });

  it('are written without a condition where the store knows none', async () => {
    server.interfere = (request, response) => {
      if (request.headers['if-none-match'] === undefined) return false;
      request.resume();
      response.writeHead(501, { 'content-type': 'application/xml' });
      response.end('<?xml version="1.0"?><Error><Code>NotImplemented</Code><Message>no</Message></Error>');
      return true;
    };
    const blobs = encryptedBlobs(objects());
    const first = await blobs.put(owner, pieces(sample(3000)));
    const reader = await blobs.open(owner, first.name);
    expect(Buffer.from(await reader.read(0, 3000)).equals(sample(3000))).to.equal(true);
    const asked = await requestsDuring(() => blobs.put(owner, pieces(sample(3001))));
    expect(asked, 'the condition is not tried again').to.have.length(1);
  });

  it('stand as they are when somebody else has stored the same', async () => {
    refuse('PUT', 412, 'PreconditionFailed');
    expect(await rejection(encryptedBlobs(objects()).put(owner, pieces(sample(10))))).to.equal(undefined);
  });

  for (const [status, code] of [
    [503, 'SlowDown'],
    [500, 'InternalError'],
    [403, 'InvalidAccessKeyId'],
  ] as const) {
    it(`fail for now when the store answers ${status}`, async () => {
      const name = await stored(sample(20));
      refuse('PUT', status, code);
      const written = await rejection(encryptedBlobs(objects()).put(owner, pieces(sample(20))));
      expect(written).to.be.instanceOf(ObjectStoreUnavailable).and.have.property('transient', true);
      refuse('GET', status, code);
      expect(await rejection(objects().open(name))).to.have.property('transient', true);
    });
  }

  it('fail for now when the store cannot be reached, and work again when it can', async () => {
    const name = await stored(sample(30));
    const store = objects();
    server.interfere = (request) => {
      request.socket.destroy();
      return true;
    };
    expect(await rejection(store.open(name))).to.have.property('transient', true);
    server.interfere = null;
    expect((await store.open(name)).size).to.be.greaterThan(30);
  });

  it('fail for now when the store falls silent for longer than it may', async () => {
    const name = await stored(sample(30));
    server.interfere = () => true;
    const hasty = s3Objects({ ...server.settings, silenceSeconds: 0.05 });
    expect(await rejection(hasty.open(name))).to.have.property('transient', true);
    server.interfere = null;
  });

  it('fail for good where an answer cannot be changed by asking again', async () => {
    refuse('PUT', 400, 'InvalidRequest');
    const error = await rejection(encryptedBlobs(objects()).put(owner, pieces(sample(20))));
    expect(error).to.be.instanceOf(Error).and.not.have.property('transient');
  });

  it('notice octets that were lost on the way', async () => {
    const name = await stored(sample(300_000));
    const reader = await encryptedBlobs(objects()).open(owner, name);
    server.interfere = (request, response) => {
      if (request.method !== 'GET') return false;
      response.writeHead(206, { 'content-range': 'bytes 0-9/300000', 'content-length': '10' });
      response.end('0123456789');
      return true;
    };
    expect(await rejection(reader.read(200_000, 1000)))
      .to.have.property('message')
      .that.includes('object ends at');
  });

  it('are checked for at the start: a bucket that is not there is no outage', async () => {
    expect(await rejection(objects().check())).to.equal(undefined);
    const error = await rejection(s3Objects({ ...server.settings, bucket: 'not-there' }).check());
    expect(error).to.be.instanceOf(Error).and.not.have.property('transient');
  });
});
