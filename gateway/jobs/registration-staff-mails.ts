/** Performers that mail staff about registrations: what came of feeds and words, bounces and wishes (R0–R5, R11). */
import { findMessage } from '../../storage/messages.ts';
import { type ClaimedEntry, ensureAll } from '../../storage/outbox.ts';
import { findRegistrationMail } from '../../storage/registration-mails.ts';
import { type Person, type RegistrationAnswerContent, registrationAnswer } from '../../templates/index.ts';
import { openMessage } from '../app/accept-message.ts';
import { openAnswer, type RegistrationAnswer } from '../app/answers.ts';
import { registrationFact, registrationList } from '../app/registration-facts.ts';
import { askedIn, noteRegistrationMail, type RegistrationNoticePayload } from '../app/registration-mails.ts';
import { feedReport } from './feed-reports.ts';
import type { Performer, Settlement } from './performer.ts';
import { baseOf, type RegistrationLetter, type RegistrationMailing, send } from './registration-sending.ts';

type Type = 'registration-notice' | 'registration-answer' | 'feed-report' | 'feed-report-mail';

const NOTHING: Settlement = async () => {};

export function registrationStaffPerformers(dependencies: RegistrationMailing): Record<Type, Performer> {
  return {
    'registration-notice': (entry, now) => sendNotice(dependencies, entry, now),
    'registration-answer': (entry, now) => sendAnswer(dependencies, entry, now),
    'feed-report': (entry) => reportFeed(dependencies, entry),
    'feed-report-mail': (entry, now) => sendFeedReport(dependencies, entry, now),
  };
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

/** Staff may answer it with a word: it carries a secret for replies. */
async function sendToStaff(
  dependencies: RegistrationMailing,
  entry: ClaimedEntry,
  now: string,
  letter: Omit<RegistrationLetter, 'secrets' | 'replies'>,
): Promise<void> {
  const about = { kind: 'staff', municipality: entry.municipality, registration: null } as const;
  const secrets = await noteRegistrationMail(
    dependencies.database.knex,
    dependencies,
    { key: entry.key, ...about },
    now,
  );
  await send(dependencies, entry, now, { ...letter, secrets, replies: true });
}

function staffPerson({ name, address }: { name: string; address: string }): Person {
  return { organisation: null, title: null, name: name || null, address };
}
