/** Who is measured, each opened by name: ours, its peers, and the floors. */
import { createHash, verify as verifyValue, X509Certificate } from 'node:crypto';
import { appendFile, copyFile, open, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { withFile } from '../gateway/cli/file-source.ts';
import {
  type ByteSource,
  httpRevocationProvider,
  httpTimestampAuthority,
  openGrowing,
  openTestAuthority,
  type TestAuthority,
  verify,
} from '../signing/index.ts';
import { type Assignment, type Contender, type ContenderName, LOCATION, REASON } from './seal-contender.ts';

export async function openContender(assignment: Assignment): Promise<Contender> {
  const authority = await openTestAuthority(assignment.authority);
  return OPENERS[assignment.contender](assignment, authority);
}

const OPENERS: Record<
  ContenderName,
  (assignment: Assignment, authority: TestAuthority) => Promise<Contender>
> = {
  ours,
  // Loaded by whom it is measured, so that it is in nobody else's memory.
  libpdf: async (assignment, authority) => (await import('./seal-libpdf.ts')).libpdf(assignment, authority),
  signpdf: async (assignment, authority) =>
    (await import('./seal-signpdf.ts')).signpdf(assignment, authority),
  floor: (assignment, authority) => floor(assignment, authority, fromDisk(assignment.file)),
  'floor-in-memory': async (assignment, authority) =>
    floor(assignment, authority, await inMemory(assignment.file)),
  verify: verifier,
  'verify-floor': (assignment, authority) => verifierFloor(assignment, authority, fromDisk(assignment.file)),
  'verify-floor-in-memory': async (assignment, authority) =>
    verifierFloor(assignment, authority, await inMemory(assignment.file)),
};

/** From the file on disk: stamp and fields, a signature for each party, DSS and document timestamp. */
async function ours({ file, parties }: Assignment, authority: TestAuthority): Promise<Contender> {
  const trust = [authority.root];
  const timestampAuthority = httpTimestampAuthority({ url: authority.timestampUrl, trust });
  const revocation = httpRevocationProvider({ trust });
  const font = createRequire(import.meta.url).resolve(
    '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
  );
  const fonts = [await readFile(font)];
  const fields = Array.from({ length: parties }, (_, index) => `keiyakubin-${index + 1}`);
  const seal = async (source: ByteSource): Promise<Uint8Array[]> => {
    const document = await openGrowing(source);
    const revisions = [await document.prepare({ stamp: '契約ID 2026-0123-ABCD', fields, fonts })];
    for (const field of fields) {
      const { credential } = authority;
      const when = { reason: REASON, location: LOCATION, signingTime: new Date() };
      revisions.push(await document.seal({ field, credential, timestampAuthority, ...when }));
    }
    revisions.push(await document.conclude({ timestampAuthority, revocation, trust }));
    return revisions.map(({ bytes }) => bytes);
  };
  return {
    run: async () => (await withFile(file, seal)).reduce((sum, { length }) => sum + length, 0),
    async save(path) {
      await copyFile(file, path);
      for (const revision of await withFile(file, seal)) await appendFile(path, revision);
    },
  };
}

/** One SHA-256 pass over a file. */
type Pass = () => Promise<Buffer>;

/** Read as it is hashed, a megabyte at a time into the same buffer: what nobody avoids who has a file and not its octets. */
function fromDisk(file: string): Pass {
  const buffer = Buffer.allocUnsafe(1 << 20);
  return async () => {
    const handle = await open(file);
    const hash = createHash('sha256');
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
    }
    await handle.close();
    return hash.digest();
  };
}

/** Over octets that lie in memory before the clock starts. */
async function inMemory(file: string): Promise<Pass> {
  const bytes = await readFile(file);
  return async () => createHash('sha256').update(bytes).digest();
}

/** The pass, and one private-key operation for each party. */
async function floor({ parties }: Assignment, { credential }: TestAuthority, pass: Pass): Promise<Contender> {
  return {
    async run() {
      const digest = await pass();
      for (let party = 0; party < parties; party++) await credential.sign(digest);
      return 0;
    },
  };
}

async function verifier({ file }: Assignment, authority: TestAuthority): Promise<Contender> {
  return {
    async run() {
      const options = { trust: [authority.root], profile: 'B-LTA', at: new Date() } as const;
      const report = await withFile(file, (source) => verify(source, options));
      if (!report.valid) throw new Error(`does not verify: ${JSON.stringify(report)}`);
      return 0;
    },
  };
}

/**
 * The pass, and one public-key operation for everything signed: each party's signature and its timestamp, the document
 * timestamp, the certificates of signer, authority and responder, and two answers of the responder.
 */
async function verifierFloor(
  { parties }: Assignment,
  { credential }: TestAuthority,
  pass: Pass,
): Promise<Contender> {
  const { publicKey } = new X509Certificate(credential.certificate);
  const signed = Buffer.alloc(32);
  const value = await credential.sign(signed);
  return {
    async run() {
      await pass();
      const operations = 2 * parties + 1 + 3 + 2;
      for (let count = 0; count < operations; count++) verifyValue('sha256', signed, publicKey, value);
      return 0;
    },
  };
}
