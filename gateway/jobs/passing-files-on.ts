/** Performer that brings what a registered vendor mailed in outside a contract to its section, one entry a reader (R12). */
import { findMessage } from '../../storage/messages.ts';
import { vendorFiles } from '../../templates/index.ts';
import { bringsFiles, readersOf } from '../app/vendor-files.ts';
import { mailBase } from '../mail/compose-input.ts';
import { sealedText } from '../mail/interpret.ts';
import type { Staff } from '../mail/rights.ts';
import { type MailingMunicipality, notice } from './mail-secrets.ts';
import { deliver, type MailingDependencies } from './mailing.ts';
import { passedOn, shownText, withinLimit, withoutSecrets } from './passing-on.ts';
import type { Performer } from './performer.ts';
import { storedMail } from './stored-mail.ts';

export interface FilesPassingOn extends MailingDependencies {
  readonly municipalityOf: (id: string) => MailingMunicipality & { readonly staff: Staff };
  readonly reportAddressesOf: (municipality: string) => readonly string[];
}

export function passFilesOnPerformer(dependencies: FilesPassingOn): Performer {
  return async (entry, now) => {
    const { database, registry, settings, render, log } = dependencies;
    const {
      message: id,
      sender,
      reader,
    }: { message: string; sender: number; reader: number } = JSON.parse(entry.payload);
    const row = await findMessage(database.knex, id);
    if (!row) throw new Error(`no message ${id}`);
    const message = await storedMail(dependencies, row);
    const municipality = dependencies.municipalityOf(row.municipality);
    const registration = await registry.byId(database.knex, sender);
    const from = message.from?.address ?? '';
    const registered = await registry.find(database.knex, row.municipality, { address: from });
    const reports = dependencies.reportAddressesOf(row.municipality);
    const address = readersOf(registered, municipality.staff, reports)[reader];
    if (!registration || address === undefined) {
      log.warn({ message: id }, "vendor's mail not passed on: the registration or its section is gone");
      return async () => {};
    }
    const files = message.attachments.filter(({ kind }) => kind !== 'image' && kind !== 'signature');
    const { attached, left } = withinLimit(files, settings.attachments.limitOctets);
    if (left.length > 0) log.info({ message: id, left: left.length }, 'files too large to be passed on');
    const content = vendorFiles({
      ...mailBase(municipality, settings.testAuthority),
      company: registration.company,
      section: registration.section,
      receiptNumber: registration.receipt_number,
      title: registration.title,
      from: { name: message.from?.name ?? '', address: from },
      receivedAt: row.received_at,
      subject: withoutSecrets(message.subject),
      files: bringsFiles(message),
      ...shownText(message.text, settings.passedOnCharacters),
      sealed: sealedText(message.attachments) !== null,
      attached: attached.map(({ fileName }) => fileName),
      left: left.map(({ fileName }) => fileName),
    });
    await deliver(dependencies, entry, now, {
      ...notice(municipality, entry.key, address, render(content)),
      attachments: attached.map(passedOn),
    });
    return async () => {};
  };
}
