/** Reads X.509 certificates: names, times, keys and the extensions that decide what a certificate may do (RFC 5280 4). */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { isKeyStrong, isSignatureAlgorithmStrong, OID } from './algorithms.ts';
import {
  children,
  type DerNode,
  fields,
  MalformedDer,
  readBitString,
  readDer,
  readIntegerHex,
  readOid,
  readTime,
  TAG,
} from './der.ts';

export interface Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of the DER, lower-case hex: identity in sets and maps. */
  readonly fingerprint: string;
  /** Lower-case hex. */
  readonly serial: string;
  /** DER of the issuer's Name. */
  readonly issuer: Uint8Array;
  /** DER of the subject's Name. */
  readonly subject: Uint8Array;
  /** What a person reads: the common name, else the whole subject. */
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  /** The subjectPublicKey BIT STRING's octets, by whose hash OCSP names a key (RFC 6960 4.1.1, 4.2.1). */
  readonly keyBits: Uint8Array;
  /** Octets of the subjectKeyIdentifier extension, null without one. */
  readonly keyIdentifier: Uint8Array | null;
  readonly isAuthority: boolean;
  readonly pathLength: number | null;
  /** Bits of KeyUsage set (RFC 5280 4.2.1.3), null without the extension: everything is allowed. */
  readonly keyUsage: ReadonlySet<number> | null;
  readonly purposes: { readonly critical: boolean; readonly oids: readonly string[] } | null;
  /** rfc822Name of SubjectAltName, as written (RFC 8550 3). */
  readonly mailAddresses: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  /** id-pkix-ocsp-nocheck: a responder that need not be checked itself (RFC 6960 4.2.2.2.1). */
  readonly noCheck: boolean;
  /** Why it is not to be relied on whatever it says, null when nothing speaks against it. */
  readonly weakness: string | null;
  readonly x509: X509Certificate;
}

/** Bits of KeyUsage. */
export const KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, cRLSign: 6 } as const;

const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.subjectKeyIdentifier,
  OID.keyUsage,
  OID.subjectAltName,
  OID.basicConstraints,
  OID.crlDistributionPoints,
  OID.certificatePolicies,
  OID.authorityKeyIdentifier,
  OID.extendedKeyUsage,
  OID.authorityInfoAccess,
  OID.ocspNoCheck,
]);

/** Certificates by fingerprint, the one that was asked for longest ago first. */
const known = new Map<string, Certificate>();
/** Read again where it is forgotten: bounds memory, nothing else. */
const KNOWN_AT_MOST = 256;

/**
 * Throws MalformedDer when `der` is not a certificate. The few that stand in every signature, timestamp and answer are
 * parsed once: parsing takes longer than checking a signature.
 */
export function readCertificate(der: Uint8Array): Certificate {
  const fingerprint = createHash('sha256').update(der).digest('hex');
  // A copy: what is kept must not keep the file around it.
  const certificate = known.get(fingerprint) ?? parseCertificate(new Uint8Array(der), fingerprint);
  known.delete(fingerprint);
  known.set(fingerprint, certificate);
  if (known.size > KNOWN_AT_MOST) known.delete(known.keys().next().value!);
  return certificate;
}

function parseCertificate(der: Uint8Array, fingerprint: string): Certificate {
  const [tbsNode, outerAlgorithm] = fields(readDer(der));
  const all = fields(tbsNode);
  const tbs = all[0]?.tag === 0xa0 ? all.slice(1) : all;
  const [serial, algorithm, issuer, validity, subject, spki] = tbs;
  const [notBefore, notAfter] = fields(validity);
  const extensions = readExtensions(tbs.find((node) => node.tag === 0xa3));
  const { x509, publicKey } = parseX509(der);
  const unknown = [...extensions]
    .filter(([id, { critical }]) => critical && !UNDERSTOOD.has(id))
    .map(([id]) => id);
  const constraints = extensions.get(OID.basicConstraints);
  const basic = constraints === undefined ? [] : fields(readDer(constraints.value));
  const pathLength = basic.find((node) => node.tag === TAG.integer);
  return {
    der,
    fingerprint,
    serial: readIntegerHex(serial),
    issuer: issuer!.bytes,
    subject: subject!.bytes,
    name: commonName(subject!) ?? x509.subject.replaceAll('\n', ', '),
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    publicKey,
    keyBits: readBitString(fields(spki)[1]),
    keyIdentifier: keyIdentifierOf(extensions.get(OID.subjectKeyIdentifier)),
    isAuthority: basic[0]?.tag === TAG.boolean && basic[0].value[0] !== 0,
    pathLength: pathLength === undefined ? null : Number.parseInt(readIntegerHex(pathLength), 16),
    keyUsage: keyUsageOf(extensions.get(OID.keyUsage)),
    purposes: purposesOf(extensions.get(OID.extendedKeyUsage)),
    mailAddresses: mailAddressesOf(extensions.get(OID.subjectAltName)),
    ocspUrls: ocspUrlsOf(extensions.get(OID.authorityInfoAccess)),
    crlUrls: crlUrlsOf(extensions.get(OID.crlDistributionPoints)),
    noCheck: extensions.has(OID.ocspNoCheck),
    weakness: weaknessOf(publicKey, algorithm, outerAlgorithm, unknown),
    x509,
  };
}

function parseX509(der: Uint8Array): { x509: X509Certificate; publicKey: KeyObject } {
  try {
    const x509 = new X509Certificate(der);
    return { x509, publicKey: x509.publicKey };
  } catch (cause) {
    throw new MalformedDer(`unreadable certificate: ${String(cause)}`);
  }
}

function weaknessOf(
  key: KeyObject,
  algorithm: DerNode | undefined,
  outer: DerNode | undefined,
  unknownCritical: readonly string[],
): string | null {
  if (unknownCritical.length > 0) return `critical extensions not understood: ${unknownCritical.join(' ')}`;
  if (!isKeyStrong(key)) return 'its key is too weak or of an unsupported kind';
  if (!isSignatureAlgorithmStrong(algorithm)) return 'it is signed with a weak or unsupported algorithm';
  return Buffer.compare(algorithm!.bytes, outer!.bytes) === 0 ? null : 'its two algorithm fields differ';
}

export interface Extension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** The extensions in an EXPLICIT tag around SEQUENCE OF Extension, by OID; a repeated one is malformed (RFC 5280 4.2). */
export function readExtensions(tagged: DerNode | undefined): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  if (tagged === undefined) return found;
  for (const node of fields(children(tagged)[0])) {
    const parts = fields(node);
    const id = readOid(parts[0]);
    if (found.has(id)) throw new MalformedDer(`extension ${id} appears twice`);
    const critical = parts[1]?.tag === TAG.boolean && parts[1].value[0] !== 0;
    found.set(id, { critical, value: parts.at(-1)!.value });
  }
  return found;
}

function commonName(subject: DerNode): string | null {
  for (const relative of fields(subject))
    for (const attribute of children(relative)) {
      const [type, value] = fields(attribute);
      if (readOid(type) !== OID.commonName || value === undefined) continue;
      return value.tag === 0x1e
        ? Buffer.from(value.value).swap16().toString('utf16le')
        : Buffer.from(value.value).toString('utf8');
    }
  return null;
}

function keyIdentifierOf(extension: Extension | undefined): Uint8Array | null {
  return extension === undefined ? null : readDer(extension.value, TAG.octetString).value;
}

function keyUsageOf(extension: Extension | undefined): ReadonlySet<number> | null {
  if (extension === undefined) return null;
  const octets = readBitString(readDer(extension.value));
  const bits = [...octets].flatMap((octet, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => octet & (0x80 >> bit)).map((bit) => at * 8 + bit),
  );
  return new Set(bits);
}

function purposesOf(extension: Extension | undefined): Certificate['purposes'] {
  if (extension === undefined) return null;
  return { critical: extension.critical, oids: fields(readDer(extension.value)).map(readOid) };
}

/** GeneralName [1] (RFC 5280 4.2.1.6). */
function mailAddressesOf(extension: Extension | undefined): string[] {
  if (extension === undefined) return [];
  return fields(readDer(extension.value))
    .filter(({ tag }) => tag === 0x81)
    .map(({ value }) => Buffer.from(value).toString('latin1'));
}

function ocspUrlsOf(extension: Extension | undefined): string[] {
  if (extension === undefined) return [];
  return fields(readDer(extension.value))
    .map((description) => fields(description))
    .filter(([method]) => readOid(method) === OID.ocsp)
    .flatMap(([, location]) => httpUrl(location));
}

function crlUrlsOf(extension: Extension | undefined): string[] {
  if (extension === undefined) return [];
  return fields(readDer(extension.value))
    .flatMap((point) => fields(point).filter((part) => part.tag === 0xa0))
    .flatMap((name) => children(name).filter((part) => part.tag === 0xa0))
    .flatMap((fullName) => children(fullName).flatMap(httpUrl));
}

/** GeneralName [6] uniformResourceIdentifier, where it can be fetched over HTTP. */
function httpUrl(generalName: DerNode | undefined): string[] {
  if (generalName?.tag !== 0x86) return [];
  const url = Buffer.from(generalName.value).toString('latin1');
  return /^https?:\/\//i.test(url) ? [url] : [];
}

/** What a person wants to know of a certificate (DER); throws MalformedDer. */
export function describeCertificate(der: Uint8Array): {
  subject: string;
  issuer: string;
  notBefore: Date;
  notAfter: Date;
  serial: string;
} {
  const { x509, notBefore, notAfter, serial } = readCertificate(der);
  const oneLine = (name: string) => name.replaceAll('\n', ', ');
  return { subject: oneLine(x509.subject), issuer: oneLine(x509.issuer), notBefore, notAfter, serial };
}
