/** Performer that mails a municipality's report on a renewal run, one entry for each address (R55, R56). */
import { CERTIFICATE_PROOF } from '../../storage/proofs.ts';
import { CERTIFICATE_TITLE, type NotRenewed, renewalReport } from '../../templates/index.ts';
import { mailBase } from '../mail/compose-input.ts';
import { notice } from './mail-secrets.ts';
import { deliver, type MailingDependencies } from './mailing.ts';
import type { Performer } from './performer.ts';
import type { RenewalMailPayload } from './renewal-run.ts';

export interface RenewalMailDependencies extends MailingDependencies {
  /** Who is told; empty where nobody is. */
  readonly reportAddressesOf: (municipality: string) => readonly string[];
}

const REASONS: readonly string[] = ['altered', 'expired', 'unproven', 'not-closed'] satisfies NotRenewed[];

export function renewalMailPerformer(dependencies: RenewalMailDependencies): Performer {
  return async (entry, now) => {
    const figures: RenewalMailPayload = JSON.parse(entry.payload);
    const to = dependencies.reportAddressesOf(entry.municipality)[figures.recipient];
    // Taken out of the configuration meanwhile.
    if (to === undefined) return async () => {};
    const municipality = dependencies.municipalityOf(entry.municipality);
    const content = renewalReport({
      ...figures,
      ...mailBase(municipality, dependencies.settings.testAuthority),
      failures: await Promise.all(figures.failures.map((failure) => named(dependencies, failure))),
    });
    const mail = notice(municipality, entry.key, to, dependencies.render(content));
    await deliver(dependencies, entry, now, mail);
    return async () => {};
  };
}

async function named(
  { database, store }: RenewalMailDependencies,
  { contract: id, file, outcome }: RenewalMailPayload['failures'][number],
): Promise<{ number: string; file: string; reason: NotRenewed }> {
  const loaded = await store.load(database.knex, id);
  if (!loaded) throw new Error(`no contract ${id}`);
  const { number, documents } = loaded.contract;
  const name =
    file === CERTIFICATE_PROOF
      ? CERTIFICATE_TITLE
      : (documents.find((document) => document.id === file)?.name ?? file);
  return { number, file: name, reason: REASONS.includes(outcome) ? (outcome as NotRenewed) : 'failed' };
}
