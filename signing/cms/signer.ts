/** Reads CMS SignedData and checks its one signer: attributes, hash, ESS certificate and signature (RFC 5652 5, RFC 5035). */
import { createHash } from 'node:crypto';
import { digestName, isSignedBy, OID } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import {
  children,
  type DerNode,
  element,
  expectTag,
  fields,
  MalformedDer,
  readIntegerHex,
  readOid,
  readPadded,
  TAG,
} from './der.ts';
import { readPool } from './path.ts';

/** Attributes by OID: their values' nodes. */
type Attributes = ReadonlyMap<string, readonly DerNode[]>;

export interface SignedData {
  readonly contentType: string;
  /** The encapsulated content, null when detached. */
  readonly content: Uint8Array | null;
  readonly certificates: readonly Certificate[];
  /** The certificate that the SignerInfo names, null when it is not among `certificates`. */
  readonly signer: Certificate | null;
  readonly digestAlgorithm: DerNode;
  readonly signatureAlgorithm: DerNode;
  readonly signedAttributes: Attributes;
  /** The signed octets: signedAttrs under the SET OF tag. */
  readonly signedOctets: Uint8Array;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: Attributes;
}

/**
 * `bytes`: a ContentInfo, the zeros of a signature hole may follow.
 * Throws MalformedDer unless it holds SignedData with signed attributes and exactly one SignerInfo.
 */
export function readSignedData(bytes: Uint8Array): SignedData {
  const [type, explicit] = fields(readPadded(bytes));
  if (readOid(type) !== OID.signedData) throw new MalformedDer('the CMS is no SignedData');
  const parts = fields(children(expectTag(explicit, 0xa0))[0]);
  expectVersion(parts[0], ['01', '03', '04', '05']);
  const [contentType, content] = fields(parts[2]);
  const certificates = readPool(
    parts.filter((part) => part.tag === 0xa0).flatMap((part) => children(part).map((node) => node.bytes)),
  );
  const signerInfos = children(expectTag(parts.at(-1), TAG.set));
  if (signerInfos.length !== 1) throw new MalformedDer(`${signerInfos.length} SignerInfos instead of one`);
  const [version, identifier, digestAlgorithm, attributes, signatureAlgorithm, signature, ...rest] = fields(
    signerInfos[0],
  );
  expectVersion(version, ['01', '03']);
  const announced = children(expectTag(parts[1], TAG.set)).map((algorithm) => readOid(fields(algorithm)[0]));
  if (!announced.includes(readOid(fields(digestAlgorithm)[0])))
    throw new MalformedDer('the digest algorithm is not announced');
  const signed = expectTag(attributes, 0xa0);
  const unsigned = rest.find((part) => part.tag === 0xa1);
  return {
    contentType: readOid(contentType),
    content:
      content === undefined ? null : expectTag(children(expectTag(content, 0xa0))[0], TAG.octetString).value,
    certificates,
    signer: certificates.find((certificate) => isNamedBy(identifier, certificate)) ?? null,
    digestAlgorithm: expectTag(digestAlgorithm, TAG.sequence),
    signatureAlgorithm: expectTag(signatureAlgorithm, TAG.sequence),
    signedAttributes: readAttributes(signed),
    signedOctets: element(TAG.set, signed.value),
    signature: expectTag(signature, TAG.octetString).value,
    unsignedAttributes: unsigned === undefined ? new Map() : readAttributes(unsigned),
  };
}

function expectVersion(node: DerNode | undefined, allowed: readonly string[]): void {
  const version = readIntegerHex(node);
  if (!allowed.includes(version)) throw new MalformedDer(`CMS version 0x${version} does not exist here`);
}

function readAttributes(tagged: DerNode): Attributes {
  const found = new Map<string, readonly DerNode[]>();
  for (const attribute of children(tagged)) {
    const [type, values] = fields(attribute);
    const id = readOid(type);
    if (found.has(id)) throw new MalformedDer(`attribute ${id} appears twice`);
    found.set(id, children(expectTag(values, TAG.set)));
  }
  return found;
}

/** SignerIdentifier: issuerAndSerialNumber, or [0] subjectKeyIdentifier. */
function isNamedBy(identifier: DerNode | undefined, certificate: Certificate): boolean {
  if (identifier?.tag === 0x80)
    return certificate.keyIdentifier !== null && sameOctets(identifier.value, certificate.keyIdentifier);
  const [issuer, serial] = fields(identifier);
  return (
    issuer !== undefined &&
    sameOctets(issuer.bytes, certificate.issuer) &&
    readIntegerHex(serial) === certificate.serial
  );
}

/** What speaks against the signature itself, trust and time apart; empty when it is the signer's over `digest`. */
export function problemsOfSigner(
  data: SignedData,
  expected: { readonly contentType: string; readonly digest: Uint8Array },
): string[] {
  const { signer, signedAttributes } = data;
  const problems: string[] = [];
  const contentType = soleValue(signedAttributes, OID.contentType);
  if (data.contentType !== expected.contentType || readOid(contentType) !== expected.contentType)
    problems.push('content-type: not what is expected here');
  const messageDigest = expectTag(soleValue(signedAttributes, OID.messageDigest), TAG.octetString).value;
  if (!sameOctets(messageDigest, expected.digest))
    problems.push('digest-mismatch: the signed octets were changed');
  if (signer === null) return [...problems, 'signer-missing: the signing certificate is not included'];
  if (!essNames(signedAttributes, signer))
    problems.push('ess-mismatch: no ESS attribute names the signing certificate');
  const hash = digestName(data.digestAlgorithm);
  if (hash === null) problems.push('algorithm: the digest is weak or unsupported');
  else if (!isSignedBy(signer.publicKey, data.signatureAlgorithm, hash, data.signedOctets, data.signature))
    problems.push('signature-mismatch: the signature value does not verify');
  return problems;
}

/** The one value of an attribute that has to be there once. */
function soleValue(attributes: Attributes, id: string): DerNode {
  const values = attributes.get(id);
  if (values?.length !== 1) throw new MalformedDer(`attribute ${id} needs exactly one value`);
  return values[0]!;
}

/** The first ESSCertID(v2) is the signer's (RFC 5035 5.4); version 1 hashes with SHA-1, which RFC 3161 tokens still use. */
function essNames(attributes: Attributes, signer: Certificate): boolean {
  const version2 = attributes.has(OID.signingCertificateV2);
  if (!version2 && !attributes.has(OID.signingCertificate)) return false;
  const value = soleValue(attributes, version2 ? OID.signingCertificateV2 : OID.signingCertificate);
  const [first] = fields(fields(value)[0]);
  const parts = fields(first);
  const named = version2 && parts[0]?.tag === TAG.sequence ? parts.shift() : undefined;
  const hash = !version2 ? 'sha1' : named === undefined ? 'sha256' : digestName(named);
  if (hash === null) return false;
  const certHash = expectTag(parts[0], TAG.octetString).value;
  return sameOctets(certHash, createHash(hash).update(signer.der).digest());
}

export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
