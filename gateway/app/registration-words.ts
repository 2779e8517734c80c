/** Staff's words about registrations by mail (R0, R4, R5): 登録 and 一覧 from anywhere, whatever changes something by reply to a mail of ours. */
import type { Tx } from '../../storage/database.ts';
import { append } from '../../storage/outbox.ts';
import type { RegistrationMailRow } from '../../storage/registration-mails.ts';
import type {
  PendingRegistration,
  RegistrationAnswerContent,
  RegistrationTrouble,
} from '../../templates/index.ts';
import { readContractMail } from '../mail/contract-mail.ts';
import { type Desk, type Interpretation, sealedText } from '../mail/interpret.ts';
import { firstUnquotedLine } from '../mail/reply-text.ts';
import { mayRegister } from '../mail/rights.ts';
import { REGISTRATION_WORDS, type WordName } from '../mail/words.ts';
import { overlong, reasonIn } from './reason.ts';
import type { Outcome, Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';
import { pendingFact, registrationFact } from './registration-facts.ts';
import { noteRegistrationMail, requestConfirmation } from './registration-mails.ts';
import type { Registered } from './registration-types.ts';
import { runningWith } from './running-contracts.ts';

type WordMail = Extract<Interpretation, { type: 'word' }>;

const WORDS: ReadonlySet<WordName> = new Set([
  'register',
  'list',
  'permit',
  'reject',
  'resend',
  'askPreference',
]);

/** Whether the word is about registrations where no mail of ours that it answers says so. */
export function isRegistrationWord(word: WordName, desk: Desk): boolean {
  return desk === 'registrations' || REGISTRATION_WORDS.has(word);
}

/** `secret`: the mail of ours that was answered, if its ReplySecret came back. */
export async function obeyRegistrationWord(
  dependencies: ReceiveDependencies,
  mail: ReceivedMail,
  secret: RegistrationMailRow | undefined,
  word: WordMail,
): Promise<Reaction> {
  const obstacle = withoutRight(mail);
  if (obstacle) return obstacle;
  const line = firstUnquotedLine(mail.message.text) ?? '';
  const closed = word.word === 'empty' ? sealedText(word.attachments) : null;
  if (closed) return trouble('smime', closed.args);
  if (!WORDS.has(word.word)) return trouble('unknown-word', { line });
  switch (word.word) {
    case 'register':
      return word.argument === '一覧' || word.argument === ''
        ? listing(dependencies, mail)
        : standing(dependencies, mail, word.argument);
    case 'list':
      return listing(dependencies, mail);
    case 'askPreference':
      return askPreference(dependencies, mail, word);
  }
  if (!secret) return trouble('needs-reply', { line });
  const [, digits, rest = ''] = /^(\d{1,9})(?:\s+(.*))?$/su.exec(word.argument) ?? [];
  if (digits === undefined) return trouble('no-number', { word: line.split(/[\s\d]/)[0]! });
  const id = Number(digits);
  const registration = await dependencies.registry.byId(dependencies.database.knex, id);
  if (registration?.municipality !== mail.row.municipality)
    return trouble('unknown-number', { number: digits });
  if (word.word === 'resend') return resend(dependencies, registration);
  if (word.word === 'permit') return decide(dependencies, mail, registration, 'accept', null);
  const reason = reasonIn(rest, word.lines);
  const tooLong = overlong(reason, dependencies.settings.declineCharacters);
  if (tooLong) return trouble('reason-too-long', tooLong);
  return decide(dependencies, mail, registration, 'reject', reason);
}

/** What somebody hears who may neither ask about registrations nor change them. */
export function withoutRight({ sender, municipality }: ReceivedMail): Reaction | null {
  return mayRegister(sender, municipality.staff) ? null : trouble('no-right', { address: sender });
}

function decide(
  { registry, store, registration: { report } }: ReceiveDependencies,
  mail: ReceivedMail,
  { id, municipality }: Registered,
  decision: 'accept' | 'reject',
  reason: string | null,
): Reaction {
  return async (tx, now) => {
    const decided = await registry.decide(tx, id, decision, mail.sender, now);
    if (decided === 'unknown') return refused('unknown-number', { number: String(id) });
    if (decided === 'not-pending') return refused('not-pending', { number: String(id) });
    const fact = await registrationFact(tx, decided.registration);
    const { form, receipt_number: receiptNumber } = decided.registration;
    const alike = await registry.standing(tx, municipality, { receiptNumber });
    const rivals = (of: readonly Registered[]): Registered[] =>
      of.filter((one) => one.form === form && one.id !== id);
    const { pending: waiting, morePending } = firstPending(rivals(alike.pending), report.listed);
    if (decision === 'reject') {
      const inForce = [];
      for (const one of rivals(alike.inForce).slice(0, report.listed))
        inForce.push(await registrationFact(tx, one));
      return answered(
        { kind: 'rejected', fact, reason, waiting, morePending, inForce },
        `registration ${id} rejected`,
      );
    }
    const replaced = decided.replaced.flatMap(({ signatory_address, checker_address }) => [
      signatory_address,
      ...(checker_address === null ? [] : [checker_address]),
    ]);
    const kept = new Set([decided.registration.signatory_address, decided.registration.checker_address]);
    const gone = [...new Set(replaced)].filter((address) => !kept.has(address));
    const running = await runningWith(tx, store, municipality, gone);
    return answered(
      { kind: 'accepted', fact, replaced: gone, effectiveAt: now, running, waiting, morePending },
      `registration ${id} accepted, ${running.length} running contracts left as they are`,
    );
  };
}

function resend({ registration: rules }: ReceiveDependencies, registration: Registered): Reaction {
  return async (tx, now) => {
    const number = String(registration.id);
    if (registration.state !== 'inForce') return refused('not-in-force', { number });
    if (registration.confirmed_at !== null) return refused('already-confirmed', { number });
    const sent = await requestConfirmation(tx, registration, rules.freshLinksPerDay, now);
    if (!sent) return refused('too-many-links', { number });
    return answered(
      { kind: 'resent', fact: await registrationFact(tx, registration) },
      'confirmation sent anew',
    );
  };
}

function listing(
  { registry, registration: { report } }: ReceiveDependencies,
  { row }: ReceivedMail,
): Reaction {
  return async (tx) => {
    const all = await registry.list(tx, row.municipality);
    const waiting = firstPending(
      all.filter(({ state }) => state === 'pending'),
      report.listed,
    );
    const why = `list of ${all.length} registrations`;
    return answered({ kind: 'list', registrations: all.length, ...waiting }, why);
  };
}

function standing(
  { registry, registration: { report } }: ReceiveDependencies,
  { row, municipality: { formUrl } }: ReceivedMail,
  asked: string,
): Reaction {
  return async (tx) => {
    const found = await lookedUp(tx, registry, row.municipality, asked);
    const facts = [];
    for (const one of found.inForce.slice(0, report.listed)) facts.push(await registrationFact(tx, one));
    const more = found.inForce.length - facts.length;
    return answered(
      { kind: 'standing', asked, found: facts, ...firstPending(found.pending, report.listed), more, formUrl },
      `${found.inForce.length} registrations in force, ${found.pending.length} pending`,
    );
  };
}

/** 「希望確認 会社名」, with 契約件名 on a line of its own where it is about one contract. */
function askPreference(
  { registry, secrets, master }: ReceiveDependencies,
  { row, message, municipality, sender }: ReceivedMail,
  { argument }: WordMail,
): Reaction {
  return async (tx, now) => {
    const { title } = readContractMail('', message.text).fields;
    const { inForce } = await lookedUp(tx, registry, row.municipality, argument);
    const [newest] = inForce;
    if (!newest) {
      return refused('nobody-found', { asked: argument, formUrl: municipality.formUrl ?? '' });
    }
    if (new Set(inForce.map(({ signatory_address }) => signatory_address)).size > 1) {
      const choices = inForce.map(({ receipt_number }) => receipt_number).join('、');
      return refused('several-found', { asked: argument, choices });
    }
    const key = `registration:${newest.id}:preference:${row.id}`;
    const asked = { name: message.from?.name ?? '', address: sender, message: message.messageId, title };
    const about = { municipality: row.municipality, registration: newest.id, asked };
    const { id } = await noteRegistrationMail(
      tx,
      { secrets, master },
      { key, kind: 'preference', ...about },
      now,
    );
    const entry = { key, type: 'registration-preference', payload: JSON.stringify({ mail: id }) };
    await append(tx, [{ ...entry, municipality: row.municipality, contract: null, notBefore: now }], now);
    return answered(
      { kind: 'wish-asked', fact: await registrationFact(tx, newest), title },
      'wish asked for',
    );
  };
}

function firstPending(
  waiting: readonly Registered[],
  listed: number,
): { pending: PendingRegistration[]; morePending: number } {
  const pending = waiting.slice(0, listed).map(pendingFact);
  return { pending, morePending: waiting.length - pending.length };
}

/** By address, 整理番号 or company, whichever it is. */
async function lookedUp(
  tx: Tx,
  registry: ReceiveDependencies['registry'],
  municipality: string,
  asked: string,
): ReturnType<ReceiveDependencies['registry']['standing']> {
  if (asked.includes('@')) return registry.standing(tx, municipality, { address: asked });
  const byNumber = await registry.standing(tx, municipality, {
    receiptNumber: asked.replace(/^整理番号\s*/u, ''),
  });
  if (byNumber.inForce.length + byNumber.pending.length > 0) return byNumber;
  return registry.standing(tx, municipality, { company: asked });
}

function answered(content: RegistrationAnswerContent, why: string): Outcome {
  return { status: 'handled', registration: { type: 'answer', content }, why };
}

function refused(code: RegistrationTrouble, args: Readonly<Record<string, string>>): Outcome {
  return {
    status: 'refused',
    registration: { type: 'answer', content: { kind: 'trouble', code, args } },
    why: code,
  };
}

export function trouble(code: RegistrationTrouble, args: Readonly<Record<string, string>>): Reaction {
  return async () => refused(code, args);
}
