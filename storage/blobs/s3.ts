/** Objects in an S3-compatible store: spooled, put under their final name with Content-MD5, read by Range (RFC 9110 14). */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { checkedName, type ObjectStore, type ObjectWriter } from './objects.ts';

export interface S3Settings {
  /** Scheme, host and port; null for AWS itself. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  /** Stands before every object's name; '' or ending in '/'. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The bucket in the path instead of the host name, as most stores beside AWS want it. */
  readonly forcePathStyle: boolean;
  /** For a connection to be made. */
  readonly connectSeconds: number;
  /** For the next octets of an answer. */
  readonly silenceSeconds: number;
}

export interface S3ObjectStore extends ObjectStore {
  /** Rejects with a sentence for the operator where bucket or credentials are wrong, transient where nobody answers. */
  check(): Promise<void>;
}

/** The store cannot be reached, is overloaded or does not know us at the moment. */
export class ObjectStoreUnavailable extends Error {
  override readonly name = 'ObjectStoreUnavailable';
  readonly transient = true;
}

/** What an object's first read brings along: most blobs are no larger. */
const HEAD_OCTETS = 128 * 1024;

export function s3Objects(settings: S3Settings): S3ObjectStore {
  const { bucket, prefix } = settings;
  const client = clientFor(settings);
  const key = (name: string): string => prefix + checkedName(name);
  // Two writers of one name write equivalent content; where the store can, the first one stands.
  let conditionalPuts = true;

  const range = async (Key: string, from: number, octets: number): Promise<RangeRead> => {
    const asked = `bytes=${from}-${from + octets - 1}`;
    return talking(async () => {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key, Range: asked }));
      const content = await answer.Body!.transformToByteArray();
      const total = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1];
      return { content, size: total === undefined ? content.length : Number(total) };
    });
  };

  const put = async (name: string, { file, size, md5 }: Spooled): Promise<void> => {
    const send = async (condition: { IfNoneMatch?: string }): Promise<void> => {
      const Body = createReadStream(file);
      const object = { Bucket: bucket, Key: key(name), Body, ContentLength: size, ContentMD5: md5 };
      try {
        await client.send(new PutObjectCommand({ ...object, ...condition }));
      } finally {
        Body.destroy();
      }
    };
    if (!conditionalPuts) return send({});
    try {
      await send({ IfNoneMatch: '*' });
    } catch (error) {
      const status = statusOf(error);
      if (status === 412) return;
      if (status !== 501) throw error;
      conditionalPuts = false;
      await send({});
    }
  };

  return {
    async write(data) {
      const { folder, ...spooled } = await spool(data);
      const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
      return {
        discard,
        async commit(name) {
          try {
            await talking(() => put(name, spooled));
          } finally {
            await discard();
          }
        },
      } satisfies ObjectWriter;
    },
    async open(name) {
      const Key = key(name);
      const { content: head, size } = await range(Key, 0, HEAD_OCTETS);
      return {
        size,
        async read(offset, length) {
          if (length === 0) return new Uint8Array();
          if (offset + length <= head.length) return head.subarray(offset, offset + length);
          const { content } = await range(Key, offset, length);
          if (content.length !== length) throw new Error(`object ends at ${offset + content.length}`);
          return content;
        },
        close: async () => {},
      };
    },
    check: () =>
      talking(async () => {
        await client.send(new HeadBucketCommand({ Bucket: bucket }));
      }),
  };
}

interface RangeRead {
  readonly content: Uint8Array;
  /** Octets of the whole object. */
  readonly size: number;
}

function clientFor(settings: S3Settings): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey, forcePathStyle, connectSeconds, silenceSeconds } =
    settings;
  return new S3Client({
    ...(endpoint === null ? {} : { endpoint }),
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle,
    // The SDK's own checksums are unknown to many compatible stores; Content-MD5 is known to all.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Every failure is thrown and logged by who asked; the SDK would write to the console.
    logger: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
    requestHandler: { connectionTimeout: connectSeconds * 1000, socketTimeout: silenceSeconds * 1000 },
  });
}

function ignore(): void {}

interface Spooled {
  readonly file: string;
  readonly size: number;
  /** Base64. */
  readonly md5: string;
}

/** The final name is known only when all octets have been seen; they wait, encrypted as they are, in a file of ours alone. */
async function spool(data: AsyncIterable<Uint8Array>): Promise<Spooled & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'keiyakubin-blob-'));
  const file = join(folder, randomBytes(12).toString('hex'));
  const md5 = createHash('md5');
  let size = 0;
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      for await (const chunk of data) {
        md5.update(chunk);
        size += chunk.length;
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { folder, file, size, md5: md5.digest('base64') };
}

/** Tells outages, which pass, from answers that no retry will change. */
async function talking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const status = statusOf(error);
    const reason = error instanceof Error ? `${error.name} ${error.message}` : String(error);
    const said = `object store: ${status ?? 'no answer'} ${reason}`;
    // 403 too: keys that are being exchanged are the operator's outage, not this object's fault.
    if (status === undefined || status >= 500 || [403, 408, 409, 429].includes(status)) {
      throw new ObjectStoreUnavailable(said, { cause: error });
    }
    throw new Error(said, { cause: error });
  }
}

function statusOf(error: unknown): number | undefined {
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}
