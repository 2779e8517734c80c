/** A small PKI with P-256 keys for tests, whose certificates, timestamps and revocation answers can be made wrong one by one. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OID } from '../../signing/cms/algorithms.ts';
import { readCertificate } from '../../signing/cms/certificate.ts';
import { fields, integer, readDer } from '../../signing/cms/der.ts';
import { ocspRequest } from '../../signing/cms/ocsp.ts';
import { timestampRequest } from '../../signing/cms/timestamp.ts';
import { keyCredential } from '../../signing/credentials/pem.ts';
import {
  type CertificateStatus,
  certificateList,
  ocspReply,
  timestampReply,
} from '../../signing/credentials/test-authority-answers.ts';
import {
  authorityExtensions,
  type CertificateTemplate,
  extension,
  type Identity,
  issueCertificate,
  noCheckExtension,
  purposeExtension,
  signingKeyUsage,
} from '../../signing/credentials/test-authority-pki.ts';
import type { Credential, TimestampAuthority } from '../../signing/ports.ts';

export const SECOND = 1000;
export const DAY = 86_400 * SECOND;
export const YEAR = 365 * DAY;

/** `offset` milliseconds from now. */
export const fromNow = (offset: number) => new Date(Date.now() + offset);

/** An identity valid from yesterday for a year, unless `template` says otherwise. */
export function issue(
  issuer: Identity | null,
  template: Partial<CertificateTemplate> & { name: string },
  key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
): Identity {
  const full = { notBefore: fromNow(-DAY), notAfter: fromNow(YEAR), extensions: [], ...template };
  return { key, certificate: issueCertificate(full, key, issuer) };
}

/** The same with an RSA key of so many bits. */
export const issueRsa = (issuer: Identity | null, name: string, modulusLength: number) =>
  issue(
    issuer,
    { name, extensions: [signingKeyUsage(true)] },
    generateKeyPairSync('rsa', { modulusLength }).privateKey,
  );

export const issueRoot = (name = '試験ルート') => issue(null, { name, extensions: authorityExtensions() });

export const timestampExtensions = () => [signingKeyUsage(false), purposeExtension(OID.timeStamping, true)];

/** Root, intermediate, signer below it, timestamp authority and responders below the root. */
export function issuePki() {
  const root = issueRoot();
  const intermediate = issue(root, { name: '試験中間局', extensions: authorityExtensions() });
  const responderOf = (issuer: Identity, name: string) =>
    issue(issuer, { name, extensions: [purposeExtension(OID.ocspSigning, false), noCheckExtension()] });
  return {
    root,
    intermediate,
    signer: issue(intermediate, { name: '試験署名者', extensions: [signingKeyUsage(true)] }),
    tsa: issue(root, { name: '試験時刻局', extensions: timestampExtensions() }),
    rootResponder: responderOf(root, '試験応答局'),
    intermediateResponder: responderOf(intermediate, '試験中間応答局'),
  };
}

/** Signs as `identity`; `chain` is included in what it signs. */
export function credentialOf(identity: Identity, ...chain: readonly Identity[]): Credential {
  const certificates = [identity, ...chain].map(({ certificate }) => new X509Certificate(certificate));
  return keyCredential(
    () => identity.key,
    () => certificates,
  );
}

/** A timestamp authority without HTTP that does as it is told: `time` it attests, `digest` it attests instead. */
export function authorityOf(
  identity: Identity,
  wrong: { readonly time?: Date; readonly digest?: Uint8Array } = {},
): TimestampAuthority {
  return {
    async timestamp(digest) {
      const time = wrong.time ?? new Date();
      const request = timestampRequest(wrong.digest ?? digest, Uint8Array.of(1));
      const reply = await timestampReply(request, credentialOf(identity), time);
      return { der: fields(readDer(reply))[1]!.bytes, time };
    },
  };
}

export const good = (thisUpdate = new Date()): CertificateStatus => ({
  revokedAt: null,
  thisUpdate,
  nextUpdate: new Date(thisUpdate.getTime() + 7 * DAY),
});

export const revoked = (revokedAt: Date): CertificateStatus => ({ ...good(), revokedAt });

/** OCSP response on `subject`, asked of `issuer` and signed by `responder`. */
export function ocspAnswer(
  subject: Identity,
  issuer: Identity,
  responder: Identity,
  status: CertificateStatus = good(),
): Uint8Array {
  const request = ocspRequest(readCertificate(subject.certificate), readCertificate(issuer.certificate));
  return ocspReply(request, responder, () => status);
}

/** CRL of `issuer`; `criticalExtensions` are OIDs to add, marked critical. */
export function crlOf(
  issuer: Identity,
  thisUpdate = new Date(),
  revokedIdentities: readonly Identity[] = [],
  criticalExtensions: readonly string[] = [],
): Uint8Array {
  const revokedEntries = revokedIdentities.map(({ certificate }) => ({
    serial: Buffer.from(new X509Certificate(certificate).serialNumber, 'hex'),
    at: thisUpdate,
  }));
  const added = criticalExtensions.map((id) => extension(id, integer(1), true));
  return certificateList(issuer, good(thisUpdate), revokedEntries, added);
}

/** PEM of certificates, or of a key. */
export const pemOf = (...identities: readonly Identity[]) =>
  identities.map(({ certificate }) => new X509Certificate(certificate).toString()).join('');
export const keyPemOf = ({ key }: Identity) => key.export({ format: 'pem', type: 'pkcs8' }).toString();

export interface Loopback {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

type Reply = Uint8Array | number | null;

/** An HTTP server on loopback; `answer` gives a body, a status number, or null to say nothing at all. */
export async function serve(
  answer: (path: string, body: Uint8Array, headers: IncomingHttpHeaders) => Promise<Reply> | Reply,
): Promise<Loopback> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push(request.url ?? '');
    const found = await answer(request.url ?? '', Buffer.concat(chunks), request.headers);
    if (typeof found === 'number') response.writeHead(found).end();
    else if (found !== null) response.end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
