/** A signing identity whose key never leaves its HSM (R52; PKCS #11 2.40; RFC 8017 9.2, RFC 5753 for the signature's shape). */
import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Handle, Template } from 'pkcs11js';
import { OID } from '../cms/algorithms.ts';
import { integer, nullValue, octetString, oid, readDer, readOid, sequence, TAG } from '../cms/der.ts';
import { type Credential, SigningError } from '../ports.ts';
import { ownCertificate } from './own-certificate.ts';
import { pemCertificates, readable } from './pem.ts';
import { openLibrary } from './pkcs11-library.ts';
import { type Session, type TokenChoice, tokenOf } from './pkcs11-token.ts';

export interface Pkcs11CredentialOptions extends TokenChoice {
  /** Path of the maker's library. */
  readonly module: string;
  /** The HSM has so long to answer, seconds. */
  readonly patienceSeconds: number;
  /** CKA_LABEL of the private key; null with `keyId` null too: the only one. */
  readonly keyLabel: string | null;
  /** CKA_ID, hexadecimal. */
  readonly keyId: string | null;
  /** PEM, in any order; null takes the token's. */
  readonly certificates: string | null;
}

/** A credential that holds a session open until it is closed. */
export interface HsmCredential extends Credential {
  close(): Promise<void>;
}

const CURVES: Readonly<Record<string, { readonly crv: string; readonly octets: number }>> = {
  '1.2.840.10045.3.1.7': { crv: 'P-256', octets: 32 },
  '1.3.132.0.34': { crv: 'P-384', octets: 48 },
};

/**
 * Opens token, key and certificates. Rejects with SigningError: transiently while the token is away, permanently for a
 * refused PIN, a missing or ambiguous key, or certificates that are not the key's.
 */
export async function pkcs11Credential(options: Pkcs11CredentialOptions): Promise<HsmCredential> {
  const token = tokenOf(await openLibrary(options.module, options.patienceSeconds), options);
  try {
    const identity = await token.use((session) => {
      const key = privateKey(session, options);
      const certificates =
        options.certificates === null
          ? certificatesOn(session)
          : readable('certificates', () => pemCertificates(options.certificates!));
      return ownCertificate(publicKeyOf(session, key), certificates);
    });
    const rsa = identity.algorithm === 'rsa-sha256';
    // A handle does not outlive its session.
    const handles = new WeakMap<Session, Handle>();
    const keyIn = (session: Session): Handle => {
      const key = handles.get(session) ?? privateKey(session, options);
      handles.set(session, key);
      return key;
    };
    return {
      ...identity,
      sign: (data) =>
        token.use(async (session) => {
          const digest = createHash('sha256').update(data).digest();
          const { pkcs11, constants, handle } = session;
          const mechanism = rsa ? constants.CKM_RSA_PKCS : constants.CKM_ECDSA;
          pkcs11.C_SignInit(handle, { mechanism }, keyIn(session));
          const value = await pkcs11.C_SignAsync(
            handle,
            rsa ? digestInfo(digest) : digest,
            Buffer.alloc(1024),
          );
          return rsa ? value : derOf(value);
        }),
      close: () => token.close(),
    };
  } catch (error) {
    await token.close();
    throw error;
  }
}

function privateKey({ find, constants }: Session, { keyLabel, keyId }: Pkcs11CredentialOptions): Handle {
  const template: Template = [
    { type: constants.CKA_CLASS, value: constants.CKO_PRIVATE_KEY },
    ...(keyLabel === null ? [] : [{ type: constants.CKA_LABEL, value: keyLabel }]),
    ...(keyId === null ? [] : [{ type: constants.CKA_ID, value: Buffer.from(keyId, 'hex') }]),
  ];
  const [key, ...others] = find(template);
  if (key !== undefined && others.length === 0) return key;
  const wanted = [
    ...(keyLabel === null ? [] : [`labelled "${keyLabel}"`]),
    ...(keyId === null ? [] : [`with id ${keyId}`]),
  ].join(' ');
  const found = key === undefined ? 'no private key' : `${others.length + 1} private keys`;
  throw new SigningError(`the token has ${`${found} ${wanted}`.trim()}`, { transient: false });
}

function certificatesOn({ find, attribute, constants }: Session): X509Certificate[] {
  const all = find([
    { type: constants.CKA_CLASS, value: constants.CKO_CERTIFICATE },
    { type: constants.CKA_CERTIFICATE_TYPE, value: constants.CKC_X_509 },
  ]);
  return readable('certificates on the token', () =>
    all.map((object) => new X509Certificate(attribute(object, constants.CKA_VALUE)!)),
  );
}

/** The public half, by which the certificate is recognised without signing anything. */
function publicKeyOf({ find, attribute, constants }: Session, key: Handle): KeyObject {
  const id = attribute(key, constants.CKA_ID);
  const halves =
    id === null
      ? []
      : find([
          { type: constants.CKA_CLASS, value: constants.CKO_PUBLIC_KEY },
          { type: constants.CKA_ID, value: id },
        ]);
  const read = (type: number): Buffer | null =>
    [...halves, key].map((object) => attribute(object, type)).find((value) => value !== null) ?? null;
  const kind = attribute(key, constants.CKA_KEY_TYPE);
  const parameters = read(constants.CKA_EC_PARAMS);
  if (kind?.readUInt8() === constants.CKK_EC && parameters !== null) {
    const curve = readable('curve of the key', () => CURVES[readOid(readDer(parameters, TAG.oid))]);
    const point = read(constants.CKA_EC_POINT);
    if (curve === undefined)
      throw new SigningError('the key is not on the curve P-256 or P-384', { transient: false });
    if (point !== null) return pointKey(point, curve);
  }
  const [n, e] = [read(constants.CKA_MODULUS), read(constants.CKA_PUBLIC_EXPONENT)];
  if (n !== null && e !== null) {
    const jwk = { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') };
    return createPublicKey({ key: jwk, format: 'jwk' });
  }
  throw new SigningError(
    'the token does not tell the public key: it needs a public key object of the same id',
    {
      transient: false,
    },
  );
}

/** Uncompressed point, in an OCTET STRING as the standard wants it or bare as some tokens give it. */
function pointKey(point: Buffer, { crv, octets }: { crv: string; octets: number }): KeyObject {
  const bare = point.length === 1 + 2 * octets ? point : Buffer.from(readDer(point, TAG.octetString).value);
  const [x, y] = [bare.subarray(1, 1 + octets), bare.subarray(1 + octets)];
  const jwk = { kty: 'EC', crv, x: x.toString('base64url'), y: y.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

/** RFC 8017 9.2: what PKCS #1 v1.5 pads and signs. */
function digestInfo(digest: Buffer): Buffer {
  return Buffer.from(sequence(sequence(oid(OID.sha256), nullValue()), octetString(digest)));
}

/** r ‖ s as Cryptoki gives it, in the DER that X.509 and CMS use (RFC 3279 2.2.3). */
function derOf(value: Buffer): Uint8Array {
  const half = value.length / 2;
  return sequence(integer(value.subarray(0, half)), integer(value.subarray(half)));
}
