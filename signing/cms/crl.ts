/** Certificate revocation lists: complete, direct ones of the certificate's own issuer (RFC 5280 5, 6.3). */
import { isSignedBy, OID } from './algorithms.ts';
import { type Certificate, KEY_USAGE, readExtensions } from './certificate.ts';
import { children, fields, readBitString, readDer, readIntegerHex, readTime, TAG } from './der.ts';
import type { RevocationAnswer } from './revocation-answer.ts';
import { sameOctets } from './signer.ts';

/** Throws MalformedDer; null when the list is of another issuer or of another kind of certificate. */
export function readCrl(
  der: Uint8Array,
  certificate: Certificate,
  issuer: Certificate,
): RevocationAnswer | null {
  const [tbs, algorithm, signature] = fields(readDer(der));
  const all = fields(tbs);
  const [, name, thisUpdate, ...rest] = all[0]?.tag === TAG.integer ? all.slice(1) : all;
  if (name === undefined || !sameOctets(name.bytes, issuer.subject)) return null;
  const next = rest.find((part) => part.tag === TAG.utcTime || part.tag === TAG.generalizedTime);
  const list = rest.find((part) => part.tag === TAG.sequence);
  const extensions = readExtensions(rest.find((part) => part.tag === 0xa0));
  const point = extensions.get(OID.issuingDistributionPoint);
  const coverage = point === undefined ? 'all' : coverageOf(point.value, certificate);
  if (coverage === 'none') return null;
  const entry = (list === undefined ? [] : children(list)).find(
    (node) => readIntegerHex(fields(node)[0]) === certificate.serial,
  );
  const unknown = [...extensions].filter(
    ([id, { critical }]) => critical && id !== OID.issuingDistributionPoint,
  );
  return {
    kind: 'crl',
    der,
    status: entry === undefined ? 'good' : 'revoked',
    revokedAt: entry === undefined ? null : readTime(fields(entry)[1]),
    thisUpdate: readTime(thisUpdate),
    nextUpdate: next === undefined ? null : readTime(next),
    responder: null,
    problem:
      unknown.length > 0 || coverage === 'unsupported'
        ? 'the CRL is of a kind not supported here (delta, indirect or by reasons)'
        : issuer.keyUsage?.has(KEY_USAGE.cRLSign) === false
          ? `"${issuer.name}" may not sign CRLs`
          : isSignedBy(issuer.publicKey, algorithm, null, tbs!.bytes, readBitString(signature))
            ? null
            : 'the signature of the CRL does not verify',
  };
}

/** IssuingDistributionPoint: only users [1], only authorities [2], some reasons [3], indirect [4], attributes [5]. */
function coverageOf(point: Uint8Array, certificate: Certificate): 'all' | 'none' | 'unsupported' {
  const flags = new Set(
    fields(readDer(point))
      .filter((part) => part.tag !== 0xa0)
      .map((part) => part.tag & 0x1f),
  );
  if (flags.has(3) || flags.has(4)) return 'unsupported';
  if (flags.has(5)) return 'none';
  return flags.has(certificate.isAuthority ? 1 : 2) ? 'none' : 'all';
}
