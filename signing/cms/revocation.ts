/** Fetches proof that a certificate is not revoked: OCSP first, else CRL (RFC 6960 A, RFC 5280 4.2.1.13). */
import { type RevocationProvider, SigningError, type ValidationData } from '../ports.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { readCrl } from './crl.ts';
import { MalformedDer } from './der.ts';
import { exchange } from './http.ts';
import { ocspRequest, readOcsp } from './ocsp.ts';
import { hasIssued } from './path.ts';
import { isIssuedSince, type RevocationAnswer } from './revocation-answer.ts';
import { mergeValidationData, NO_VALIDATION_DATA } from './validation-data.ts';

export interface HttpRevocationOptions {
  /** DER roots: they are believed as they are and need no proof. */
  readonly trust: readonly Uint8Array[];
  /** Per request; 20,000 unless told. */
  readonly timeoutMs?: number;
}

const OCSP_LIMIT = 1 << 20;
const CRL_LIMIT = 64 << 20;
/** How far ahead of our clock an answer may be dated. */
const CLOCK_TOLERANCE_MS = 300_000;

/** Keeps the last CRL of each address, since lists are large and serve many certificates. */
export function httpRevocationProvider({
  trust,
  timeoutMs = 20_000,
}: HttpRevocationOptions): RevocationProvider {
  const roots = new Set(trust.map((der) => readCertificate(der).fingerprint));
  const lists = new Map<string, Uint8Array>();

  async function askOcsp(url: string, certificate: Certificate, issuer: Certificate) {
    const body = ocspRequest(certificate, issuer);
    const contentType = 'application/ocsp-request';
    return readOcsp(
      await exchange({ url, body, contentType, timeoutMs, limit: OCSP_LIMIT, awaits: 'revocation' }),
      certificate,
      issuer,
    );
  }

  async function askCrl(url: string, certificate: Certificate, issuer: Certificate, notBefore: Date) {
    const kept = lists.get(url);
    const known = kept === undefined ? null : readCrl(kept, certificate, issuer);
    if (known !== null && objectionTo(known, notBefore) === null) return known;
    const list = await exchange({ url, timeoutMs, limit: CRL_LIMIT, awaits: 'revocation' });
    const answer = readCrl(list, certificate, issuer);
    if (answer?.problem === null) lists.set(url, list);
    return answer;
  }

  async function prove(
    certificate: Certificate,
    issuer: Certificate,
    notBefore: Date,
    asking: readonly string[],
  ): Promise<ValidationData> {
    const attempts = [
      ...certificate.ocspUrls.map((url) => ({ url, ask: () => askOcsp(url, certificate, issuer) })),
      ...certificate.crlUrls.map((url) => ({ url, ask: () => askCrl(url, certificate, issuer, notBefore) })),
    ];
    if (attempts.length === 0)
      throw new SigningError(`certificate "${certificate.name}" names neither an OCSP responder nor a CRL`, {
        transient: false,
      });
    const failures: string[] = [];
    for (const { url, ask } of attempts) {
      const outcome = await settle(ask);
      const failure = typeof outcome === 'string' ? outcome : objectionTo(outcome, notBefore);
      if (failure !== null || typeof outcome === 'string') {
        failures.push(`${url}: ${failure}`);
        continue;
      }
      if (outcome.status === 'revoked')
        throw new SigningError(
          `certificate "${certificate.name}" was revoked at ${outcome.revokedAt?.toISOString()}`,
          {
            transient: false,
          },
        );
      const { responder } = outcome;
      if (responder === null || responder.noCheck) return dataOf(outcome);
      if (asking.includes(responder.fingerprint)) {
        failures.push(`${url}: the responder "${responder.name}" vouches only for itself`);
        continue;
      }
      const own = await prove(responder, issuer, notBefore, [...asking, responder.fingerprint]);
      return mergeValidationData([dataOf(outcome), own]);
    }
    throw new SigningError(`no proof yet that "${certificate.name}" is not revoked: ${failures.join('; ')}`, {
      transient: true,
    });
  }

  return {
    async prove(certificateDer, issuerDer, notBefore) {
      const certificate = readCertificate(certificateDer);
      const issuer = readCertificate(issuerDer);
      if (roots.has(certificate.fingerprint)) return NO_VALIDATION_DATA;
      if (!hasIssued(issuer, certificate))
        throw new SigningError(`"${issuer.name}" did not issue "${certificate.name}"`, { transient: false });
      return prove(certificate, issuer, notBefore, []);
    },
  };
}

/** The answer, or why there is none. */
async function settle(ask: () => Promise<RevocationAnswer | null>): Promise<RevocationAnswer | string> {
  try {
    return (await ask()) ?? 'the answer is about other certificates';
  } catch (error) {
    if (error instanceof SigningError || error instanceof MalformedDer) return error.message;
    throw error;
  }
}

/** Why an answer is no use now; a revocation is of use however old. */
function objectionTo(answer: RevocationAnswer, notBefore: Date): string | null {
  const { problem, status, thisUpdate, nextUpdate } = answer;
  if (problem !== null) return problem;
  if (status === 'revoked') return null;
  if (status === 'unknown') return 'the responder does not know the certificate';
  const due = nextUpdate === null ? 'at a time not stated' : `by ${nextUpdate.toISOString()}`;
  if (!isIssuedSince(answer, notBefore))
    return `its answer of ${thisUpdate.toISOString()} is older than ${notBefore.toISOString()}, the next is due ${due}`;
  if (nextUpdate !== null && nextUpdate.getTime() < Date.now())
    return `its answer ran out, a new one was due ${due}`;
  if (thisUpdate.getTime() > Date.now() + CLOCK_TOLERANCE_MS)
    return `its answer is dated ahead of our clock (${thisUpdate.toISOString()})`;
  return null;
}

function dataOf({ kind, der, responder }: RevocationAnswer): ValidationData {
  return {
    certificates: responder === null ? [] : [responder.der],
    ocspResponses: kind === 'ocsp' ? [der] : [],
    crls: kind === 'crl' ? [der] : [],
  };
}
