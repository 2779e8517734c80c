// What is read of a mail, what is answered, looked into and attached, and how much of it (R12, R19, R37, R45, R50).
import { z } from 'zod';
import { PARSE_LIMITS } from '../mail/parse-limits.ts';
import { count, MEBIBYTE, name, octets, seconds } from './values.ts';

export const answers = z.strictObject({
  /** Answers to mails that one sender gets in an hour; beyond it commands are obeyed in silence. */
  perHour: count.default(60),
  /** Answers a day to a proven sender who is not staff, a vendor's 「控え」 among them. */
  strangerPerDay: count.default(3),
  /** Contracts with their links that the answer to a vendor's 「控え」 lists; the rest is counted. */
  copiesListed: count.max(500).default(50),
  /** Replies, and mails with files, of one vendor that are passed on to staff in a day; nobody writes more by hand, what does is in a loop with us. */
  passedOnPerDay: count.default(20),
  /** Characters of such a mail that are shown to staff; the mail itself is kept whole. */
  passedOnCharacters: count.max(100_000).default(10_000),
});

export const search = z.strictObject({
  /** Contracts, of those the asker may see, that one 「検索」 or 「一覧」 looks into at most, newest first; beyond it the answer says so (R50). */
  contracts: count.default(5000),
  /** Contracts that the answer's text lists; its CSV holds all that were found. */
  listed: count.max(100).default(50),
});

export const verification = z.strictObject({
  /** Mails to a `verificationAddress` that one sender is answered in a day (R45). */
  answersPerDay: count.default(20),
  /** PDFs of one mail that are judged; the rest is counted and left. */
  filesPerMail: count.default(20),
});

export const mail = z.strictObject({
  /** Octets of a mail's header section, and of each part's; longer ones are kept unread, and reading takes the square of it. */
  maxHeadOctets: octets
    .min(16_384)
    .max(4 * MEBIBYTE)
    .default(PARSE_LIMITS.headOctets),
  /** Octets of a mail's attachments after decoding, all in memory at once; a mail with more is kept unread. */
  maxContentOctets: octets.default(PARSE_LIMITS.contentOctets),
  /** Characters of a mail's text; a mail with more is kept unread. */
  maxTextCharacters: count.default(PARSE_LIMITS.textCharacters),
  /** Received headers with which a mail is not yet taken for a loop; RFC 5321 §6.3 allows no fewer. */
  maxReceived: count.min(100).default(PARSE_LIMITS.received),
  /** DKIM signatures of a mail taken directly; one with more is held back unproven (forwarders and lists add theirs). */
  maxSignatures: count.default(PARSE_LIMITS.signatures),
  /** Word and Excel files are refused; `convert`: the refusal brings them as PDFs for the sender to check (R12). */
  office: z.enum(['refuse', 'convert']).default('refuse'),
  /** LibreOffice, by name or absolute path. */
  officeProgram: name.default('soffice'),
  /** One file may take so long, seconds. */
  officeSeconds: seconds.default(60),
  /** Files of one mail that are converted. */
  officeFiles: count.default(5),
  /** Largest PDF that one may become, and largest file that LibreOffice may write, octets. */
  officeMaxOctets: octets.default(64 * MEBIBYTE),
  /** Memory that LibreOffice may address, octets. */
  officeMemoryOctets: octets.default(4096 * MEBIBYTE),
});

/** Within these bounds a document's text is read for `municipalities[].checks`; beyond them its reader is asked to look (R19). */
export const documentText = z.strictObject({
  /** A larger file is pictures; it would be in memory whole. */
  maxOctets: octets.default(32 * MEBIBYTE),
  /** Pages from the first. */
  maxPages: count.default(200),
  /** Characters from the first. */
  maxCharacters: count.default(1_000_000),
  /** One document may take so long, seconds. */
  seconds: seconds.default(20),
  /** Heap of the process that reads, octets. */
  memoryOctets: octets.min(64 * MEBIBYTE).default(512 * MEBIBYTE),
});

export const attachments = z.strictObject({
  /** Executed PDFs are attached when all attachments together stay strictly under this, octets before base64 (R37). */
  limitOctets: octets.default(6 * MEBIBYTE),
  /** The same for mobile carriers' mail, octets (R37). */
  carrierLimitOctets: octets.default(2 * MEBIBYTE),
  /** Domains that count as carriers' mail, subdomains included (R37). */
  carrierDomains: z
    .array(z.hostname().toLowerCase())
    .default([
      'docomo.ne.jp',
      'ezweb.ne.jp',
      'i.softbank.jp',
      'softbank.ne.jp',
      'rakumail.jp',
      'ymobile.ne.jp',
      'au.com',
    ]),
  /** More documents than this go by link only (R37). */
  maxDocuments: count.default(20),
});
