/** What the worker can do: each type of outbox entry with its performer and what that needs. */
import {
  certificate,
  conclude,
  openGrowing,
  prepare,
  renew,
  renewalDue,
  verify,
} from '../../signing/index.ts';
import { compileMails } from '../../templates/index.ts';
import { receiveMessage } from '../app/receive-message.ts';
import { answerPerformer } from '../jobs/answering.ts';
import { certifyPerformer } from '../jobs/certifying.ts';
import { credentialPerformers } from '../jobs/credential-watch.ts';
import { dailyRootPerformer } from '../jobs/daily-root.ts';
import { forgettingPerformer } from '../jobs/forgetting.ts';
import { isDayOff } from '../jobs/holidays.ts';
import { identityFor, type SigningService } from '../jobs/identity.ts';
import { contractMailPerformer } from '../jobs/mailing.ts';
import { officeConversion } from '../jobs/office.ts';
import { passFilesOnPerformer } from '../jobs/passing-files-on.ts';
import { passOnPerformer } from '../jobs/passing-on.ts';
import type { Performers } from '../jobs/performer.ts';
import { quarantineMailPerformer } from '../jobs/quarantine-mail.ts';
import { registrationPerformers } from '../jobs/registration-mailing.ts';
import { registrationStaffPerformers } from '../jobs/registration-staff-mails.ts';
import { renewalMailPerformer } from '../jobs/renewal-mail.ts';
import { renewalRunPerformers } from '../jobs/renewal-run.ts';
import { renewPerformer } from '../jobs/renewing.ts';
import { sealingPerformers } from '../jobs/sealing.ts';
import { stopNoticePerformer } from '../jobs/stops.ts';
import { summaryPerformers } from '../jobs/summary.ts';
import { unopenedPerformer } from '../jobs/unopened.ts';
import { relayDelivery } from '../mail/deliver.ts';
import type { DnsResolver } from '../mail/direct-proof.ts';
import { dkimSigners } from '../mail/dkim.ts';
import type { OnClose, Parts } from './core.ts';
import { receivingParts } from './receiving.ts';

/** Rejects where a DKIM key cannot be read or a mail's template does not compile. */
export async function openPerformers(
  parts: Parts,
  signing: SigningService,
  resolver: DnsResolver,
  onClose: OnClose,
): Promise<Performers> {
  const { config, municipalities, core, registrations, testAuthority } = parts;
  const { byId, reportAddressesOf, operatorsOf } = municipalities;
  const { commands, store, database, log } = core;
  const { operator } = config;
  const { certificates } = signing;
  const identityOf = (id: string) => identityFor(signing, byId(id));
  const settings = {
    ...config.contract,
    publicUrl: config.web.publicUrl,
    testAuthority,
    takeBackAllowed: config.contract.takeBack,
    giveUpAfterHours: config.relay.retry.giveUpAfterHours,
    answersPerHour: config.answers.perHour,
    strangerAnswersPerDay: config.answers.strangerPerDay,
    copiesListed: config.answers.copiesListed,
    passedOnPerDay: config.answers.passedOnPerDay,
    passedOnCharacters: config.answers.passedOnCharacters,
    verifiedFilesPerMail: config.verification.filesPerMail,
    officeFiles: config.mail.officeFiles,
    attachments: config.attachments,
    search: config.search,
  };
  const receiving = receivingParts(parts, signing, settings, resolver, onClose);
  const delivery = relayDelivery(config.relay, config.smtp.hostname, {
    dkim: dkimSigners(config.municipalities),
    smime: signing.mailSigners,
  });
  onClose(() => delivery.close());
  const { mail } = config;
  const office = {
    program: mail.officeProgram,
    seconds: mail.officeSeconds,
    maxOctets: mail.officeMaxOctets,
    memoryOctets: mail.officeMemoryOctets,
  };
  const mailing = {
    ...core,
    delivery,
    render: await compileMails(),
    convertOffice: mail.office === 'convert' ? officeConversion(office, log) : null,
    municipalityOf: byId,
    registry: registrations.registry,
    settings,
    signatureOctets: (address: string) => signing.mailSigners.get(address)?.octets ?? 0,
    isDayOff,
  };
  const registering = { ...mailing, ...registrations };
  return {
    receive: (entry) => {
      const { message, released = false } = JSON.parse(entry.payload);
      return receiveMessage(receiving, message, released);
    },

    ...sealingPerformers({ ...core, sealing: { prepare, openGrowing, conclude, verify }, identityOf }),
    certify: certifyPerformer({
      ...core,
      certify: { certificate, verify },
      identityOf,
      municipalityOf: byId,
      testAuthority,
    }),
    renew: renewPerformer({ ...core, renewal: { renew, renewalDue, verify }, identityOf }),
    ...renewalRunPerformers({ ...core, settings: config.signing.renewal, reportAddressesOf }),
    'daily-root': dailyRootPerformer(database, signing.timestampAuthority),

    mail: contractMailPerformer(mailing),
    answer: answerPerformer(mailing),
    'pass-on': passOnPerformer(mailing),
    'pass-on-files': passFilesOnPerformer({ ...mailing, municipalityOf: byId, reportAddressesOf }),
    ...registrationPerformers(registering),
    ...registrationStaffPerformers(registering),
    ...summaryPerformers({ ...mailing, ...config.contract }),
    ...credentialPerformers({ ...mailing, certificates, operator }),
    'stop-notice': stopNoticePerformer({ ...mailing, operator }),
    'quarantine-list': quarantineMailPerformer({ ...mailing, operatorsOf, heldListed: operator.heldListed }),
    'renewal-mail': renewalMailPerformer({ ...mailing, reportAddressesOf }),

    expire: async (entry) => async (tx, now) => {
      await commands.handle(tx, entry.contract!, { type: 'expire' }, now);
    },
    remind: async (entry) => async (tx, now) => {
      const { step, generation, deadline } = JSON.parse(entry.payload);
      await commands.handle(tx, entry.contract!, { type: 'remind', step, generation, deadline }, now);
    },
    unopened: unopenedPerformer(store),
    'forget-registrations': forgettingPerformer({ ...core, ...config.registration }),
  };
}
