/** Performers that mail vendors about their registrations (R0, R4, R11), and staff about what came of feeds and words. */
import { findMessage } from '../../storage/messages.ts';
import { type ClaimedEntry, ensureAll } from '../../storage/outbox.ts';
import { findRegistrationMail } from '../../storage/registration-mails.ts';
import {
  type MailBase,
  type MailContent,
  maskedAddress,
  type Person,
  type RegistrationAnswerContent,
  registrationAnswer,
  registrationChangeNotice,
  registrationConfirmation,
  registrationPreference,
} from '../../templates/index.ts';
import { openMessage } from '../app/accept-message.ts';
import { openAnswer, type RegistrationAnswer } from '../app/answers.ts';
import type { FeedRuns } from '../app/feed-runs.ts';
import { recordRegistrationBounce } from '../app/presented-secrets.ts';
import { registrationFact, registrationList } from '../app/registration-facts.ts';
import {
  askedIn,
  noteRegistrationMail,
  type RegistrationMailSecrets,
  type RegistrationNoticePayload,
  type RegistrationRules,
  registrationMailSecrets,
} from '../app/registration-mails.ts';
import type { Registered, Registry } from '../app/registration-types.ts';
import { addSeconds, jstDate } from '../contract/jst.ts';
import type { DeliveryOutcome, OutgoingMail } from '../mail/deliver.ts';
import { feedReport } from './feed-reports.ts';
import { addressing, type MailingMunicipality } from './mail-secrets.ts';
import { deliver, type MailingDependencies } from './mailing.ts';
import type { Performer, Settlement } from './performer.ts';

export interface RegistrationMailing extends Omit<MailingDependencies, 'municipalityOf'> {
  readonly registry: Registry;
  readonly runs: FeedRuns;
  readonly municipalityOf: (id: string) => MailingMunicipality & { readonly formUrl: string | null };
  readonly registration: RegistrationRules;
}

type Type =
  | 'registration-confirmation'
  | 'registration-change-notice'
  | 'registration-preference'
  | 'registration-notice'
  | 'registration-answer'
  | 'feed-report'
  | 'feed-report-mail';

const NOTHING: Settlement = async () => {};

export function registrationPerformers(dependencies: RegistrationMailing): Record<Type, Performer> {
  return {
    'registration-confirmation': (entry, now) => sendConfirmation(dependencies, entry, now),
    'registration-change-notice': (entry, now) => sendChangeNotice(dependencies, entry, now),
    'registration-preference': (entry, now) => sendPreference(dependencies, entry, now),
    'registration-notice': (entry, now) => sendNotice(dependencies, entry, now),
    'registration-answer': (entry, now) => sendAnswer(dependencies, entry, now),
    'feed-report': (entry) => reportFeed(dependencies, entry),
    'feed-report-mail': (entry, now) => sendFeedReport(dependencies, entry, now),
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
    until: jstDate(addSeconds(now, rules.linkDays * 86_400)),
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
    until: jstDate(addSeconds(row.created_at, rules.linkDays * 86_400)),
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

async function sendNotice(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
): Promise<Settlement> {
  const { database, registry, master } = dependencies;
  const { mail, notice, recipient }: RegistrationNoticePayload = JSON.parse(entry.payload);
  const row = await findRegistrationMail(database.knex, mail);
  const registration =
    row?.registration == null ? undefined : await registry.byId(database.knex, row.registration);
  if (!row || !registration) return NOTHING;
  const asked = askedIn(master, row);
  const address =
    recipient === null
      ? asked?.address
      : dependencies.registration.reportAddressesOf(entry.municipality)[recipient];
  // Taken out of the configuration meanwhile.
  if (address === undefined) return NOTHING;
  const municipality = dependencies.municipalityOf(entry.municipality);
  const fact = await registrationFact(database.knex, registration);
  const title = asked?.title ?? null;
  const said: RegistrationAnswerContent =
    notice === 'wish'
      ? { kind: 'wish-answered', fact, title, wish: row.wish ?? 'paper' }
      : {
          kind: 'undelivered',
          fact,
          what: row.kind === 'preference' ? 'preference' : 'confirmation',
          formUrl: municipality.formUrl,
        };
  const person = recipient === null && asked ? staffPerson(asked) : null;
  await sendToStaff(dependencies, entry, now, {
    to: { name: asked?.name ?? '', address },
    inReplyTo: asked?.message ?? null,
    content: registrationAnswer({ ...baseOf(dependencies, municipality), recipient: person, content: said }),
    attachments: [],
  });
  return NOTHING;
}

async function sendAnswer(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
): Promise<Settlement> {
  const { database, master, registry } = dependencies;
  const row = await findMessage(database.knex, JSON.parse(entry.payload).message);
  if (!row) throw new Error(`no message of ${entry.key}`);
  const { content, to, inReplyTo } = openAnswer<RegistrationAnswer>(
    row,
    openMessage(master, row).owner.dataKey,
  );
  const base = baseOf(dependencies, dependencies.municipalityOf(row.municipality));
  if (content.type === 'report') {
    const report = await feedReport(dependencies, base, content.runs, content.passedOver);
    await sendToStaff(dependencies, entry, now, { to, inReplyTo, ...report });
    return NOTHING;
  }
  const list =
    content.content.kind === 'list'
      ? await registrationList(database.knex, registry, row.municipality)
      : null;
  await sendToStaff(dependencies, entry, now, {
    to,
    inReplyTo,
    content: registrationAnswer({ ...base, recipient: staffPerson(to), content: content.content }),
    attachments: list
      ? [{ fileName: '登録の一覧.csv', content: list.csv, contentType: 'text/csv; charset=utf-8' }]
      : [],
  });
  return NOTHING;
}

/** What staff mailed in themselves is answered to them; everything else is told to the report addresses, one entry each. */
async function reportFeed(
  { database, runs, registration }: RegistrationMailing,
  entry: ClaimedEntry,
): Promise<Settlement> {
  const { run: id }: { run: string } = JSON.parse(entry.payload);
  const run = await runs.find(database.knex, id);
  if (!run || run.way === 'mail') return NOTHING;
  return (tx, now) =>
    ensureAll(
      tx,
      registration.reportAddressesOf(entry.municipality).map((_, recipient) => ({
        key: `${entry.key}:${recipient}`,
        municipality: entry.municipality,
        contract: null,
        type: 'feed-report-mail',
        payload: JSON.stringify({ run: id, recipient }),
        notBefore: now,
      })),
      now,
    );
}

async function sendFeedReport(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
): Promise<Settlement> {
  const { run: id, recipient } = JSON.parse(entry.payload);
  const address = dependencies.registration.reportAddressesOf(entry.municipality)[recipient];
  const run = await dependencies.runs.find(dependencies.database.knex, id);
  if (address === undefined || !run) return NOTHING;
  const base = baseOf(dependencies, dependencies.municipalityOf(entry.municipality));
  const name = run.way === 'notification' ? '通知メール' : run.reference;
  const report = await feedReport(dependencies, base, [{ run: id, name }], []);
  await sendToStaff(dependencies, entry, now, { to: { name: '', address }, inReplyTo: null, ...report });
  return NOTHING;
}

interface StaffMail {
  readonly to: OutgoingMail['to'];
  readonly inReplyTo: string | null;
  readonly content: MailContent;
  readonly attachments: OutgoingMail['attachments'];
}

/** Staff may answer it with a word: it carries a secret for replies. */
async function sendToStaff(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
  mail: StaffMail,
): Promise<void> {
  const about = { kind: 'staff', municipality: entry.municipality, registration: null } as const;
  const secrets = await noteRegistrationMail(
    dependencies.database.knex,
    dependencies,
    { key: entry.key, ...about },
    now,
  );
  await send(dependencies, entry, now, { ...mail, secrets, replies: true });
}

function send(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
  mail: Omit<StaffMail, 'inReplyTo' | 'attachments'> &
    Partial<StaffMail> & { readonly secrets: RegistrationMailSecrets; readonly replies: boolean },
): Promise<DeliveryOutcome> {
  const { to, secrets, replies, content, inReplyTo = null, attachments = [] } = mail;
  const carried = { url: '', reply: replies ? secrets.reply : null, bounce: secrets.bounce, code: null };
  return deliver(dependencies, entry, now, {
    ...addressing(dependencies.municipalityOf(entry.municipality), entry.key, carried),
    to,
    inReplyTo,
    references: inReplyTo === null ? [] : [inReplyTo],
    autoSubmitted: inReplyTo === null ? 'auto-generated' : 'auto-replied',
    ...dependencies.render(content),
    attachments,
  });
}

function baseOf({ settings }: RegistrationMailing, { name, desks }: MailingMunicipality): MailBase {
  return { municipality: name, desks, testAuthority: settings.testAuthority };
}

function honorificOf({ spaceBeforeHonorific }: MailingMunicipality): string {
  return spaceBeforeHonorific ? ' 様' : '様';
}

function signatoryOf(registration: Registered): Person {
  return {
    organisation: registration.company,
    title: registration.signatory_title,
    name: registration.signatory_name,
    address: registration.signatory_address,
  };
}

function mailboxOf({ company, signatory_name, signatory_address }: Registered): OutgoingMail['to'] {
  return { name: `${company} ${signatory_name}`, address: signatory_address };
}

function staffPerson({ name, address }: { name: string; address: string }): Person {
  return { organisation: null, title: null, name: name || null, address };
}
