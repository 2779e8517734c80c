/** Fetches proof that a certificate is not revoked: OCSP first, else CRL (RFC 6960 A, RFC 5280 4.2.1.13). */
import { type RevocationProvider, SigningError, type ValidationData } from '../ports.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { CLOCK_TOLERANCE_MS } from './clocks.ts';
import { readCrl } from './crl.ts';
import { MalformedDer } from './der.ts';
import { exchange, keptConnections } from './http.ts';
import { ocspRequest, readOcsp } from './ocsp.ts';
import { hasIssued } from './path.ts';
import { isIssuedSince, type RevocationAnswer, showsInForce } from './revocation-answer.ts';
import { type Answers, keptAnswers } from './revocation-kept.ts';
import { mergeValidationData, NO_VALIDATION_DATA } from './validation-data.ts';

export interface HttpRevocationOptions {
  /** DER roots: they are believed as they are and need no proof. */
  readonly trust: readonly Uint8Array[];
  /** Per request, milliseconds; 20,000 unless told. */
  readonly timeoutMs?: number;
  /** Octets of the largest CRL taken; 64 MiB unless told. */
  readonly crlLimit?: number;
  readonly clock?: () => Date;
}

/** Octets: an answer has a few thousand (RFC 6960 4.2), what is larger is none. */
const OCSP_LIMIT = 1 << 20;

/** A certificate on which a signature or timestamp depends was revoked before that could be relied on. */
export class RevokedCertificate extends SigningError {
  override readonly name = 'RevokedCertificate';
  readonly certificate: Certificate;
  constructor(certificate: Certificate, revokedAt: Date) {
    super(`certificate "${certificate.name}" was revoked at ${revokedAt.toISOString()}`, {
      transient: false,
    });
    this.certificate = certificate;
  }
}

/** Why an answer is of no use now; `until`: when at the latest a newer one is due. */
interface Objection {
  readonly reason: string;
  readonly until?: Date | null;
}

/**
 * What was answered is kept, so that the documents of a contract do not ask the same again: an answer counts for every
 * timestamp it is newer than. Rejections carry `retryAt` where only newer answers are missing and the sources say when.
 */
export function httpRevocationProvider(options: HttpRevocationOptions): RevocationProvider {
  const { timeoutMs = 20_000, crlLimit = 64 << 20, clock = () => new Date() } = options;
  const roots = new Set(options.trust.map((der) => readCertificate(der).fingerprint));
  const responses: Answers = keptAnswers(clock, 200);
  // Each of them may be large.
  const lists: Answers = keptAnswers(clock, 8);
  const agentFor = keptConnections();
  /** Fingerprints. */
  const revokedOnes = new Set<string>();
  const [ocspOf, crlOf] = [readOnce(readOcsp), readOnce(readCrl)];

  function sourcesOf(certificate: Certificate, issuer: Certificate, notBefore: Date, usedAt: Date | null) {
    const serves = (read: AnswerReader) => (der: Uint8Array) => {
      try {
        const answer = read(der, certificate, issuer);
        return answer !== null && objectionTo(answer, notBefore, usedAt, clock()) === null;
      } catch (error) {
        if (error instanceof MalformedDer) return false;
        throw error;
      }
    };
    const awaits = 'revocation';
    const contentType = 'application/ocsp-request';
    const ocsp = certificate.ocspUrls.map((url) => ({
      url,
      async ask() {
        const body = ocspRequest(certificate, issuer);
        const asked = { url, agent: agentFor(url), timeoutMs, awaits } as const;
        const fetched = () => exchange({ ...asked, body, contentType, limit: OCSP_LIMIT });
        const der = await responses.get(`${url} ${certificate.fingerprint}`, serves(ocspOf), fetched);
        return ocspOf(der, certificate, issuer);
      },
    }));
    const crl = certificate.crlUrls.map((url) => ({
      url,
      async ask() {
        const fetched = () => exchange({ url, agent: agentFor(url), timeoutMs, limit: crlLimit, awaits });
        // Lists are large and serve many certificates: kept by their address.
        return crlOf(await lists.get(url, serves(crlOf), fetched), certificate, issuer);
      },
    }));
    return [...ocsp, ...crl];
  }

  async function prove(
    certificate: Certificate,
    issuer: Certificate,
    notBefore: Date,
    usedAt: Date | null,
    asking: readonly string[],
  ): Promise<ValidationData> {
    const sources = sourcesOf(certificate, issuer, notBefore, usedAt);
    if (sources.length === 0)
      throw new SigningError(`certificate "${certificate.name}" names neither an OCSP responder nor a CRL`, {
        transient: false,
      });
    const failures: string[] = [];
    const dueTimes: Date[] = [];
    for (const { url, ask } of sources) {
      const outcome = await settle(ask);
      const objection = 'reason' in outcome ? outcome : objectionTo(outcome, notBefore, usedAt, clock());
      if (objection !== null || 'reason' in outcome) {
        failures.push(`${url}: ${objection?.reason}`);
        if (objection?.until) dueTimes.push(objection.until);
        continue;
      }
      if (outcome.status === 'revoked') revokedOnes.add(certificate.fingerprint);
      else revokedOnes.delete(certificate.fingerprint);
      if (isTooEarly(outcome, usedAt)) throw new RevokedCertificate(certificate, outcome.revokedAt!);
      const { responder } = outcome;
      if (responder === null || responder.noCheck) return dataOf(outcome);
      if (asking.includes(responder.fingerprint)) {
        failures.push(`${url}: the responder "${responder.name}" vouches only for itself`);
        continue;
      }
      const own = await prove(responder, issuer, notBefore, null, [...asking, responder.fingerprint]);
      return mergeValidationData([dataOf(outcome), own]);
    }
    throw new SigningError(`no proof yet that "${certificate.name}" is not revoked: ${failures.join('; ')}`, {
      transient: true,
      awaits: 'revocation',
      retryAt: earliest(dueTimes),
    });
  }

  return {
    async prove(certificateDer, issuerDer, notBefore, usedAt = null) {
      const certificate = readCertificate(certificateDer);
      const issuer = readCertificate(issuerDer);
      if (roots.has(certificate.fingerprint)) return NO_VALIDATION_DATA;
      if (!hasIssued(issuer, certificate))
        throw new SigningError(`"${issuer.name}" did not issue "${certificate.name}"`, { transient: false });
      return prove(certificate, issuer, notBefore, usedAt, []);
    },
    saidRevoked: (certificateDer) => revokedOnes.has(readCertificate(certificateDer).fingerprint),
  };
}

type AnswerReader = typeof readOcsp;

/** The same octets are read, and their signature checked, once for each certificate they are asked about. */
function readOnce(read: AnswerReader): AnswerReader {
  const known = new WeakMap<Uint8Array, Map<string, RevocationAnswer | null>>();
  return (der, certificate, issuer) => {
    const answers = known.get(der) ?? new Map<string, RevocationAnswer | null>();
    known.set(der, answers);
    const about = `${certificate.fingerprint} ${issuer.fingerprint}`;
    const answer = answers.get(about) ?? read(der, certificate, issuer);
    answers.set(about, answer);
    return answer;
  };
}

/** The answer, or why there is none. */
async function settle(ask: () => Promise<RevocationAnswer | null>): Promise<RevocationAnswer | Objection> {
  try {
    return (await ask()) ?? { reason: 'the answer is about other certificates' };
  } catch (error) {
    if (error instanceof SigningError || error instanceof MalformedDer) return { reason: error.message };
    throw error;
  }
}

/** Whether it says revoked, and not later than the use that is to be proven. */
function isTooEarly(answer: RevocationAnswer, usedAt: Date | null): boolean {
  return answer.status === 'revoked' && !(usedAt !== null && showsInForce(answer, usedAt));
}

/** Why an answer is no use now; a revocation that came too early is of use however old. */
function objectionTo(
  answer: RevocationAnswer,
  notBefore: Date,
  usedAt: Date | null,
  now: Date,
): Objection | null {
  const { problem, status, thisUpdate, nextUpdate } = answer;
  if (problem !== null) return { reason: problem };
  if (isTooEarly(answer, usedAt)) return null;
  if (status === 'unknown') return { reason: 'the responder does not know the certificate' };
  const due = nextUpdate === null ? 'at a time not stated' : `by ${nextUpdate.toISOString()}`;
  if (nextUpdate !== null && nextUpdate < now)
    return { reason: `its answer ran out, a new one was due ${due}` };
  if (!isIssuedSince(answer, notBefore))
    return {
      reason: `its answer of ${thisUpdate.toISOString()} is older than ${notBefore.toISOString()}, the next is due ${due}`,
      until: nextUpdate,
    };
  if (thisUpdate.getTime() > now.getTime() + CLOCK_TOLERANCE_MS)
    return { reason: `its answer is dated ahead of our clock (${thisUpdate.toISOString()})` };
  return null;
}

function earliest(times: readonly Date[]): Date | undefined {
  return [...times].sort((a, b) => a.getTime() - b.getTime())[0];
}

function dataOf({ kind, der, responder }: RevocationAnswer): ValidationData {
  return {
    certificates: responder === null ? [] : [responder.der],
    ocspResponses: kind === 'ocsp' ? [der] : [],
    crls: kind === 'crl' ? [der] : [],
  };
}
