/** The signing identity from the configuration: key, timestamp authority, trust roots, fonts, and the words in the PDF. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { httpRevocationProvider, type TimestampAuthorities } from '../../signing/cms/index.ts';
import { missingGlyphs, openTestAuthority, type TestAuthority } from '../../signing/index.ts';
import type { RevocationProvider } from '../../signing/ports.ts';
import { certificateReason, sealReason, stampLine } from '../../templates/index.ts';
import type { SigningCertificate } from '../app/credential-expiry.ts';
import { type Config, type Municipality, usesTestAuthority } from '../config.ts';
import { certificatesIn } from './certificate-files.ts';
import { type OpenKeysOptions, openKeys, type SigningKeys } from './open-keys.ts';
import type { SigningIdentity } from './sealing.ts';
import type { SigningKey } from './signing-key.ts';
import { openTimestampAuthorities, timestampTrust } from './timestamp-authorities.ts';

/** What signs for this installation; `testAuthority` is open where anything of it is for trial only. */
export interface SigningService {
  /** By municipality's id. */
  readonly keys: ReadonlyMap<string, SigningKey>;
  /** S/MIME, by the address whose mails they sign. */
  readonly mailSigners: SigningKeys['mailSigners'];
  /** What the keys depend on, the test authority's apart. */
  readonly certificates: readonly SigningCertificate[];
  readonly timestampAuthority: TimestampAuthorities;
  readonly revocation: RevocationProvider;
  /** DER. */
  readonly trust: readonly Uint8Array[];
  readonly fonts: readonly Uint8Array[];
  readonly testAuthority: TestAuthority | null;
  close(): Promise<void>;
}

export interface OpenSigningOptions extends Pick<OpenKeysOptions, 'clock' | 'onRevoked'> {
  readonly log: Logger;
}

/** PEM of the test authority's root, for whoever verifies what it sealed. */
export function testRootFile(dataDirectory: string): string {
  return join(dataDirectory, 'test-root.pem');
}

/** Fonts that cannot be read, or could not print what every certificate says of a municipality. */
export class UnusableFont extends Error {
  override readonly name = 'UnusableFont';
}

function printedOf({ name, nameHolder, signedBy }: Municipality): string {
  return `${name}${nameHolder}${signedBy}`;
}

/** Rejects with UnusableCredential or UnusableFont, whose messages name every problem. */
export async function openSigning(
  config: Config,
  { clock, onRevoked, log }: OpenSigningOptions,
): Promise<SigningService> {
  const { signing, dataDirectory, municipalities } = config;
  const test = usesTestAuthority(config)
    ? await openTestAuthority(join(dataDirectory, 'test-authority'))
    : null;
  try {
    if (test) writeFileSync(testRootFile(dataDirectory), test.rootPem);
    const shared = [
      ...signing.trustFiles.flatMap((file) => certificatesIn(readFileSync(file))),
      ...(test ? [test.root] : []),
    ];
    const trust = [...shared, ...timestampTrust(signing)];
    const fonts = openFonts(signing);
    const unusable = fontProblem(fonts, municipalities.map(printedOf));
    if (unusable !== null) throw new UnusableFont(`signing.fontFiles: ${unusable}`);
    const timestampAuthority = openTimestampAuthorities(signing, { trust: shared, test, clock, log });
    const revocation = httpRevocationProvider({
      trust,
      timeoutMs: signing.revocationSeconds * 1000,
      crlLimit: signing.crlMaxOctets,
      clock,
    });
    const own = { trust: shared, revocation, test: test?.credential ?? null, clock, onRevoked };
    const { keys, mailSigners, certificates, close } = await openKeys(config, own);
    for (const { name: certificate, use, notAfter } of certificates) {
      if (use !== 'mails' || Date.parse(notAfter) >= clock().getTime()) continue;
      log.warn({ certificate, notAfter }, 'mails leave without S/MIME: a certificate has run out');
    }
    return {
      keys,
      mailSigners,
      certificates,
      timestampAuthority,
      revocation,
      trust,
      fonts,
      testAuthority: test,
      async close() {
        await close();
        await test?.close();
      },
    };
  } catch (error) {
    await test?.close();
    throw error;
  }
}

function fontProblem(fonts: readonly Uint8Array[], texts: readonly string[]): string | null {
  try {
    const missing = missingGlyphs(fonts)(texts.join(''));
    const named = missing.map(({ character, codePoints }) => `${character} (${codePoints})`);
    return missing.length === 0 ? null : `no glyph for ${named.join(', ')} in municipalities`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What documents are printed with: each character comes from the first font that has it. */
export function openFonts({ fontFiles }: Pick<Config['signing'], 'fontFiles'>): readonly Uint8Array[] {
  return [defaultFont(), ...fontFiles].map((file) => readFileSync(file));
}

/** Noto Sans JP (OFL) as it comes with the package. */
export function defaultFont(): string {
  return createRequire(import.meta.url).resolve(
    '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
  );
}

/** The service as one municipality uses it. */
export function identityFor(service: SigningService, municipality: Municipality): SigningIdentity {
  const testAuthority = service.testAuthority !== null;
  const { keys, timestampAuthority, revocation, trust, fonts } = service;
  return {
    // Its own alone: no performer ever holds another municipality's.
    key: keys.get(municipality.id)!,
    timestampAuthority,
    revocation,
    trust,
    fonts,
    location: municipality.location,
    stamp: ({ certificateId }) => stampLine({ certificateId, testAuthority }),
    reason: ({ terms, certificateId }, { role, person, consent }, { signed }) =>
      sealReason({
        name: person.name,
        address: person.address,
        consentedAt: new Date(consent!.at),
        nameHolder: role === 'approver' ? municipality.nameHolder : null,
        authority: role === 'approver' ? terms.authority : null,
        decisionNumber: role === 'approver' ? terms.approvalNumber : null,
        certificateId: signed === true ? certificateId : null,
        testAuthority,
      }),
    certificateReason: ({ certificateId }) =>
      certificateReason({ certificateId, municipality: municipality.name, testAuthority }),
  };
}
