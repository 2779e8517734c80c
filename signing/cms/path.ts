/** Builds and checks the path from a certificate to a trust root (RFC 5280 6.1): without policies; name constraints, which are critical, are refused. */
import { type Certificate, KEY_USAGE, readCertificate } from './certificate.ts';
import { MalformedDer } from './der.ts';

/** Leaf first, trust root last; or the reason why there is none. */
export type PathResult = { readonly path: readonly Certificate[] } | { readonly problem: string };

/** Longer than any authority's; guards against certificates that name each other as issuers. */
const LONGEST_PATH = 8;

/** The DER certificates that can be read at all: stray octets among the helpers must not spoil a good path. */
export function readPool(ders: Iterable<Uint8Array>): Certificate[] {
  const found = new Map<string, Certificate>();
  for (const der of ders) {
    try {
      const certificate = readCertificate(der);
      found.set(certificate.fingerprint, certificate);
    } catch (error) {
      if (!(error instanceof MalformedDer)) throw error;
    }
  }
  return [...found.values()];
}

/** The first path from `leaf` to one of `trust` whose every certificate is valid at each of `times`. */
export function findPath(
  leaf: Certificate,
  pool: readonly Certificate[],
  trust: readonly Certificate[],
  times: readonly Date[],
): PathResult {
  const anchors = new Set(trust.map((root) => root.fingerprint));
  const candidates = [...trust, ...pool];
  let problem = `untrusted: no path from "${leaf.name}" to a trust root`;

  function extend(path: readonly Certificate[]): readonly Certificate[] | null {
    const last = path.at(-1)!;
    const objection = objectionTo(last, path.length - 1, times);
    if (objection !== null) {
      problem = objection;
      return null;
    }
    if (anchors.has(last.fingerprint)) return path;
    if (path.length === LONGEST_PATH) return null;
    for (const issuer of candidates) {
      if (path.some(({ fingerprint }) => fingerprint === issuer.fingerprint)) continue;
      if (!hasIssued(issuer, last)) continue;
      const found = extend([...path, issuer]);
      if (found !== null) return found;
    }
    return null;
  }

  const path = extend([leaf]);
  return path === null ? { problem } : { path };
}

/** What was found of two certificates stays true as long as both are kept. */
const issued = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();

/** Whether `issuer` signed `certificate`; names, key identifiers and the signature itself. */
export function hasIssued(issuer: Certificate, certificate: Certificate): boolean {
  const known = issued.get(certificate) ?? new WeakMap<Certificate, boolean>();
  issued.set(certificate, known);
  const found =
    known.get(issuer) ??
    (certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.publicKey));
  known.set(issuer, found);
  return found;
}

/** `depth`: certificates below this one in the path; 0 is the leaf. */
function objectionTo(certificate: Certificate, depth: number, times: readonly Date[]): string | null {
  const { name, weakness, notBefore, notAfter, keyUsage, pathLength } = certificate;
  if (weakness !== null) return `certificate: "${name}": ${weakness}`;
  for (const time of times)
    if (time < notBefore || time > notAfter)
      return `validity: "${name}" is valid ${notBefore.toISOString()} to ${notAfter.toISOString()}, not at ${time.toISOString()}`;
  if (depth === 0) return null;
  if (!certificate.isAuthority) return `certificate: "${name}" is no certification authority`;
  if (keyUsage !== null && !keyUsage.has(KEY_USAGE.keyCertSign))
    return `key-usage: "${name}" may not sign certificates`;
  if (pathLength !== null && depth - 1 > pathLength)
    return `certificate: "${name}" allows no path of this length`;
  return null;
}
