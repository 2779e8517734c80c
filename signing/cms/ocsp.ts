/** OCSP requests, and responses checked for who may have given them (RFC 6960 4). */
import { createHash } from 'node:crypto';
import { isSignedBy, OID } from './algorithms.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import {
  children,
  type DerNode,
  expectTag,
  fields,
  integer,
  MalformedDer,
  nullValue,
  octetString,
  oid,
  readBitString,
  readDer,
  readIntegerHex,
  readOid,
  readTime,
  sequence,
  TAG,
} from './der.ts';
import { hasIssued } from './path.ts';
import type { RevocationAnswer } from './revocation-answer.ts';
import { sameOctets } from './signer.ts';

/** OCSPRequest for one certificate; CertID in SHA-1, which names it and every responder knows (RFC 5019 2.1.1). */
export function ocspRequest(certificate: Certificate, issuer: Certificate): Uint8Array {
  const certId = sequence(
    sequence(oid(OID.sha1), nullValue()),
    octetString(createHash('sha1').update(certificate.issuer).digest()),
    octetString(createHash('sha1').update(issuer.keyBits).digest()),
    integer(Buffer.from(certificate.serial, 'hex')),
  );
  return sequence(sequence(sequence(sequence(certId))));
}

/** Throws MalformedDer; null when the response does not speak of `certificate`. */
export function readOcsp(
  der: Uint8Array,
  certificate: Certificate,
  issuer: Certificate,
): RevocationAnswer | null {
  const [status, explicit] = fields(readDer(der));
  const code = expectTag(status, TAG.enumerated).value[0];
  if (code !== 0) throw new MalformedDer(`the responder answers with error status ${code}`);
  const [type, response] = fields(children(expectTag(explicit, 0xa0))[0]);
  if (readOid(type) !== OID.ocspBasic) throw new MalformedDer('the response is not of the basic type');
  const [tbs, algorithm, signature, embedded] = fields(readDer(expectTag(response, TAG.octetString).value));
  const parts = fields(tbs).filter((part, at) => !(at === 0 && part.tag === 0xa0));
  const [responderId, producedAt, responses] = parts;
  const single = fields(responses)
    .map((node) => fields(node))
    .find(([certId]) => names(certId, certificate, issuer));
  if (single === undefined) return null;
  const [, certStatus, thisUpdate, ...optional] = single;
  const nextUpdate = optional.find((part) => part.tag === 0xa0);
  const signer = findSigner(responderId, embedded, issuer);
  return {
    kind: 'ocsp',
    der,
    ...readStatus(certStatus),
    thisUpdate: readTime(thisUpdate),
    nextUpdate: nextUpdate === undefined ? null : readTime(children(nextUpdate)[0]),
    responder: signer === undefined || sameOctets(signer.der, issuer.der) ? null : signer,
    problem:
      signer === undefined
        ? 'the OCSP response is signed by nobody it includes'
        : !isSignedBy(signer.publicKey, algorithm, null, tbs!.bytes, readBitString(signature))
          ? 'the signature of the OCSP response does not verify'
          : objectionToResponder(signer, issuer, readTime(producedAt)),
  };
}

/** Whether CertID means this certificate of this issuer. */
function names(certId: DerNode | undefined, certificate: Certificate, issuer: Certificate): boolean {
  const [algorithm, nameHash, keyHash, serial] = fields(certId);
  const hash = { [OID.sha1]: 'sha1', [OID.sha256]: 'sha256' }[readOid(fields(algorithm)[0])];
  if (hash === undefined || readIntegerHex(serial) !== certificate.serial) return false;
  return (
    sameOctets(
      expectTag(nameHash, TAG.octetString).value,
      createHash(hash).update(certificate.issuer).digest(),
    ) &&
    sameOctets(expectTag(keyHash, TAG.octetString).value, createHash(hash).update(issuer.keyBits).digest())
  );
}

function readStatus(node: DerNode | undefined): Pick<RevocationAnswer, 'status' | 'revokedAt'> {
  if (node?.tag === 0x80) return { status: 'good', revokedAt: null };
  if (node?.tag === 0xa1) return { status: 'revoked', revokedAt: readTime(children(node)[0]) };
  return { status: 'unknown', revokedAt: null };
}

/** The certificate that ResponderID names: the issuer's own, or one that came with the response. */
function findSigner(
  responderId: DerNode | undefined,
  embedded: DerNode | undefined,
  issuer: Certificate,
): Certificate | undefined {
  const included =
    embedded === undefined
      ? []
      : fields(children(expectTag(embedded, 0xa0))[0]).map(({ bytes }) => readCertificate(bytes));
  return [issuer, ...included].find(({ subject, keyBits }) => {
    const [inner] = children(expectTag(responderId, responderId?.tag === 0xa1 ? 0xa1 : 0xa2));
    if (inner === undefined) return false;
    return responderId?.tag === 0xa1
      ? sameOctets(inner.bytes, subject)
      : sameOctets(inner.value, createHash('sha1').update(keyBits).digest());
  });
}

/** RFC 6960 4.2.2.2: the issuer, or whom the issuer itself appointed. */
function objectionToResponder(signer: Certificate, issuer: Certificate, producedAt: Date): string | null {
  if (producedAt < signer.notBefore || producedAt > signer.notAfter)
    return `the OCSP responder "${signer.name}" was not valid when it answered`;
  if (sameOctets(signer.der, issuer.der)) return null;
  if (signer.weakness !== null) return `the OCSP responder "${signer.name}": ${signer.weakness}`;
  if (signer.purposes?.oids.includes(OID.ocspSigning) !== true || !hasIssued(issuer, signer))
    return `the OCSP responder "${signer.name}" is not appointed by "${issuer.name}"`;
  return null;
}
