/** An S3 server on loopback with one bucket, in a temporary folder; requests can be answered by the test instead. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Settings } from '../../storage/blobs/s3.ts';

/** The server brings no types. */
const S3rver = createRequire(import.meta.url)('s3rver') as new (
  options: object,
) => {
  configureBuckets(): Promise<unknown>;
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
};

export const BUCKET = 'keiyaku-test';
/** The pair that the server knows. */
const CREDENTIALS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

export interface S3Server {
  readonly settings: S3Settings;
  /** KEIYAKUBIN_… settings of a gateway that keeps its blobs here. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of the requests' methods and paths so far. */
  readonly requests: readonly string[];
  /** Answers the request (true) or leaves it to the server (false); null for no interference. */
  interfere: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  close(): Promise<void>;
}

let shared: Promise<S3Server> | undefined;

/** The one server of this process, for worlds that keep apart by prefix. */
export function s3(): Promise<S3Server> {
  shared ??= startS3();
  return shared;
}

export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'keiyakubin-s3-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  const store = new S3rver({ directory, silent: true, configureBuckets: [{ name: BUCKET }] });
  await store.configureBuckets();
  const handle = store.callback();
  const requests: string[] = [];
  const listener: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (!server.interfere?.(request, response)) handle(request, response);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const server: S3Server = {
    settings: {
      endpoint,
      region: 'us-east-1',
      bucket: BUCKET,
      prefix: 'documents/',
      ...CREDENTIALS,
      forcePathStyle: true,
      ...{ connectSeconds: 10, silenceSeconds: 60 },
    },
    env: {
      KEIYAKUBIN_BLOB_URL: `s3://${BUCKET}/documents?endpoint=${endpoint}`,
      KEIYAKUBIN_BLOB_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      KEIYAKUBIN_BLOB_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    },
    requests,
    interfere: null,
    async close() {
      listener.close();
      listener.closeAllConnections();
      process.removeListener('exit', remove);
      await rm(directory, { recursive: true, force: true });
    },
  };
  return server;
}
