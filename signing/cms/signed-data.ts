/** Builds CMS SignedData with one signer: CAdES signatures of documents, RFC 3161 tokens, signatures of mails (RFC 5652 5, ETSI EN 319 122-1). */
import { type Credential, SigningError, type TimestampAuthority } from '../ports.ts';
import { isSignedBy, OID, SHA256, SIGNATURE_ALGORITHMS, sha256 } from './algorithms.ts';
import { readCertificate } from './certificate.ts';
import {
  certificateTime,
  context,
  element,
  fields,
  integer,
  octetString,
  oid,
  readDer,
  sequence,
  setOf,
  TAG,
} from './der.ts';

const SHA256_OCTETS = 32;

/** What is signed: `bytes` travel inside the SignedData, null for a detached signature. */
export interface EncapsulatedContent {
  readonly type: string;
  readonly digest: Uint8Array;
  readonly bytes: Uint8Array | null;
}

/**
 * Detached CAdES signature at PAdES baseline B-T over `digest` (the SHA-256 of the ByteRange), DER of a ContentInfo; no
 * signing-time attribute (ETSI EN 319 142-1 6.3).
 * Rejects with SigningError: the authority's, or permanently when key and certificate do not belong together.
 */
export async function buildSignature(
  digest: Uint8Array,
  credential: Credential,
  tsa: TimestampAuthority,
): Promise<Uint8Array> {
  const content = { type: OID.data, digest, bytes: null };
  const signed = await signContent(content, credential);
  const { der } = await tsa.timestamp(sha256(signed.value));
  const attribute = sequence(oid(OID.signatureTimestamp), setOf(der));
  return encodeSignedData(content, credential, signed, credential.chain, [attribute]);
}

/**
 * Detached signature of a mail's part, DER of a ContentInfo, with the time that the signer claims (RFC 8551 2.5.1); what
 * ciphers we know is not told, for nobody here decrypts. Rejects with a permanent SigningError as `buildSignature` does.
 */
export async function buildMailSignature(
  part: Uint8Array,
  credential: Credential,
  at: Date,
): Promise<Uint8Array> {
  const content = { type: OID.data, digest: sha256(part), bytes: null };
  const signingTime = sequence(oid(OID.signingTime), setOf(certificateTime(at)));
  const signed = await signContent(content, credential, [signingTime]);
  return encodeSignedData(content, credential, signed, credential.chain, []);
}

/** SignedData that carries its content, as an RFC 3161 token does; `certificates` is empty unless certReq was set. */
export async function buildSignedContent(
  type: string,
  bytes: Uint8Array,
  credential: Credential,
  options: { readonly includeCertificates: boolean },
): Promise<Uint8Array> {
  const content = { type, digest: sha256(bytes), bytes };
  const signed = await signContent(content, credential);
  return encodeSignedData(
    content,
    credential,
    signed,
    options.includeCertificates ? credential.chain : null,
    [],
  );
}

interface SignedAttributes {
  /** DER of the SET OF Attribute, the octets that were signed. */
  readonly attributes: Uint8Array;
  readonly value: Uint8Array;
}

async function signContent(
  content: EncapsulatedContent,
  credential: Credential,
  further: readonly Uint8Array[] = [],
): Promise<SignedAttributes> {
  if (content.digest.length !== SHA256_OCTETS)
    throw new SigningError(
      `${credential.algorithm} needs a digest of ${SHA256_OCTETS} octets, not ${content.digest.length}`,
      { transient: false },
    );
  const attributes = setOf(
    sequence(oid(OID.contentType), setOf(oid(content.type))),
    sequence(oid(OID.messageDigest), setOf(octetString(content.digest))),
    sequence(oid(OID.signingCertificateV2), setOf(signingCertificateV2(credential.certificate))),
    ...further,
  );
  const value = await credential.sign(attributes);
  const { publicKey } = readCertificate(credential.certificate);
  const algorithm = readDer(SIGNATURE_ALGORITHMS[credential.algorithm]);
  if (!isSignedBy(publicKey, algorithm, 'sha256', attributes, value))
    throw new SigningError('the signature does not verify with the signing certificate', {
      transient: false,
    });
  return { attributes, value };
}

/** RFC 5035 5.4.1: SHA-256 is the default hash, and a default is left out in DER. */
function signingCertificateV2(certificate: Uint8Array): Uint8Array {
  const essCertIdV2 = sequence(octetString(sha256(certificate)));
  return sequence(sequence(essCertIdV2));
}

function encodeSignedData(
  content: EncapsulatedContent,
  credential: Credential,
  signed: SignedAttributes,
  chain: readonly Uint8Array[] | null,
  unsignedAttributes: readonly Uint8Array[],
): Uint8Array {
  const { serial, issuer } = issuerAndSerial(credential.certificate);
  const signerInfo = sequence(
    integer(1),
    sequence(issuer, serial),
    SHA256,
    context(0, readDer(signed.attributes, TAG.set).value),
    SIGNATURE_ALGORITHMS[credential.algorithm],
    octetString(signed.value),
    ...(unsignedAttributes.length === 0 ? [] : [context(1, readDer(setOf(...unsignedAttributes)).value)]),
  );
  const certificates = chain === null ? [] : [credential.certificate, ...chain.filter((der) => !isRoot(der))];
  const version = content.type === OID.data ? 1 : 3;
  return sequence(
    oid(OID.signedData),
    context(
      0,
      sequence(
        integer(version),
        setOf(SHA256),
        sequence(
          oid(content.type),
          ...(content.bytes === null ? [] : [context(0, octetString(content.bytes))]),
        ),
        ...(certificates.length === 0 ? [] : [implicitSetOf(0, certificates)]),
        setOf(signerInfo),
      ),
    ),
  );
}

function implicitSetOf(n: number, members: readonly Uint8Array[]): Uint8Array {
  return element(0xa0 | n, readDer(setOf(...members)).value);
}

function issuerAndSerial(certificate: Uint8Array): { serial: Uint8Array; issuer: Uint8Array } {
  const tbs = fields(fields(readDer(certificate))[0]);
  const offset = tbs[0]?.tag === 0xa0 ? 1 : 0;
  return { serial: tbs[offset]!.bytes, issuer: tbs[offset + 2]!.bytes };
}

/** The verifier has its own roots, so ours stays out of the signature. */
function isRoot(certificate: Uint8Array): boolean {
  const { x509 } = readCertificate(certificate);
  return x509.checkIssued(x509);
}
