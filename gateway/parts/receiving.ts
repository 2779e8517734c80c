/** What hop 2 reads a stored mail with. */
import type { Readable } from 'node:stream';
import { bytesSource, type InspectLimits, inspect, missingGlyphs, verify } from '../../signing/index.ts';
import type { ReceiveDependencies } from '../app/received-mail.ts';
import { isDayOff } from '../jobs/holidays.ts';
import { identityFor, type SigningService } from '../jobs/identity.ts';
import { pdfText } from '../jobs/pdf-text.ts';
import { type DnsResolver, proveDirect } from '../mail/direct-proof.ts';
import type { InboundTransport } from '../mail/transport.ts';
import type { OnClose, Parts } from './core.ts';

type SharedSettings = Omit<
  ReceiveDependencies['settings'],
  'verificationsPerDay' | 'readableOctets' | 'parsing' | 'freeMailDomains' | 'requireConfirmation'
>;

export function receivingParts(
  { config, municipalities, core, registrations }: Parts,
  signing: SigningService,
  settings: SharedSettings,
  resolver: DnsResolver,
  onClose: OnClose,
): ReceiveDependencies {
  const { clock, log } = core;
  const { maxPages, maxCharacters, seconds, memoryOctets } = config.documentText;
  const texts = pdfText(() => log.warn('a PDF could not be read in time; its text is not looked into'), {
    maxPages,
    maxCharacters,
    milliseconds: seconds * 1000,
    mebibytes: Math.floor(memoryOctets / 1_048_576),
  });
  onClose(() => texts.close());
  return {
    ...core,
    settings: {
      ...settings,
      verificationsPerDay: config.verification.answersPerDay,
      readableOctets: config.documentText.maxOctets,
      parsing: {
        headOctets: config.mail.maxHeadOctets,
        contentOctets: config.mail.maxContentOctets,
        textCharacters: config.mail.maxTextCharacters,
        received: config.mail.maxReceived,
        signatures: config.mail.maxSignatures,
      },
      freeMailDomains: [...config.registration.freeMailDomains, ...config.registration.carrierDomains],
      requireConfirmation: config.registration.requireConfirmation,
    },
    verify: (id, content) => {
      const { trust } = identityFor(signing, municipalities.byId(id));
      return verify(bytesSource(content), { trust, profile: 'B-LTA', at: clock() });
    },
    municipalityOf: municipalities.byId,
    prove: (raw: Readable, transport: InboundTransport, receivedAt: string) => {
      const { hostname, dnsHours } = config.smtp;
      const final = clock().getTime() - Date.parse(receivedAt) > dnsHours * 3_600_000;
      return proveDirect(raw, transport, { hostname, resolver, final });
    },
    inspect: inspectPdf({ signedUploads: config.contract.signedUploads }),
    missingGlyphs: missingGlyphs(signing.fonts),
    ...registrations,
    readPdfText: texts.read,
    isDayOff,
  };
}

/** What others have signed is left as it is: nobody fills in its boxes. */
const inspectPdf = (limits: InspectLimits) => (content: Uint8Array) => inspect(bytesSource(content), limits);
