/** Which object identifiers mean what, and which hashes and keys are strong enough (RFC 5754, RFC 5758; CRYPTREC). */
import { createHash, type KeyObject, verify } from 'node:crypto';
import type { Credential } from '../ports.ts';
import { type DerNode, fields, nullValue, oid, readOid, sequence } from './der.ts';

export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  signatureTimestamp: '1.2.840.113549.1.9.16.2.14',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  sha256WithEcdsa: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  country: '2.5.4.6',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  issuingDistributionPoint: '2.5.29.28',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ocsp: '1.3.6.1.5.5.7.48.1',
  ocspBasic: '1.3.6.1.5.5.7.48.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
} as const;

type Hash = 'sha256' | 'sha384' | 'sha512';

const DIGESTS: Readonly<Record<string, Hash>> = {
  [OID.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** null: the hash is named elsewhere (rsaEncryption in a SignerInfo takes the digestAlgorithm's). */
const SIGNATURES: Readonly<Record<string, { key: 'rsa' | 'ec'; hash: Hash | null }>> = {
  [OID.rsaEncryption]: { key: 'rsa', hash: null },
  [OID.sha256WithRsa]: { key: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', hash: 'sha512' },
  [OID.sha256WithEcdsa]: { key: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', hash: 'sha512' },
};

/** AlgorithmIdentifier of the one hash that is used for signing. */
export const SHA256: Uint8Array = sequence(oid(OID.sha256));

/** AlgorithmIdentifier of a credential's signatures (RFC 5754 3, RFC 5758 3). */
export const SIGNATURE_ALGORITHMS: Readonly<Record<Credential['algorithm'], Uint8Array>> = {
  'rsa-sha256': sequence(oid(OID.sha256WithRsa), nullValue()),
  'ecdsa-sha256': sequence(oid(OID.sha256WithEcdsa)),
};

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** node:crypto's name of the AlgorithmIdentifier's hash; null when it is unknown or too weak (MD5, SHA-1). */
export function digestName(algorithm: DerNode | undefined): Hash | null {
  return DIGESTS[readOid(fields(algorithm)[0])] ?? null;
}

/** Whether certificates signed with this AlgorithmIdentifier are accepted. */
export function isSignatureAlgorithmStrong(algorithm: DerNode | undefined): boolean {
  const known = SIGNATURES[readOid(fields(algorithm)[0])];
  return known !== undefined && known.hash !== null;
}

/** Whether the key is RSA of 2,048 bits or more, or an elliptic curve of 256 or more. */
export function isKeyStrong(key: KeyObject): boolean {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'rsa') return (details?.modulusLength ?? 0) >= 2048;
  return (
    key.asymmetricKeyType === 'ec' &&
    ['prime256v1', 'secp384r1', 'secp521r1'].includes(details?.namedCurve ?? '')
  );
}

/**
 * Whether `value` is a signature over `data` by `key` under the AlgorithmIdentifier `algorithm`.
 * `hash` is the SignerInfo's digest, which the signature has to use too (RFC 5754 3.2); null outside a SignerInfo.
 */
export function isSignedBy(
  key: KeyObject,
  algorithm: DerNode | undefined,
  hash: Hash | null,
  data: Uint8Array,
  value: Uint8Array,
): boolean {
  const known = SIGNATURES[readOid(fields(algorithm)[0])];
  if (known === undefined || key.asymmetricKeyType !== known.key || !isKeyStrong(key)) return false;
  if (known.hash !== null && hash !== null && known.hash !== hash) return false;
  const name = known.hash ?? hash;
  return name !== null && verify(name, data, key, value);
}
