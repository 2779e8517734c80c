/** Hop 2: takes a stored mail, proves its sender, reads what it asks, and carries that out in one transaction. */
import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { storedOctets } from '../../storage/blobs/blobs.ts';
import type { Tx } from '../../storage/database.ts';
import { findByContentKey, findMessage, settleMessage } from '../../storage/messages.ts';
import { append } from '../../storage/outbox.ts';
import { authenticate, released } from '../mail/authenticate.ts';
import { machineReason } from '../mail/automatic.ts';
import { contentDigest } from '../mail/content-digest.ts';
import { tooManySignatures } from '../mail/direct-proof.ts';
import { interpret } from '../mail/interpret.ts';
import { parseMessage } from '../mail/parse.ts';
import { openMessage } from './accept-message.ts';
import { withinLimit } from './answer-limit.ts';
import { type Answer, sealAnswer } from './answers.ts';
import { bringsFeed, deskOf, feedMail, notificationMail } from './feed-mail.ts';
import { obey } from './obey-word.ts';
import { draftContract, refused } from './open-draft.ts';
import { presentedSecrets, recordBounce, recordRegistrationBounce } from './presented-secrets.ts';
import { hold } from './quarantine.ts';
import type { Reaction, ReceiveDependencies, ReceivedMail } from './received-mail.ts';
import { isRegistrationWord, obeyRegistrationWord } from './registration-words.ts';
import { answerTrial } from './trial.ts';
import { answerStranger, listForVendor } from './vendor-copies.ts';
import { passOnFiles } from './vendor-files.ts';
import { passOnReply } from './vendor-reply.ts';
import { verifyMail } from './verify-mail.ts';

/** Reads message `id`, `isReleased` by the operator or as it came; the result is to be run in a transaction. A message that has been read already yields nothing. */
export async function receiveMessage(
  dependencies: ReceiveDependencies,
  id: string,
  isReleased = false,
): Promise<(tx: Tx, now: string) => Promise<void>> {
  const { database, blobs, master, municipalityOf, log } = dependencies;
  const row = await findMessage(database.knex, id);
  if (!row) throw new Error(`no message ${id}`);
  if (row.status !== 'stored') return async () => {};
  const { owner, transport } = openMessage(master, row);
  const raw = (): Readable => Readable.from(storedOctets(blobs, owner, row.blob));
  const message = await parseMessage(raw(), dependencies.settings.parsing);
  if (!message.readable) {
    return async (tx, now) => {
      log.warn(
        { message: id, reason: message.reason, detail: message.detail },
        'message cannot be read; kept',
      );
      const facts = { from: '', subject: '', why: 'unreadable', detail: message.reason } as const;
      await hold(tx, row, facts, owner.dataKey, now);
    };
  }
  const municipality = municipalityOf(row.municipality);
  const direct =
    transport.relay?.kind === 'direct' && transport.smtpUser === null && !isReleased
      ? (tooManySignatures(message, dependencies.settings.parsing) ??
        (await dependencies.prove(raw(), transport, row.received_at)))
      : null;
  const authentication = isReleased
    ? released(message, municipality.staff)
    : authenticate(message, transport, municipality.staff, direct);
  const presented = await presentedSecrets(dependencies, row.municipality, transport, message);
  const ownAddresses = [municipality.address, ...municipality.aliases];
  message.automatic ??= machineReason(message, transport, ownAddresses, presented.bounce !== undefined);
  const secrets = {
    replySecret: (presented.reply ?? presented.registrationReply) !== undefined,
    bounceSecret: (presented.bounce ?? presented.registrationBounce) !== undefined,
  };
  const desk = deskOf(transport.rcptTo, authentication.address, municipality);
  const interpretation = interpret(message, authentication, secrets, desk);
  const mail: ReceivedMail = {
    row,
    message,
    transport,
    municipality,
    sender: authentication.address,
    means: authentication.means,
    proof: `${authentication.means}: ${authentication.detail}`,
  };
  const reaction = await react();
  // What nobody proved must not take the place of the same mail when it comes proven.
  const contentKey =
    authentication.level === 'unproven'
      ? null
      : createHmac('sha256', master.derive('content'))
          .update(`${authentication.address}\n${message.messageId ?? ''}\n${await contentDigest(raw())}`)
          .digest('hex');

  return async (tx, now) => {
    const original = contentKey && (await findByContentKey(tx, row.municipality, contentKey));
    if (original) {
      log.info({ message: id, original: original.id }, 'message repeats an earlier one; no effect');
      const repeated = {
        status: 'duplicate',
        duplicate_of: original.id,
        contract: original.contract,
      } as const;
      await settleMessage(tx, id, { ...repeated, content_key: contentKey, handled_at: now });
      return;
    }
    const outcome = await withinLimit(dependencies, tx, mail, await reaction(tx, now), now);
    const { status, contract = null, answer, registration, why } = outcome;
    const content = answer ?? registration;
    log.info(
      { message: id, status, contract, answer: content?.type, why, proof: authentication.means },
      'message read',
    );
    if (status === 'quarantined') {
      const facts = { from: authentication.address, subject: message.subject, detail: authentication.detail };
      await hold(tx, row, { ...facts, why: 'unproven' }, owner.dataKey, now);
      return;
    }
    const sealed = content && sealAnswer(answerTo(mail, content), id, owner.dataKey);
    await settleMessage(tx, id, {
      status,
      contract,
      content_key: contentKey,
      outcome: sealed ?? null,
      handled_at: now,
    });
    if (content) {
      const type = registration ? 'registration-answer' : 'answer';
      const entry = { key: `message:${id}:answer`, type, payload: JSON.stringify({ message: id }) };
      await append(tx, [{ ...entry, municipality: row.municipality, contract, notBefore: now }], now);
    }
  };

  async function react(): Promise<Reaction> {
    switch (interpretation.type) {
      case 'ignored':
        return async () => ({
          status: 'ignored',
          why: `${interpretation.reason}: ${mail.message.automatic}`,
        });
      case 'quarantined':
        return async () => ({ status: 'quarantined', why: interpretation.reason });
      case 'bounce': {
        const { bounce, registrationBounce } = presented;
        const { failed } = interpretation;
        if (bounce) {
          return (tx, now) => recordBounce(dependencies, tx, bounce, failed, now);
        }
        if (failed.action === 'failed' && registrationBounce) {
          return (tx, now) => recordRegistrationBounce(dependencies, tx, registrationBounce, now);
        }
        return async () => ({ status: 'ignored', why: 'report that needs no action' });
      }
      case 'verification':
        return verifyMail(dependencies, mail, interpretation.attachments, interpretation.staff);
      case 'notStaff': {
        const passedOn = (await passOnReply(dependencies, mail)) ?? (await passOnFiles(dependencies, mail));
        if (passedOn) return passedOn;
        return (tx, now) =>
          answerStranger(dependencies, tx, mail, now, {
            status: 'refused',
            answer: { type: 'notStaff' },
            why: 'sender is not staff',
          });
      }
      case 'vendorCopies':
        return listForVendor(dependencies, mail);
      case 'trial':
        return answerTrial(dependencies, mail, interpretation.attachments);
      case 'form':
        return async () => ({ status: 'handled', answer: { type: 'form' } });
      case 'refusal':
        return async () => refused(interpretation.problems);
      case 'feed':
        return feedMail(dependencies, mail, interpretation.attachments);
      case 'notification':
        return notificationMail(dependencies, mail);
      case 'word':
        if (interpretation.word === 'search') {
          return obey(dependencies, mail, presented.reply, interpretation);
        }
        // Corrected rows are sent back in reply to the report.
        if (!presented.reply && presented.registrationReply && bringsFeed(interpretation)) {
          return feedMail(dependencies, mail, interpretation.attachments);
        }
        if (
          !presented.reply &&
          (presented.registrationReply || isRegistrationWord(interpretation.word, desk))
        ) {
          return obeyRegistrationWord(dependencies, mail, presented.registrationReply, interpretation);
        }
        return obey(dependencies, mail, presented.reply, interpretation);
      case 'draft':
        return draftContract(dependencies, mail, interpretation);
    }
  }
}

function answerTo<Content>({ message, sender }: ReceivedMail, content: Content): Answer<Content> {
  return {
    content,
    to: { name: message.from?.name ?? '', address: sender },
    subject: message.subject,
    inReplyTo: message.messageId,
  };
}
