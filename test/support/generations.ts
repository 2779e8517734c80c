/** A PKI whose timestamp authorities live for a while only, and a clock to outlive them: for proofs that are renewed. */

import { NO_VALIDATION_DATA } from '../../signing/cms/validation-data.ts';
import {
  authorityExtensions,
  type Identity,
  signingKeyUsage,
} from '../../signing/credentials/test-authority-pki.ts';
import {
  bytesSource,
  conclude,
  prepare,
  type RevocationProvider,
  renew,
  seal,
  type TimestampAuthority,
  type VerificationReport,
  verify,
} from '../../signing/index.ts';
import { stampFont } from './pdf-tools.ts';
import { authorityOf, credentialOf, crlOf, DAY, issue, timestampExtensions, YEAR } from './pki.ts';

/** The moment at which everything begins: real certificates would be as old as the machine's clock says. */
export const START = new Date(Math.floor(Date.now() / 1000) * 1000);
export const after = (years: number): Date => new Date(START.getTime() + years * YEAR);

export interface Generation {
  readonly authority: Identity;
  readonly notAfter: Date;
}

const lasting = (name: string, from: Date, to: Date) => ({
  name,
  notBefore: new Date(from.getTime() - DAY),
  notAfter: to,
});

const rootOf = (name: string) =>
  issue(null, { ...lasting(name, START, after(40)), extensions: authorityExtensions() });

/** Two roots, a signer whose certificate ends after a year, and authorities of `years` each, the later ones below the second root. */
export function issueGenerations(spans: readonly (readonly [from: number, to: number])[]) {
  const roots = [rootOf('試験ルート1'), rootOf('試験ルート2')] as const;
  const signer = issue(roots[0], {
    ...lasting('試験署名者', START, after(1)),
    extensions: [signingKeyUsage(true)],
  });
  const generations = spans.map(([from, to], index): Generation => {
    const notAfter = after(to);
    const extensions = timestampExtensions();
    const template = { ...lasting(`試験時刻局${index + 1}`, after(from), notAfter), extensions };
    return { authority: issue(roots[index === 0 ? 0 : 1], template), notAfter };
  });
  return { roots, signer, generations, trust: roots.map(({ certificate }) => certificate) };
}

export type Generations = ReturnType<typeof issueGenerations>;

/** The services as they answer at `at`: timestamps of one generation's authority, and lists issued at that moment. */
export function servicesAt({ roots, trust }: Generations, { authority }: Generation, at: Date) {
  const timestampAuthority: TimestampAuthority = authorityOf(authority, { time: at });
  const revocation: RevocationProvider = {
    async prove(certificate, issuer) {
      const root = roots.find((one) => Buffer.compare(one.certificate, issuer) === 0);
      if (!root || Buffer.compare(certificate, issuer) === 0) return NO_VALIDATION_DATA;
      return { ...NO_VALIDATION_DATA, crls: [crlOf(root, at)] };
    },
  };
  return { timestampAuthority, revocation, trust };
}

const joined = (file: Uint8Array, { bytes }: { readonly bytes: Uint8Array }): Uint8Array =>
  new Uint8Array(Buffer.concat([file, bytes]));

/** `upload` prepared, signed once and closed at the start, by the first generation. */
export async function executedAtStart(pki: Generations, upload: Uint8Array): Promise<Uint8Array> {
  const services = servicesAt(pki, pki.generations[0]!, START);
  let file = joined(
    upload,
    await prepare(bytesSource(upload), {
      stamp: '契約ID 見本',
      fields: ['keiyakubin-1'],
      fonts: [stampFont()],
    }),
  );
  const sealing = {
    field: 'keiyakubin-1',
    credential: credentialOf(pki.signer),
    timestampAuthority: services.timestampAuthority,
    reason: '見本',
    location: '日本',
    signingTime: START,
  };
  file = joined(file, await seal(bytesSource(file), sealing));
  return joined(file, await conclude(bytesSource(file), services));
}

export async function renewedAt(
  pki: Generations,
  generation: Generation,
  file: Uint8Array,
  at: Date,
): Promise<Uint8Array> {
  return joined(file, await renew(bytesSource(file), { ...servicesAt(pki, generation, at), at }));
}

export function verifiedAt(pki: Generations, file: Uint8Array, at: Date): Promise<VerificationReport> {
  return verify(bytesSource(file), { trust: pki.trust, profile: 'B-LTA', at });
}
