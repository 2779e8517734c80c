/** Reads RFC 3161 timestamp tokens and checks them against what they should attest (RFC 3161 2.4.2, RFC 5816). */
import { createHash } from 'node:crypto';
import { digestName, OID } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import {
  children,
  type DerNode,
  fields,
  MalformedDer,
  readDer,
  readIntegerHex,
  readOid,
  readTime,
  TAG,
} from './der.ts';
import { findPath } from './path.ts';
import { maySign } from './purpose.ts';
import { problemsOfSigner, readSignedData, type SignedData, sameOctets } from './signer.ts';

export interface TimestampTokenInfo {
  readonly signedData: SignedData;
  readonly imprint: Uint8Array;
  /** node:crypto's name of the imprint's hash, null when it is too weak. */
  readonly imprintHash: string | null;
  /** genTime. */
  readonly time: Date;
  /** Lower-case hex, null when the request had none. */
  readonly nonce: string | null;
  /** OID of the policy under which the token was issued. */
  readonly policy: string;
  /** How far genTime may be off, by the authority's own word; 0 when it does not say. */
  readonly accuracySeconds: number;
  /** Whether an extension that we do not understand decides what the token means. */
  readonly hasCriticalExtension: boolean;
}

/** `bytes`: a ContentInfo, zero padding may follow; throws MalformedDer. */
export function readTimestampToken(bytes: Uint8Array): TimestampTokenInfo {
  const signedData = readSignedData(bytes);
  if (signedData.contentType !== OID.tstInfo || signedData.content === null)
    throw new MalformedDer('the CMS carries no TSTInfo');
  const [version, policy, messageImprint, , genTime, ...optional] = fields(readDer(signedData.content));
  if (readIntegerHex(version) !== '01') throw new MalformedDer('the TSTInfo is of an unknown version');
  const [hashAlgorithm, hashedMessage] = fields(messageImprint);
  const nonce = optional.find((part) => part.tag === TAG.integer);
  if (hashedMessage?.tag !== TAG.octetString) throw new MalformedDer('the TSTInfo has no imprint');
  return {
    signedData,
    imprint: hashedMessage.value,
    imprintHash: digestName(hashAlgorithm),
    time: readTime(genTime),
    nonce: nonce === undefined ? null : readIntegerHex(nonce),
    policy: readOid(policy),
    accuracySeconds: readAccuracy(optional.find((part) => part.tag === TAG.sequence)),
    hasCriticalExtension: optional
      .filter((part) => part.tag === 0xa1)
      .flatMap(children)
      .some((extension) => fields(extension)[1]?.tag === TAG.boolean),
  };
}

/** Accuracy: seconds, [0] milliseconds, [1] microseconds, each of them optional. */
function readAccuracy(accuracy: DerNode | undefined): number {
  const parts = accuracy === undefined ? [] : fields(accuracy);
  const amount = (tag: number): number => {
    const part = parts.find((candidate) => candidate.tag === tag);
    return part === undefined ? 0 : Number(`0x${Buffer.from(part.value).toString('hex') || '0'}`);
  };
  return amount(TAG.integer) + amount(0x80) / 1000 + amount(0x81) / 1_000_000;
}

/** The signature timestamp of a CAdES signature, null without one; throws MalformedDer on several. */
export function signatureTimestampOf({ unsignedAttributes }: SignedData): TimestampTokenInfo | null {
  const values = unsignedAttributes.get(OID.signatureTimestamp) ?? [];
  if (values.length > 1) throw new MalformedDer(`${values.length} signature timestamps instead of one`);
  return values[0] === undefined ? null : readTimestampToken(values[0].bytes);
}

export interface TimestampTrust {
  readonly trust: readonly Certificate[];
  readonly pool: readonly Certificate[];
  /** Moments beside genTime at which the authority's certificates have to be valid. */
  readonly alsoValidAt: readonly Date[];
}

/** What speaks against the token, and the authority's path when there is one. */
export function checkTimestampToken(
  token: TimestampTokenInfo,
  digest: Uint8Array,
  { trust, pool, alsoValidAt }: TimestampTrust,
): { problems: string[]; path: readonly Certificate[] | null } {
  const { signedData, time } = token;
  const hash = digestName(signedData.digestAlgorithm);
  if (hash === null || signedData.content === null)
    return { problems: ['algorithm: the token is hashed with a weak or unsupported digest'], path: null };
  const contentDigest = createHash(hash).update(signedData.content).digest();
  const problems = problemsOfSigner(signedData, { contentType: OID.tstInfo, digest: contentDigest });
  if (token.hasCriticalExtension) problems.push('extension: a critical one that is not understood');
  if (token.imprintHash === null) problems.push('algorithm: the imprint is weak or unsupported');
  if (!sameOctets(token.imprint, digest)) problems.push('imprint-mismatch: the token attests other octets');
  const { signer } = signedData;
  if (signer === null) return { problems, path: null };
  if (signer.purposes?.critical !== true || signer.purposes.oids.join() !== OID.timeStamping)
    problems.push(`key-usage: "${signer.name}" lacks the critical, sole purpose timeStamping`);
  if (!maySign(signer)) problems.push(`key-usage: "${signer.name}" may not sign`);
  const found = findPath(signer, [...signedData.certificates, ...pool], trust, [time, ...alsoValidAt]);
  if ('problem' in found) return { problems: [...problems, found.problem], path: null };
  return { problems, path: found.path };
}
