/** Who is measured: each makes the same file B-LTA with the same key and authorities, as far as it can, or is the part nobody can avoid. */
import { createHash, verify as verifyValue, X509Certificate } from 'node:crypto';
import { appendFile, copyFile, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { HttpTimestampAuthority, type Signer as LibpdfSigner, PDF } from '@libpdf/core';
import { SignPdf } from '@signpdf/signpdf';
import { Signer } from '@signpdf/utils';
import { PDFDocument, PDFHexString, PDFName, PDFString } from 'pdf-lib';
import { buildSignature } from '../signing/cms/index.ts';
import {
  httpRevocationProvider,
  httpTimestampAuthority,
  openGrowing,
  openTestAuthority,
  type TestAuthority,
  verify,
} from '../signing/index.ts';
import { openFileSource } from '../signing/pdf/file.ts';

export type ContenderName = 'ours' | 'libpdf' | 'signpdf' | 'floor' | 'verify' | 'verify-floor';

export interface Assignment {
  readonly contender: ContenderName;
  /** PDF to be sealed, or the sealed one to be verified. */
  readonly file: string;
  readonly parties: number;
  /** Where the test authority, served by another process, keeps its keys. */
  readonly authority: string;
}

export interface Contender {
  /** The whole job once; resolves to the octets it added. */
  run(): Promise<number>;
  /** Does the job and leaves the sealed file at `path`. */
  save?(path: string): Promise<void>;
}

const REASON = '山田太郎様 yamada@sample.example.jp が2026-11-21 09:25:23 +09:00 JSTに承認しました';
const LOCATION = '日本';

export async function openContender(assignment: Assignment): Promise<Contender> {
  const authority = await openTestAuthority(assignment.authority);
  return OPENERS[assignment.contender](assignment, authority);
}

const OPENERS: Record<
  ContenderName,
  (assignment: Assignment, authority: TestAuthority) => Promise<Contender>
> = {
  ours,
  libpdf,
  signpdf,
  floor,
  verify: verifier,
  'verify-floor': verifierFloor,
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
  const seal = async (): Promise<Uint8Array[]> => {
    const source = await openFileSource(file);
    const document = await openGrowing(source);
    const revisions = [await document.prepare({ stamp: '契約ID 2026-0123-ABCD', fields, fonts })];
    for (const field of fields) {
      const { credential } = authority;
      const when = { reason: REASON, location: LOCATION, signingTime: new Date() };
      revisions.push(await document.seal({ field, credential, timestampAuthority, ...when }));
    }
    revisions.push(await document.conclude({ timestampAuthority, revocation, trust }));
    await source.close();
    return revisions.map(({ bytes }) => bytes);
  };
  return {
    run: async () => (await seal()).reduce((sum, { length }) => sum + length, 0),
    async save(path) {
      await copyFile(file, path);
      for (const revision of await seal()) await appendFile(path, revision);
    },
  };
}

/** Its own API throughout; the key is used by node:crypto, the fastest signer it can be given. */
async function libpdf({ file, parties }: Assignment, authority: TestAuthority): Promise<Contender> {
  const bytes = new Uint8Array(await readFile(file));
  const { credential } = authority;
  const signer: LibpdfSigner = {
    certificate: credential.certificate,
    certificateChain: [...credential.chain],
    keyType: 'RSA',
    signatureAlgorithm: 'RSASSA-PKCS1-v1_5',
    sign: (data) => credential.sign(data),
  };
  const timestampAuthority = new HttpTimestampAuthority(authority.timestampUrl);
  return {
    async run() {
      const pdf = await PDF.load(bytes);
      let size = 0;
      for (let party = 1; party <= parties; party++) {
        const level = party === parties ? 'B-LTA' : 'B-T';
        const { bytes, warnings } = await pdf.sign({
          signer,
          timestampAuthority,
          level,
          reason: REASON,
          location: LOCATION,
          fieldName: `keiyakubin-${party}`,
          estimatedSize: 32_768,
        });
        if (warnings.length > 0)
          throw new Error(`LibPDF: ${warnings.map(({ message }) => message).join('; ')}`);
        size = bytes.length;
      }
      return size - bytes.length;
    },
  };
}

/** One signature with its timestamp, which is all it can make; the CMS is ours. It rewrites the file as a whole. */
async function signpdf({ file }: Assignment, authority: TestAuthority): Promise<Contender> {
  const bytes = await readFile(file);
  const timestampAuthority = httpTimestampAuthority({
    url: authority.timestampUrl,
    trust: [authority.root],
  });
  class CmsSigner extends Signer {
    override async sign(octets: Buffer): Promise<Buffer> {
      const digest = createHash('sha256').update(octets).digest();
      return Buffer.from(await buildSignature(digest, authority.credential, timestampAuthority));
    }
  }
  return {
    async run() {
      const pdf = await PDFDocument.load(bytes);
      addPlaceholder(pdf);
      const saved = await pdf.save({ useObjectStreams: false });
      const signed = await new SignPdf().sign(Buffer.from(saved), new CmsSigner());
      return signed.length - bytes.length;
    },
  };
}

function addPlaceholder(pdf: PDFDocument): void {
  const { context } = pdf;
  const range = PDFName.of('**********');
  const page = pdf.getPage(0);
  const signature = context.obj({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, range, range, range],
    Contents: PDFHexString.of('00'.repeat(32_768)),
    Reason: PDFHexString.fromText(REASON),
  });
  const field = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      T: PDFString.of('keiyakubin-1'),
      Rect: [0, 0, 0, 0],
      P: page.ref,
      V: context.register(signature),
    }),
  );
  page.node.set(PDFName.of('Annots'), context.obj([field]));
  pdf.catalog.set(PDFName.of('AcroForm'), context.obj({ SigFlags: 3, Fields: [field] }));
}

/** SHA-256 of the octets, which lie in memory already, and one private-key operation for each party. */
async function floor({ file, parties }: Assignment, { credential }: TestAuthority): Promise<Contender> {
  const bytes = await readFile(file);
  return {
    async run() {
      const digest = createHash('sha256').update(bytes).digest();
      for (let party = 0; party < parties; party++) await credential.sign(digest);
      return 0;
    },
  };
}

async function verifier({ file }: Assignment, authority: TestAuthority): Promise<Contender> {
  return {
    async run() {
      const source = await openFileSource(file);
      const report = await verify(source, { trust: [authority.root], profile: 'B-LTA', at: new Date() });
      await source.close();
      if (!report.valid) throw new Error(`does not verify: ${JSON.stringify(report)}`);
      return 0;
    },
  };
}

/**
 * SHA-256 of the octets, and one public-key operation for everything signed: each party's signature and its timestamp,
 * the document timestamp, the certificates of signer, authority and responder, and two answers of the responder.
 */
async function verifierFloor(
  { file, parties }: Assignment,
  { credential }: TestAuthority,
): Promise<Contender> {
  const bytes = await readFile(file);
  const { publicKey } = new X509Certificate(credential.certificate);
  const value = await credential.sign(bytes.subarray(0, 32));
  return {
    async run() {
      createHash('sha256').update(bytes).digest();
      const operations = 2 * parties + 1 + 3 + 2;
      for (let count = 0; count < operations; count++) {
        verifyValue('sha256', bytes.subarray(0, 32), publicKey, value);
      }
      return 0;
    },
  };
}
