/** Vendors in the register without the mails that an import asks for: for tests that are about something else. */
import { importFeed } from '../../gateway/app/import-registrations.ts';
import type { FeedRun } from '../../gateway/app/registration-types.ts';
import { CARRIER_DOMAINS, FREE_MAIL_DOMAINS } from '../../gateway/config/mail-domains.ts';
import type { Config } from '../../gateway/config.ts';
import { FEED_LIMITS, resolveForm } from '../../gateway/registration/index.ts';
import type { Database } from '../../storage/database.ts';
import { loadMasterKey } from '../../storage/keys.ts';

/** What an import goes by, as the settings have it by default. */
export const IMPORT_SETTINGS = {
  freeMailDomains: FREE_MAIL_DOMAINS,
  carrierDomains: CARRIER_DOMAINS,
  declarationVersion: null,
  limits: FEED_LIMITS,
};

/** Takes a CSV in for the municipality's first form. */
export async function register(
  config: Config,
  database: Database,
  municipality: string,
  csv: Uint8Array,
): Promise<FeedRun> {
  const { forms, signatoryModel } = config.municipalities.find(({ id }) => id === municipality)!;
  const master = loadMasterKey({ file: config.masterKeyFile, mayCreate: true });
  const run = await importFeed(
    { database, master, clock: () => new Date(), settings: config.registration },
    {
      municipality,
      form: resolveForm(forms[0]!, signatoryModel),
      origin: { way: 'command', reference: 'touroku.csv' },
      source: csv,
    },
  );
  await database.knex('outbox').whereIn('type', ['registration-confirmation', 'feed-report']).delete();
  return run;
}
