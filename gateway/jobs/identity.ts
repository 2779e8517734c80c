/** The signing identity from the configuration: key, timestamp authority, trust roots, fonts, and the words in the PDF. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Logger } from 'pino';
import {
  type HttpTimestampAuthority,
  httpRevocationProvider,
  problemsOfCredential,
} from '../../signing/cms/index.ts';
import {
  openTestAuthority,
  pemCredential,
  pkcs12Credential,
  type TestAuthority,
} from '../../signing/credentials/index.ts';
import { missingGlyphs } from '../../signing/index.ts';
import type { Credential, RevocationProvider } from '../../signing/ports.ts';
import { certificateReason, sealReason, stampLine } from '../../templates/index.ts';
import type { Config, Municipality } from '../config.ts';
import { certificatesIn } from './certificate-files.ts';
import type { SigningIdentity } from './sealing.ts';
import { openTimestampAuthorities, timestampTrust } from './timestamp-authorities.ts';

export { certificatesIn };

/** What signs for this installation; `testAuthority` is open where anything of it is for trial only. */
export interface SigningService {
  readonly credential: Credential;
  readonly timestampAuthority: HttpTimestampAuthority;
  readonly revocation: RevocationProvider;
  /** DER. */
  readonly trust: readonly Uint8Array[];
  readonly fonts: readonly Uint8Array[];
  readonly testAuthority: TestAuthority | null;
}

/** A signing identity that must not be used; the start stops with every problem named. */
export class UnusableCredential extends Error {
  override readonly name = 'UnusableCredential';
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

export async function openSigning(
  { signing, dataDirectory, municipalities }: Config,
  clock: () => Date,
  log: Logger,
): Promise<SigningService> {
  const needsTest = signing.credential.type === 'test' || signing.timestampAuthorities.length === 0;
  const test = needsTest ? await openTestAuthority(join(dataDirectory, 'test-authority')) : null;
  if (test) writeFileSync(testRootFile(dataDirectory), test.rootPem);
  const shared = [
    ...signing.trustFiles.flatMap((file) => certificatesIn(readFileSync(file))),
    ...(test ? [test.root] : []),
  ];
  const trust = [...shared, ...timestampTrust(signing)];
  const credential = openCredential(signing.credential) ?? test!.credential;
  const problems = problemsOfCredential(credential, { trust, at: clock() });
  if (problems.length > 0) {
    await test?.close();
    throw new UnusableCredential(`signing.credential: ${problems.join('; ')}`);
  }
  const fonts = openFonts(signing);
  const unusable = fontProblem(fonts, municipalities.map(printedOf));
  if (unusable !== null) {
    await test?.close();
    throw new UnusableFont(`signing.fontFiles: ${unusable}`);
  }
  return {
    credential,
    timestampAuthority: openTimestampAuthorities(signing, { trust: shared, test, clock, log }),
    revocation: httpRevocationProvider({ trust, clock }),
    trust,
    fonts,
    testAuthority: test,
  };
}

function openCredential(settings: Config['signing']['credential']): Credential | null {
  switch (settings.type) {
    case 'test':
      return null;
    case 'pkcs12':
      return pkcs12Credential(readFileSync(settings.file), settings.passphrase ?? '');
    case 'pem':
      return pemCredential({
        key: readFileSync(settings.keyFile, 'utf8'),
        certificates: readFileSync(settings.certificatesFile, 'utf8'),
        ...(settings.passphrase === null ? {} : { passphrase: settings.passphrase }),
      });
    case 'pkcs11':
      throw new UnusableCredential('signing.credential: PKCS#11 is not supported yet');
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
  return {
    ...service,
    location: municipality.location,
    stamp: ({ certificateId }) => stampLine({ certificateId, testAuthority }),
    reason: ({ terms }, { role, person, consent }) =>
      sealReason({
        name: person.name,
        address: person.address,
        consentedAt: new Date(consent!.at),
        nameHolder: role === 'approver' ? municipality.nameHolder : null,
        authority: role === 'approver' ? terms.authority : null,
        decisionNumber: role === 'approver' ? terms.approvalNumber : null,
        testAuthority,
      }),
    certificateReason: ({ certificateId }) =>
      certificateReason({ certificateId, municipality: municipality.name, testAuthority }),
  };
}
