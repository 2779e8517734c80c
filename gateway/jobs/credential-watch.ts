/** Tells the operator, once each, that a certificate that contracts or mails are signed with runs out, has run out or is revoked (R32). */
import type { Database, Tx } from '../../storage/database.ts';
import { ensure } from '../../storage/outbox.ts';
import { credentialNotice, type MailContent } from '../../templates/index.ts';
import { daysLeft, noteSigningCertificates, type SigningCertificate } from '../app/credential-expiry.ts';
import { afterDays } from '../contract/jst.ts';
import { mailBase } from '../mail/compose-input.ts';
import type { MailingMunicipality } from './mail-secrets.ts';
import type { Revoked } from './open-keys.ts';
import { ensureOperatorMails, type OperatorMailDependencies, operatorMail } from './operator-mail.ts';
import type { Performer } from './performer.ts';

/** `days` before the end of validity, 0 at the end; null: revoked. */
interface Notice {
  readonly fingerprint: string;
  readonly days: number | null;
}

export interface CredentialWatch {
  readonly certificates: readonly SigningCertificate[];
  readonly operator: {
    readonly addresses: readonly string[];
    readonly credentialWarningDays: readonly number[];
  };
}

export interface CredentialWatchDependencies extends CredentialWatch, OperatorMailDependencies {
  readonly operator: CredentialWatch['operator'];
  readonly municipalityOf: (id: string) => MailingMunicipality;
  readonly settings: { readonly testAuthority: boolean };
}

/** Notes which certificates are in use and when each of them is to be announced; what is known already stays as it is. */
export async function watchCredentials(
  tx: Tx,
  { certificates, operator }: CredentialWatch,
  now: string,
): Promise<void> {
  await noteSigningCertificates(tx, certificates);
  for (const { fingerprint, notAfter, municipalities } of certificates) {
    for (const days of thresholds(operator)) {
      const entry = { key: keyOf({ fingerprint, days }), type: 'credential-expiry', contract: null };
      const payload = JSON.stringify({ fingerprint, days } satisfies Notice);
      const notBefore = afterDays(notAfter, -days);
      await ensure(tx, { ...entry, municipality: municipalities[0]!, payload, notBefore }, now);
    }
  }
}

/** Has every operator told that the credential is revoked; the second time nobody hears of it again. */
export async function reportRevoked(
  database: Database,
  { addresses }: CredentialWatch['operator'],
  { fingerprint, municipality }: Pick<Revoked, 'fingerprint' | 'municipality'>,
  now: string,
): Promise<void> {
  await database.transaction((tx) =>
    appendNotices(tx, municipality, { fingerprint, days: null }, addresses, now),
  );
}

export function credentialPerformers(
  dependencies: CredentialWatchDependencies,
): Record<'credential-expiry' | 'credential-notice', Performer> {
  const { certificates, operator, log } = dependencies;
  const certificateOf = ({ fingerprint }: Notice): SigningCertificate | undefined =>
    certificates.find((one) => one.fingerprint === fingerprint);

  return {
    async 'credential-expiry'(entry, now) {
      const notice: Notice = JSON.parse(entry.payload);
      const certificate = certificateOf(notice);
      // Replaced meanwhile, or so late that a more urgent notice is due as well.
      if (!certificate || isOvertaken(notice, certificate, operator, now)) return async () => {};
      const { name, use, notAfter, municipalities } = certificate;
      const left = daysLeft(certificate, now);
      log.warn(
        { certificate: name, use, notAfter, daysLeft: left, municipalities },
        'signing certificate runs out',
      );
      return (tx, settledAt) => appendNotices(tx, entry.municipality, notice, operator.addresses, settledAt);
    },

    'credential-notice': operatorMail(dependencies, async ({ payload }, now) => {
      const notice: Notice = JSON.parse(payload);
      const certificate = certificateOf(notice);
      if (!certificate) return null;
      const municipality = dependencies.municipalityOf(certificate.municipalities[0]!);
      return { municipality, content: contentOf(dependencies, certificate, notice, now) };
    }),
  };
}

function contentOf(
  { municipalityOf, settings }: CredentialWatchDependencies,
  certificate: SigningCertificate,
  { days }: Notice,
  now: string,
): MailContent {
  const municipalities = certificate.municipalities.map(municipalityOf);
  return credentialNotice({
    ...mailBase(municipalities[0]!, settings.testAuthority),
    certificate: certificate.name,
    use: certificate.use,
    own: certificate.own,
    expiresAt: certificate.notAfter,
    state: days === null ? { kind: 'revoked' } : { kind: 'expires', daysLeft: daysLeft(certificate, now) },
    municipalities: municipalities.map(({ name }) => name),
  });
}

async function appendNotices(
  tx: Tx,
  municipality: string,
  notice: Notice,
  addresses: readonly string[],
  now: string,
): Promise<void> {
  const entry = { key: keyOf(notice), type: 'credential-notice', municipality, contract: null };
  await ensureOperatorMails(tx, addresses, { ...entry, payload: notice }, now);
}

function thresholds({ credentialWarningDays }: CredentialWatch['operator']): number[] {
  return [...new Set([...credentialWarningDays, 0])];
}

function isOvertaken(
  { days }: Notice,
  { notAfter }: SigningCertificate,
  operator: CredentialWatch['operator'],
  now: string,
): boolean {
  return thresholds(operator).some((nearer) => nearer < days! && afterDays(notAfter, -nearer) <= now);
}

function keyOf({ fingerprint, days }: Notice): string {
  return `credential:${fingerprint}:${days === null ? 'revoked' : `expires-${days}`}`;
}
