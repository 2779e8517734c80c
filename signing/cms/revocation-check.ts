/** What the revocation answers stored in a file prove of a path, without any network (ETSI EN 319 102-1 5.2.5, 5.6). */
import type { ValidationData } from '../ports.ts';
import type { Certificate } from './certificate.ts';
import { readCrl } from './crl.ts';
import { MalformedDer } from './der.ts';
import { readOcsp } from './ocsp.ts';
import { isIssuedSince, type RevocationAnswer, showsInForce } from './revocation-answer.ts';

/**
 * What the stored answers leave unproven of a path (leaf first, root last): each certificate below the root needs an
 * answer that it stood at `time`, issued since `notBefore` when that is given, and none that revokes it up to `time`.
 */
export function problemsOfRevocation(
  path: readonly Certificate[],
  data: ValidationData,
  time: Date,
  notBefore: Date | null,
): string[] {
  return path.slice(0, -1).flatMap((certificate, at) => {
    const problem = problemOf(certificate, path[at + 1]!, data, time, notBefore, new Set());
    return problem === null ? [] : [problem];
  });
}

/** `asking`: fingerprints of the responders whose own standing is being looked at, so that none vouches for itself. */
function problemOf(
  certificate: Certificate,
  issuer: Certificate,
  data: ValidationData,
  time: Date,
  notBefore: Date | null,
  asking: ReadonlySet<string>,
): string | null {
  const authentic = answersFor(certificate, issuer, data).filter(({ problem }) => problem === null);
  if (authentic.some(({ revokedAt }) => revokedAt !== null && revokedAt <= time))
    return `revoked: "${certificate.name}" was revoked`;
  const proof = authentic.some(
    (answer) =>
      showsInForce(answer, time) &&
      (notBefore === null || isIssuedSince(answer, notBefore)) &&
      isResponderProven(answer.responder),
  );
  if (proof) return null;
  const since = notBefore === null ? '' : ` issued since ${notBefore.toISOString()}`;
  return `revocation-unproven: no answer${since} that "${certificate.name}" was not revoked`;

  function isResponderProven(responder: Certificate | null): boolean {
    if (responder === null || responder.noCheck) return true;
    if (asking.has(responder.fingerprint)) return false;
    const next = new Set([...asking, responder.fingerprint]);
    return problemOf(responder, issuer, data, time, notBefore, next) === null;
  }
}

function answersFor(certificate: Certificate, issuer: Certificate, data: ValidationData): RevocationAnswer[] {
  const read = (reader: typeof readOcsp) => (der: Uint8Array) => {
    try {
      return reader(der, certificate, issuer) ?? [];
    } catch (error) {
      if (error instanceof MalformedDer) return [];
      throw error;
    }
  };
  return [...data.ocspResponses.flatMap(read(readOcsp)), ...data.crls.flatMap(read(readCrl))];
}
