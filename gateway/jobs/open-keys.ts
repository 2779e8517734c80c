/** Opens the signing keys that the configuration names: the only place that ever sees one (R32, R59). */
import { readFileSync } from 'node:fs';
import {
  type CredentialCertificate,
  certificatesBehind,
  certificatesOfMail,
  credentialStanding,
  problemsOfCredential,
  problemsOfMailCredential,
  type RevokedCredential,
} from '../../signing/cms/index.ts';
import { pemCredential, pkcs11Credential, pkcs12Credential } from '../../signing/credentials/index.ts';
import { type Credential, type RevocationProvider, SigningError } from '../../signing/ports.ts';
import type { SigningCertificate } from '../app/credential-expiry.ts';
import type { Config } from '../config.ts';
import type { MailSigner } from '../mail/smime.ts';
import { mailSigner } from './mail-signing.ts';
import { type SigningKey, signingKey } from './signing-key.ts';

type CredentialSettings = Config['signing']['credential'];
type Opened = Credential & { close?(): Promise<void> };

export interface OpenKeysOptions {
  /** DER roots. */
  readonly trust: readonly Uint8Array[];
  readonly revocation: RevocationProvider;
  /** Signs where the configuration says `test`. */
  readonly test: Credential | null;
  readonly clock: () => Date;
  /** Told each time that a credential proves revoked, before the work is refused. */
  readonly onRevoked: (revoked: Revoked) => Promise<void>;
}

export interface Revoked {
  /** SHA-256 of the signer's certificate, lower-case hex. */
  readonly fingerprint: string;
  /** Id of the municipality whose contract was to be signed. */
  readonly municipality: string;
  readonly error: RevokedCredential;
}

export interface SigningKeys {
  /** By municipality's id. */
  readonly keys: ReadonlyMap<string, SigningKey>;
  /** S/MIME, by the address whose mails they sign. */
  readonly mailSigners: ReadonlyMap<string, MailSigner>;
  /** What the keys depend on, the test authority's apart. */
  readonly certificates: readonly SigningCertificate[];
  close(): Promise<void>;
}

/** Signing identities that must not be used: the start stops with a line for each problem. */
export class UnusableCredential extends Error {
  override readonly name = 'UnusableCredential';
}

/**
 * One key for each municipality, its own or the installation's, and those that sign mails. Rejects with
 * UnusableCredential, all problems in it.
 */
export async function openKeys(config: Config, options: OpenKeysOptions): Promise<SigningKeys> {
  const { trust, revocation, test, clock, onRevoked } = options;
  const maxAgeMs = config.signing.revocationMaxAgeHours * 3_600_000;
  const keys = new Map<string, SigningKey>();
  const mailSigners = new Map<string, MailSigner>();
  const certificates = new Map<string, SigningCertificate>();
  const opened: Opened[] = [];
  const problems: string[] = [];
  const close = async (): Promise<void> => {
    for (const credential of opened) await credential.close?.();
  };

  /** What `work` finds wrong with a key, or throws of it, is a problem with its setting. */
  const judge = async (setting: string, work: () => Promise<readonly string[]>): Promise<void> => {
    try {
      problems.push(...(await work()).map((problem) => `${setting}: ${problem}`));
    } catch (error) {
      if (!(error instanceof SigningError)) {
        await close();
        throw error;
      }
      problems.push(`${setting}: ${error.message}`);
    }
  };

  for (const { setting, settings, municipalities } of usesOf(config)) {
    await judge(setting, async () => {
      const credential = settings.type === 'test' ? test! : await open(settings, config.signing.hsmSeconds);
      opened.push(credential);
      const found = problemsOfCredential(credential, { trust, at: clock() });
      if (found.length > 0) return found;
      const behind = certificatesBehind(credential, trust);
      const standing = credentialStanding(credential, { trust, revocation, maxAgeMs });
      const { fingerprint } = behind[0]!;
      for (const municipality of municipalities) {
        const told = (error: RevokedCredential) => onRevoked({ fingerprint, municipality, error });
        keys.set(municipality, signingKey({ credential, municipality, standing, onRevoked: told, clock }));
      }
      if (settings.type !== 'test') noteCertificates(certificates, behind, 'contracts', municipalities);
      return [];
    });
  }
  for (const [index, { id, address, smime }] of config.municipalities.entries()) {
    if (smime === null) continue;
    await judge(`municipalities[${index}].smime`, async () => {
      const credential = await open(smime, config.signing.hsmSeconds);
      const found = problemsOfMailCredential(credential, { address, at: clock(), sealing: opened });
      if (found.length > 0) return found;
      mailSigners.set(address, await mailSigner(credential, clock));
      noteCertificates(certificates, certificatesOfMail(credential), 'mails', [id]);
      return [];
    });
  }
  if (problems.length > 0) {
    await close();
    throw new UnusableCredential(problems.join('\n'));
  }
  return { keys, mailSigners, certificates: [...certificates.values()], close };
}

interface Use {
  readonly setting: string;
  readonly settings: CredentialSettings;
  /** Ids. */
  readonly municipalities: readonly string[];
}

/** Each configured credential that somebody signs with. */
function usesOf({ signing, municipalities }: Config): Use[] {
  const shared = municipalities.filter((one) => one.signing.credential === null).map(({ id }) => id);
  const own = municipalities.flatMap((one, index): Use[] => {
    const settings = one.signing.credential;
    const setting = `municipalities[${index}].signing.credential`;
    return settings === null ? [] : [{ setting, settings, municipalities: [one.id] }];
  });
  if (shared.length === 0) return own;
  return [{ setting: 'signing.credential', settings: signing.credential, municipalities: shared }, ...own];
}

async function open(
  settings: Exclude<CredentialSettings, { type: 'test' }>,
  patienceSeconds: number,
): Promise<Opened> {
  switch (settings.type) {
    case 'pkcs12':
      return pkcs12Credential(readFileSync(settings.file), settings.passphrase ?? '');
    case 'pem':
      return pemCredential({
        key: readFileSync(settings.keyFile, 'utf8'),
        certificates: readFileSync(settings.certificatesFile, 'utf8'),
        ...(settings.passphrase === null ? {} : { passphrase: settings.passphrase }),
      });
    case 'pkcs11': {
      const { certificatesFile } = settings;
      const certificates = certificatesFile === null ? null : readFileSync(certificatesFile, 'utf8');
      return pkcs11Credential({ ...settings, patienceSeconds, pin: settings.pin!, certificates });
    }
  }
}

/** The own certificate comes first; one that several keys depend on is noted once, for the graver use. */
function noteCertificates(
  noted: Map<string, SigningCertificate>,
  behind: readonly CredentialCertificate[],
  use: SigningCertificate['use'],
  municipalities: readonly string[],
): void {
  for (const [above, { fingerprint, name, notAfter }] of behind.entries()) {
    const known = noted.get(fingerprint);
    const users = new Set([...(known?.municipalities ?? []), ...municipalities]);
    const certificate = { fingerprint, name, own: above === 0, notAfter: notAfter.toISOString() };
    noted.set(fingerprint, { ...certificate, use: known?.use ?? use, municipalities: [...users] });
  }
}
