/** Answers incoming mails: with what became of them, what is not understood, or what was asked for. */

import { type DownloadFigures, downloadsOf } from '../../storage/downloads.ts';
import { findMessage } from '../../storage/messages.ts';
import type { ClaimedEntry } from '../../storage/outbox.ts';
import { type FactorLock, locksOf } from '../../storage/second-factors.ts';
import { setExpiry } from '../../storage/secrets.ts';
import type { MailContent, Waiting, WaitingWork } from '../../templates/index.ts';
import { openMessage } from '../app/accept-message.ts';
import { type Answer, openAnswer } from '../app/answers.ts';
import { newestFor } from '../app/came-anew.ts';
import type { LoadedContract } from '../app/contract-store.ts';
import { answerWithoutFiles } from '../app/link-instead.ts';
import { threadRoot } from '../app/secrets.ts';
import { deferredRequests, stoppedWork, waitingOf } from '../app/waiting.ts';
import type { Contract, ParticipantId } from '../contract/contract.ts';
import { afterDays } from '../contract/jst.ts';
import { domainOf } from '../mail/address.ts';
import * as answers from '../mail/compose-answer.ts';
import { composeFound } from '../mail/compose-found.ts';
import { composeVerified } from '../mail/compose-verification.ts';
import { AUDITOR } from '../mail/rights.ts';
import { documentsAsFiles, mayAttach } from './attachments.ts';
import { type ListedContract, linkedContracts, startListExpiry } from './contract-list.ts';
import { lookUp, type Searched } from './found-contracts.ts';
import { addressing, grantSecrets, type MailingMunicipality } from './mail-secrets.ts';
import { deliver, type MailingDependencies } from './mailing.ts';
import { officeAsPdf } from './office-files.ts';
import type { Performer, Settlement } from './performer.ts';
import { storedMail } from './stored-mail.ts';

export function answerPerformer(dependencies: MailingDependencies): Performer {
  return (entry, now) => sendAnswer(dependencies, entry, now);
}

async function sendAnswer(
  dependencies: MailingDependencies,
  entry: ClaimedEntry,
  now: string,
): Promise<Settlement> {
  const { database, master, store, settings } = dependencies;
  const { message, linkOnly = false }: { message: string; linkOnly?: boolean } = JSON.parse(entry.payload);
  const row = await findMessage(database.knex, message);
  if (!row) throw new Error(`no message ${message}`);
  const answer = openAnswer(row, openMessage(master, row).owner.dataKey);
  const { content } = answer;
  const municipality = dependencies.municipalityOf(row.municipality);
  const loaded = 'contract' in content ? await store.load(database.knex, content.contract) : undefined;
  const participant = 'participant' in content ? content.participant : null;
  const searched =
    content.type === 'found'
      ? await lookUp(dependencies, row.municipality, answer.to.address, content)
      : null;
  const list = content.type === 'contractList' ? content : undefined;
  const listed = list ? await linkedContracts(dependencies, entry.key, list, now) : [];
  const copied = content.type === 'copies' ? loaded : undefined;
  const attached =
    copied !== undefined &&
    !linkOnly &&
    mayAttach(
      copied.contract,
      answer.to.address,
      settings.attachments,
      dependencies.signatureOctets(municipality.address),
    );
  const link = copied?.contract.state === 'concluded' && !attached ? 'download' : null;
  const granted =
    loaded && participant !== null
      ? await grantSecrets(dependencies, entry.key, loaded.contract, participant, link, now)
      : null;
  // Whether it reaches somebody who takes no part is none of the contract's history.
  const secrets = participant === AUDITOR ? null : granted;
  const { convertOffice } = dependencies;
  const problems = content.type === 'refused' || content.type === 'commandRefused' ? content.problems : [];
  const asksForPdf = problems.some(({ code }) => code === 'word-file');
  const converted =
    asksForPdf && convertOffice
      ? await officeAsPdf(
          convertOffice,
          (await storedMail(dependencies, row)).attachments,
          settings.officeFiles,
          settings.attachments.limitOctets,
        )
      : [];
  const domain = domainOf(municipality.address);
  const root = loaded ? [threadRoot(loaded.contract.id, domain)] : [];
  const outcome = await deliver(dependencies, entry, now, {
    ...addressing(municipality, entry.key, secrets),
    to: answer.to,
    inReplyTo: answer.inReplyTo,
    references: [...root, ...(answer.inReplyTo === null ? [] : [answer.inReplyTo])],
    autoSubmitted: 'auto-replied',
    ...dependencies.render(
      answerContent(dependencies, municipality, answer, loaded, {
        code: secrets?.code ?? null,
        url: granted?.url ?? '',
        attached,
        converted: converted.map(({ fileName }) => fileName),
        listed,
        searched,
        waiting: content.type === 'status' && loaded ? await waitingOf(database.knex, loaded.contract) : null,
        deferred:
          content.type === 'status' && loaded
            ? await deferredRequests(database.knex, loaded.contract)
            : new Map(),
        stopped:
          content.type === 'status' && loaded ? await stoppedWork(database.knex, loaded.contract) : null,
        locks: content.type === 'status' && loaded ? await locksOf(database.knex, loaded.contract.id) : [],
        newest:
          loaded && participant !== null
            ? await newestFor(database.knex, store, loaded.contract, participant)
            : null,
        downloads:
          content.type === 'status' && loaded ? await downloadsOf(database.knex, loaded.contract.id) : [],
      }),
    ),
    attachments:
      copied && attached
        ? await documentsAsFiles(dependencies.blobs, copied, participant ?? 'initiator', municipality)
        : (searched?.attachments ?? converted),
  });
  return async (tx, settledAt) => {
    const refused = attached && outcome.outcome === 'failed';
    if (refused && (await answerWithoutFiles(tx, entry, outcome.response, settledAt))) return;
    const expiresAt = afterDays(settledAt, settings.downloadDays);
    if (list) await startListExpiry(tx, entry.key, list, expiresAt);
    if (!loaded || participant === null) return;
    if (participant !== AUDITOR) {
      const delivered = { mail: entry.key, kind: 'answer', recipient: participant, ...outcome };
      const command = { type: 'recordDelivery', ...delivered } as const;
      await dependencies.commands.handle(tx, loaded.contract.id, command, settledAt);
    }
    if (link) await setExpiry(tx, entry.key, link, expiresAt);
  };
}

/** What an answer may have to name beside what it is about. */
interface AnswerParts {
  readonly code: string | null;
  readonly url: string;
  readonly attached: boolean;
  /** Names of PDFs that were made from Word and Excel files. */
  readonly converted: readonly string[];
  readonly listed: readonly ListedContract[];
  readonly searched: Searched | null;
  readonly waiting: Waiting | null;
  readonly stopped: WaitingWork | null;
  readonly deferred: ReadonlyMap<ParticipantId, string>;
  readonly locks: readonly FactorLock[];
  readonly downloads: readonly DownloadFigures[];
  /** What the contract came in anew as. */
  readonly newest: Contract | null;
}

function answerContent(
  { settings }: MailingDependencies,
  municipality: MailingMunicipality,
  { content, to, subject }: Answer,
  loaded: LoadedContract | undefined,
  {
    code,
    url,
    attached,
    converted,
    listed,
    searched,
    waiting,
    stopped,
    deferred,
    locks,
    downloads,
    newest,
  }: AnswerParts,
): MailContent {
  const input = { municipality, testAuthority: settings.testAuthority, to, originalSubject: subject, code };
  switch (content.type) {
    case 'refused':
      return answers.composeRefused(input, content.problems, converted);
    case 'form':
      return answers.composeForm(input);
    case 'trial':
      return answers.composeTrial(input, content);
    case 'verified':
      return composeVerified(input, content, settings.verifiedFilesPerMail);
    case 'notStaff':
      return answers.composeNotStaff(input);
    case 'filesPassedOn':
      return answers.composeFilesPassedOn(input, content.files);
    case 'found':
      return composeFound(input, searched!.found);
    case 'contractList':
      return answers.composeContractList(input, listed, content.more, settings.downloadDays);
  }
  if (!loaded) throw new Error(`no contract ${content.contract}`);
  const about = { ...input, contract: loaded.contract, participant: content.participant, newest };
  switch (content.type) {
    case 'commandRefused':
      return answers.composeCommandRefused(about, content.problems, converted);
    case 'confirmNeeded':
      return answers.composeConfirmNeeded(about, content.word, content.line);
    case 'resent':
      return answers.composeResent(about);
    case 'extended':
      return answers.composeExtended(about);
    case 'replyPassedOn':
      return answers.composeReplyPassedOn(about);
    case 'changeProposed':
      return answers.composeChangeProposed(about);
    case 'changeSettled':
      return answers.composeChangeSettled(about);
    case 'returned':
      return answers.composeReturned(about);
    case 'status':
      return answers.composeStatus(about, { waiting, stopped, deferred, locks, downloads });
    case 'copies':
      return answers.composeCopies(about, attached, url);
  }
}
