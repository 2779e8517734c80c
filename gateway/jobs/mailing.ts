/** Sends the contract's own mails, and for every performer that mails: one SMTP transaction per recipient (decided 5). */

import type { Logger } from 'pino';
import type { Blobs } from '../../storage/blobs/blobs.ts';
import type { Database } from '../../storage/database.ts';
import type { MasterKey } from '../../storage/keys.ts';
import type { ClaimedEntry } from '../../storage/outbox.ts';
import { setExpiry } from '../../storage/secrets.ts';
import type { MailContent, RenderedMail } from '../../templates/index.ts';
import type { ContractStore } from '../app/contract-store.ts';
import type { CommandHandler } from '../app/handle-command.ts';
import { sendLinkInstead } from '../app/link-instead.ts';
import type { Registry } from '../app/registration-types.ts';
import type { SearchLimits } from '../app/search-contracts.ts';
import { accessCodeOf, asksForPin } from '../app/second-factor.ts';
import { type Secrets, threadRoot } from '../app/secrets.ts';
import { deferredRequests, stoppedWork, waitingOf } from '../app/waiting.ts';
import { type Contract, personOf } from '../contract/contract.ts';
import type { Effect } from '../contract/effects.ts';
import { afterDays } from '../contract/jst.ts';
import { domainOf } from '../mail/address.ts';
import { compose } from '../mail/compose.ts';
import type { ComposeInput } from '../mail/compose-input.ts';
import type { Delivery, DeliveryOutcome, OutgoingMail } from '../mail/deliver.ts';
import { type AttachmentRule, documentsAsFiles, isCarrier, mayAttach } from './attachments.ts';
import { addressing, grantSecrets, type MailingMunicipality } from './mail-secrets.ts';
import type { ConvertOffice } from './office.ts';
import type { Performer, Settlement } from './performer.ts';
import { watchRequest } from './unopened.ts';
import { unreachableBy } from './unreachable.ts';

export interface MailingDependencies {
  readonly database: Database;
  readonly blobs: Blobs;
  readonly master: MasterKey;
  readonly store: ContractStore;
  readonly commands: CommandHandler;
  readonly secrets: Secrets;
  readonly delivery: Delivery;
  readonly render: (content: MailContent) => RenderedMail;
  /** Null where Word and Excel files are only refused. */
  readonly convertOffice: ConvertOffice | null;
  readonly municipalityOf: (id: string) => MailingMunicipality;
  readonly registry: Registry;
  /** What the signature of a mail from this address adds to its attachments, at most. */
  readonly signatureOctets: (address: string) => number;
  readonly settings: {
    readonly publicUrl: string;
    readonly testAuthority: boolean;
    readonly approvalCode: boolean;
    readonly takeBackAllowed: boolean;
    readonly goAheadDelaySeconds: number;
    readonly draftExpiresDays: number;
    readonly downloadDays: number;
    readonly giveUpAfterHours: number;
    readonly notOpenedDays: number;
    readonly attachments: AttachmentRule;
    readonly search: SearchLimits;
    readonly verifiedFilesPerMail: number;
    /** Of a vendor's mail, shown to staff. */
    readonly passedOnCharacters: number;
    /** Word and Excel files of one mail that are converted. */
    readonly officeFiles: number;
  };
  /** Nobody works in an office on this ISO date. */
  readonly isDayOff: (date: string) => boolean;
  readonly clock: () => Date;
  readonly log: Logger;
}

type MailEffect = Extract<Effect, { type: 'mail' }>;

export function contractMailPerformer(dependencies: MailingDependencies): Performer {
  return (entry, now) => sendContractMail(dependencies, entry, now);
}

async function sendContractMail(
  dependencies: MailingDependencies,
  entry: ClaimedEntry,
  now: string,
): Promise<Settlement> {
  const { database, store, commands, settings } = dependencies;
  const effect: MailEffect = JSON.parse(entry.payload);
  const loaded = await store.load(database.knex, entry.contract!);
  if (!loaded) throw new Error(`no contract ${entry.contract}`);
  const { contract } = loaded;
  if (isOverdue(effect, contract)) return async () => {};
  const delayed = effect.mail === 'delayed';
  const waiting = delayed ? await waitingOf(database.knex, contract, effect.about) : null;
  // It went on in the meantime.
  if (delayed && waiting === null) return async () => {};
  const [deferred] =
    effect.mail === 'deferred' ? await deferredRequests(database.knex, contract, effect.about) : [];
  // It was taken in the meantime.
  if (effect.mail === 'deferred' && !deferred) return async () => {};
  const stopped = effect.mail === 'stopped' ? await stoppedWork(database.knex, contract, effect.about) : null;
  // An operator was faster.
  if (effect.mail === 'stopped' && stopped === null) return async () => {};

  const municipality = dependencies.municipalityOf(contract.municipality);
  const to = personOf(contract, effect.recipient);
  if (!to) throw new Error(`no participant ${effect.recipient}`);
  const completed = effect.mail === 'completed';
  // Who hears of a change of address gets no link with it.
  const acts =
    effect.mail !== 'holderChanged' &&
    contract.steps.some(({ participant }) => participant === effect.recipient);
  const repeats = effect.occasion === 'reminder' || effect.occasion === 'extended';
  const link = completed ? 'download' : repeats ? 'held' : acts ? 'consent' : null;
  const secrets = await grantSecrets(dependencies, entry.key, contract, effect.recipient, link, now);
  const attached =
    completed &&
    effect.linkOnly !== true &&
    mayAttach(contract, to.address, settings.attachments, dependencies.signatureOctets(municipality.address));
  const isCarriers = (address: string): boolean => isCarrier(address, settings.attachments);
  const unreachable =
    effect.mail === 'undelivered'
      ? await unreachableBy(database.knex, dependencies.registry, contract, effect.about ?? null, isCarriers)
      : [];
  const input: ComposeInput = {
    contract,
    recipient: effect.recipient,
    municipality,
    now,
    url: secrets.url,
    code: secrets.code,
    accessCode: accessCodeOf(contract, municipality.secondFactor, dependencies.secrets),
    asksForPin: asksForPin(contract, municipality.secondFactor),
    occasion: effect.occasion ?? 'first',
    about: effect.about ?? null,
    lock: effect.lock ?? null,
    waiting,
    deferred: deferred ? { participant: deferred[0], since: deferred[1] } : null,
    giveUpAfterHours: settings.giveUpAfterHours,
    stopped: stopped && { work: stopped, cause: effect.cause ?? 'fault' },
    attached,
    testAuthority: settings.testAuthority,
    takeBackAllowed: settings.takeBackAllowed,
    goAheadDelaySeconds: settings.goAheadDelaySeconds,
    draftExpiresDays: settings.draftExpiresDays,
    downloadDays: settings.downloadDays,
    isDayOff: dependencies.isDayOff,
    isCarrier: isCarriers,
    unusable: unreachable.length > 0,
  };
  const question =
    effect.mail === 'question'
      ? contract.questions.find(({ seq }) => String(seq) === effect.about)
      : undefined;
  const root = threadRoot(contract.id, domainOf(municipality.address));
  const repliesTo = effect.mail === 'receipt' ? contract.sourceMessageId : null;
  const outcome = await deliver(dependencies, entry, now, {
    ...addressing(municipality, entry.key, question ? { ...secrets, reply: null } : secrets),
    // The answer goes straight to whoever asked: nothing in it may act for the initiator.
    ...(question ? { replyTo: personOf(contract, question.participant)!.address } : {}),
    to: {
      name: effect.recipient === 'initiator' || to.company === null ? to.name : `${to.company} ${to.name}`,
      address: to.address,
    },
    inReplyTo: repliesTo ?? root,
    references: repliesTo === null ? [root] : [root, repliesTo],
    autoSubmitted: effect.mail === 'receipt' ? 'auto-replied' : 'auto-generated',
    wantsArrival: effect.recipient !== 'initiator',
    ...dependencies.render(compose(effect.mail, input)),
    attachments: attached
      ? await documentsAsFiles(dependencies.blobs, loaded, effect.recipient, municipality)
      : [],
  });
  return async (tx, settledAt) => {
    const { mail: kind, recipient } = effect;
    for (const { id } of unreachable) {
      await dependencies.registry.markUnusable(tx, id, settledAt);
      dependencies.log.warn(
        { contract: contract.id, registration: id },
        'registered address is not known to its server; out of use',
      );
    }
    const refused = {
      mail: entry.key,
      contract: contract.id,
      municipality: municipality.id,
      participant: recipient,
    };
    if (
      attached &&
      outcome.outcome === 'failed' &&
      (await sendLinkInstead(tx, refused, outcome.response, settledAt))
    ) {
      dependencies.log.warn({ entry: entry.key }, 'attachment refused for its size; the link follows');
      return;
    }
    await commands.handle(
      tx,
      contract.id,
      { type: 'recordDelivery', mail: entry.key, kind, recipient, ...outcome },
      settledAt,
    );
    if (!repeats && outcome.outcome === 'taken' && /^(check|signature)Request$/.test(kind)) {
      const request = { mail: entry.key, participant: recipient };
      await watchRequest(tx, contract, request, settings.notOpenedDays, settledAt);
    }
    if (completed) {
      // A link whose mail did not arrive runs out as well.
      await setExpiry(tx, entry.key, 'download', afterDays(settledAt, settings.downloadDays));
    }
  };
}

/** What the contract has meanwhile passed would only confuse, and a consent that was taken back is none. */
function isOverdue({ mail, recipient, about }: MailEffect, contract: Contract): boolean {
  const asked = contract.state === 'awaiting' ? contract.steps[contract.step]?.participant : undefined;
  if (mail === 'receipt') return contract.state !== 'draft';
  if (mail === 'notOpened') return asked === undefined;
  if (mail === 'factorLocked') return asked !== about;
  if (mail === 'goAheadAccepted') return contract.state !== 'preparing';
  if (mail === 'consentRecorded') {
    return contract.steps.every((step) => step.participant !== recipient || step.consent === null);
  }
  if (mail === 'holderChangeRequest') return contract.proposedChange?.settled !== null;
  if (!/Request$/.test(mail)) return false;
  return asked !== recipient;
}

/** Sends; an outage is thrown as transient until patience runs out, then it counts as undelivered. */
export async function deliver(
  { delivery, settings, log }: MailingDependencies,
  entry: ClaimedEntry,
  now: string,
  mail: OutgoingMail,
): Promise<DeliveryOutcome> {
  try {
    const delivered = await delivery.send(mail);
    // Of an undelivered mail to the initiator, or to somebody without a contract, nobody else hears.
    if (delivered.outcome === 'failed') log.warn({ entry: entry.key }, 'mail refused for good');
    return delivered;
  } catch (error) {
    const waited = Date.parse(now) - Date.parse(entry.createdAt);
    if (waited < settings.giveUpAfterHours * 3_600_000) throw error;
    log.warn({ entry: entry.key, err: error }, 'mail given up');
    return {
      outcome: 'failed',
      response: `4.4.7 gave up: ${error instanceof Error ? error.message : error}`,
    };
  }
}
