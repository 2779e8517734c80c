// How registrations come in and when they may be used (R1, R11).
import { z } from 'zod';
import { FEED_LIMITS } from '../registration/feed-items.ts';
import { CARRIER_DOMAINS, FREE_MAIL_DOMAINS } from './mail-domains.ts';
import { address, count, MEBIBYTE, name, octets, seconds } from './values.ts';

/** The ways in that a form may have beside mail from staff and the command line. */
export const formWays = {
  /** Folder whose CSV files are taken in; null: none is watched. */
  folder: name.nullable().default(null),
  /** What a client of `POST /feed/{form}` proves itself by; only from the environment or `secretFile`. */
  secret: name.min(32, 'must be 32 characters or more').nullable().default(null),
  /** File whose first line is the secret. */
  secretFile: name.nullable().default(null),
  /** Senders of the form system's notification mails, whose 「項目：値」 lines are a row each. */
  notifiers: z.array(address).default([]),
};

/** Settings of all registrations. */
export const registration = {
  /** A vendor's address serves for contracts only after 「受信を確認する」 (R11). */
  requireConfirmation: z.boolean().default(true),
  /** Days the link of a confirmation mail, or of 希望確認, works. */
  linkDays: count.default(30),
  /** Fresh links that one vendor can ask for on a page in a day. */
  freshLinksPerDay: count.default(3),
  /** How often watched folders are looked into, seconds. */
  folderPollSeconds: seconds.default(30),
  /** Domains whose addresses need a reason and a staff go-ahead, subdomains included (R5). */
  freeMailDomains: z.array(z.hostname().toLowerCase()).default([...FREE_MAIL_DOMAINS]),
  /** As `freeMailDomains`, for mobile carriers. */
  carrierDomains: z.array(z.hostname().toLowerCase()).default([...CARRIER_DOMAINS]),
  /** Version of the explanations that the forms show beside consent and declaration (R7, R7b); null: they show our page's own. */
  declarationVersion: name.nullable().default(null),
  /** Days until registrations are deleted; hashes, dates and what became of them stay. */
  retention: z
    .strictObject({
      /** Registered for one contract, from the application on; null: for ever. */
      perContractDays: count.nullable().default(730),
      /** Registered for all contracts, from the application on; null: for ever. */
      standingDays: count.nullable().default(null),
      /** Superseded, withdrawn or rejected, from then on. */
      endedDays: count.default(365),
      /** Refused rows and the reasons in reports, from the import on. */
      reportDays: count.default(90),
    })
    .prefault({}),
  /** What is told of feeds and registrations at once; the rest is counted. */
  report: z
    .strictObject({
      /** In one mail to staff: refused rows of each file, registrations that wait for a go-ahead, registrations that were asked for. */
      listed: count.max(500).default(30),
      /** Refused rows in the CSV that is attached, to be corrected and sent back. */
      attachedRows: count.default(10_000),
      /** Refused and waiting rows in the answer of `POST /feed/{form}`. */
      answeredRows: count.default(1000),
      /** Withdrawn rows of one feed for which running contracts are looked up. */
      withdrawnRows: count.default(1000),
    })
    .prefault({}),
  /** What one feed may measure; from there on it is not taken. */
  limits: z
    .strictObject({
      maxOctets: octets.default(FEED_LIMITS.maxOctets),
      /** The header not counted. */
      maxRows: count.default(FEED_LIMITS.maxRows),
      /** Characters in one row. */
      maxRowCharacters: count.default(FEED_LIMITS.maxRowCharacters),
    })
    .prefault({}),
  /** Largest body that `POST /feed/{form}` takes, octets. */
  postMaxOctets: octets.default(32 * MEBIBYTE),
};
