/** Performers that mail vendors about their registrations: 「受信を確認する」, 希望確認, a changed address (R0, R4, R11). */
import type { ClaimedEntry } from '../../storage/outbox.ts';
import { findRegistrationMail } from '../../storage/registration-mails.ts';
import {
  maskedAddress,
  registrationChangeNotice,
  registrationConfirmation,
  registrationPreference,
} from '../../templates/index.ts';
import { recordRegistrationBounce } from '../app/presented-secrets.ts';
import { signatoryOf } from '../app/registration-facts.ts';
import {
  askedIn,
  noteRegistrationMail,
  type RegistrationMailSecrets,
  registrationMailSecrets,
} from '../app/registration-mails.ts';
import type { Registered } from '../app/registration-types.ts';
import { afterDays, jstDate } from '../contract/jst.ts';
import type { DeliveryOutcome, OutgoingMail } from '../mail/deliver.ts';
import type { MailingMunicipality } from './mail-secrets.ts';
import type { Performer, Settlement } from './performer.ts';
import { baseOf, type RegistrationMailing, send } from './registration-sending.ts';

type Type = 'registration-confirmation' | 'registration-change-notice' | 'registration-preference';

const NOTHING: Settlement = async () => {};

export function registrationPerformers(dependencies: RegistrationMailing): Record<Type, Performer> {
  return {
    'registration-confirmation': (entry, now) => sendConfirmation(dependencies, entry, now),
    'registration-change-notice': (entry, now) => sendChangeNotice(dependencies, entry, now),
    'registration-preference': (entry, now) => sendPreference(dependencies, entry, now),
  };
}

async function sendConfirmation(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
): Promise<Settlement> {
  const { database, registry, settings, registration: rules } = dependencies;
  const registration = await registry.byId(database.knex, JSON.parse(entry.payload).registration);
  // Withdrawn, replaced or confirmed meanwhile.
  if (registration?.state !== 'inForce' || registration.confirmed_at !== null) return NOTHING;
  const municipality = dependencies.municipalityOf(entry.municipality);
  const about = { municipality: entry.municipality, registration: registration.id };
  const secrets = await noteRegistrationMail(
    database.knex,
    dependencies,
    { key: entry.key, kind: 'confirmation', ...about },
    now,
  );
  const content = registrationConfirmation({
    ...baseOf(dependencies, municipality),
    recipient: signatoryOf(registration),
    honorific: honorificOf(municipality),
    url: `${settings.publicUrl}/r/${secrets.link}`,
    until: jstDate(afterDays(now, rules.linkDays)),
    receiptNumber: registration.receipt_number,
    title: registration.model === 'standing' ? null : registration.title,
    senderAddress: municipality.address,
  });
  const to = mailboxOf(registration);
  const outcome = await send(dependencies, entry, now, { to, secrets, replies: false, content });
  return afterVendorMail(dependencies, secrets, outcome);
}

async function sendPreference(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
): Promise<Settlement> {
  const { database, registry, master, settings, registration: rules } = dependencies;
  const secrets = registrationMailSecrets(dependencies.secrets, entry.key);
  const row = await findRegistrationMail(database.knex, secrets.id);
  const registration =
    row?.registration == null ? undefined : await registry.byId(database.knex, row.registration);
  if (!row || registration?.state !== 'inForce') return NOTHING;
  const municipality = dependencies.municipalityOf(entry.municipality);
  const content = registrationPreference({
    ...baseOf(dependencies, municipality),
    recipient: signatoryOf(registration),
    honorific: honorificOf(municipality),
    title: askedIn(master, row)?.title ?? null,
    url: `${settings.publicUrl}/r/${secrets.link}`,
    until: jstDate(afterDays(row.created_at, rules.linkDays)),
    receiptNumber: registration.receipt_number,
  });
  const to = mailboxOf(registration);
  const outcome = await send(dependencies, entry, now, { to, secrets, replies: false, content });
  return afterVendorMail(dependencies, secrets, outcome);
}

/** Refused at once is as good as a bounce. */
function afterVendorMail(
  dependencies: RegistrationMailing,
  { id }: RegistrationMailSecrets,
  { outcome }: DeliveryOutcome,
): Settlement {
  return async (tx, settledAt) => {
    const row = outcome === 'failed' ? await findRegistrationMail(tx, id) : undefined;
    if (row) await recordRegistrationBounce(dependencies, tx, row, settledAt);
  };
}

async function sendChangeNotice(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
): Promise<Settlement> {
  const { database, registry } = dependencies;
  const { registration, replaced } = JSON.parse(entry.payload);
  const [fresh, old] = [
    await registry.byId(database.knex, registration),
    await registry.byId(database.knex, replaced),
  ];
  if (!fresh || !old) return NOTHING;
  const municipality = dependencies.municipalityOf(entry.municipality);
  const about = { municipality: entry.municipality, registration: old.id };
  const secrets = await noteRegistrationMail(
    database.knex,
    dependencies,
    { key: entry.key, kind: 'changeNotice', ...about },
    now,
  );
  const content = registrationChangeNotice({
    ...baseOf(dependencies, municipality),
    recipient: signatoryOf(old),
    receiptNumber: fresh.receipt_number,
    maskedAddress: maskedAddress(fresh.signatory_address),
    effectiveAt: fresh.decided_at ?? now,
  });
  await send(dependencies, entry, now, { to: mailboxOf(old), secrets, replies: false, content });
  return NOTHING;
}

function honorificOf({ spaceBeforeHonorific }: MailingMunicipality): string {
  return spaceBeforeHonorific ? ' 様' : '様';
}

function mailboxOf({ company, signatory_name, signatory_address }: Registered): OutgoingMail['to'] {
  return { name: `${company} ${signatory_name}`, address: signatory_address };
}
