/** Issues the certificates of the test authority (RFC 5280 4; RFC 3161 2.3; RFC 6960 4.2.2.2). */
import { createHash, createPublicKey, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { OID, SIGNATURE_ALGORITHMS } from '../cms/algorithms.ts';
import { readCertificate } from '../cms/certificate.ts';
import {
  bitString,
  boolean,
  certificateTime,
  context,
  contextPrimitive,
  fields,
  integer,
  nullValue,
  octetString,
  oid,
  printableString,
  readBitString,
  readDer,
  sequence,
  setOf,
  utf8String,
} from '../cms/der.ts';

/** A key with its certificate (DER). */
export interface Identity {
  readonly key: KeyObject;
  readonly certificate: Uint8Array;
}

export interface CertificateTemplate {
  /** Common name, UTF8String. */
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Extension elements; key identifiers are added. */
  readonly extensions: readonly Uint8Array[];
}

/** Issues for a fresh RSA-2048 key; `issuer` null makes it self-signed. */
export async function issueIdentity(
  template: CertificateTemplate,
  issuer: Identity | null,
): Promise<Identity> {
  const { privateKey: key } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { key, certificate: issueCertificate(template, key, issuer) };
}

/** DER of a certificate for `key` signed by `issuer`, or by `key` itself. */
export function issueCertificate(
  { name, notBefore, notAfter, extensions }: CertificateTemplate,
  key: KeyObject,
  issuer: Identity | null,
): Uint8Array {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const subject = distinguishedName(name);
  const issuerKey = issuer?.key ?? key;
  const tbs = sequence(
    context(0, integer(2)),
    integer(positiveSerial()),
    signatureAlgorithmOf(issuerKey),
    issuer === null ? subject : readCertificate(issuer.certificate).subject,
    sequence(certificateTime(notBefore), certificateTime(notAfter)),
    subject,
    spki,
    context(
      3,
      sequence(
        ...extensions,
        extension(OID.subjectKeyIdentifier, octetString(keyIdentifier(spki))),
        extension(
          OID.authorityKeyIdentifier,
          sequence(
            contextPrimitive(
              0,
              keyIdentifier(createPublicKey(issuerKey).export({ format: 'der', type: 'spki' })),
            ),
          ),
        ),
      ),
    ),
  );
  return signedSequence(tbs, issuerKey);
}

/** The shape that certificates, CRLs and OCSP answers share: the signed part, the algorithm, the signature. */
export function signedSequence(tbs: Uint8Array, key: KeyObject, ...rest: readonly Uint8Array[]): Uint8Array {
  return sequence(tbs, signatureAlgorithmOf(key), bitString(sign('sha256', tbs, key)), ...rest);
}

export function signatureAlgorithmOf(key: KeyObject): Uint8Array {
  return SIGNATURE_ALGORITHMS[key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256'];
}

/** 16 random octets that read as a positive INTEGER. */
export function positiveSerial(): Uint8Array {
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial;
}

function distinguishedName(commonName: string): Uint8Array {
  return sequence(
    setOf(sequence(oid(OID.country), printableString('JP'))),
    setOf(sequence(oid(OID.organization), utf8String('契約便 試験用（法的効力なし）'))),
    setOf(sequence(oid(OID.commonName), utf8String(commonName))),
  );
}

function keyIdentifier(spki: Uint8Array): Uint8Array {
  return createHash('sha1')
    .update(readBitString(fields(readDer(spki))[1]))
    .digest();
}

export function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

export const authorityExtensions = (): Uint8Array[] => [
  extension(OID.basicConstraints, sequence(boolean(true)), true),
  extension(OID.keyUsage, bitString(Uint8Array.of(0b00000110), 1), true),
];

/** digitalSignature, and nonRepudiation where a declaration of will is signed. */
export const signingKeyUsage = (nonRepudiation: boolean): Uint8Array =>
  extension(
    OID.keyUsage,
    bitString(Uint8Array.of(nonRepudiation ? 0b11000000 : 0b10000000), nonRepudiation ? 6 : 7),
    true,
  );

export const purposeExtension = (purpose: string, critical: boolean): Uint8Array =>
  extension(OID.extendedKeyUsage, sequence(oid(purpose)), critical);

export const noCheckExtension = (): Uint8Array => extension(OID.ocspNoCheck, nullValue());

/** Where OCSP answers and CRLs are to be had, each only when given. */
export function revocationExtensions(urls: { readonly ocsp?: string; readonly crl?: string }): Uint8Array[] {
  const uri = (url: string) => contextPrimitive(6, Buffer.from(url, 'latin1'));
  return [
    ...(urls.ocsp === undefined
      ? []
      : [extension(OID.authorityInfoAccess, sequence(sequence(oid(OID.ocsp), uri(urls.ocsp))))]),
    ...(urls.crl === undefined
      ? []
      : [extension(OID.crlDistributionPoints, sequence(sequence(context(0, context(0, uri(urls.crl))))))]),
  ];
}
