// A contract's time limits, sizes and what its pages offer (R14, R15, R24, R27, R29, R36, R52).
import { z } from 'zod';
import { count, MEBIBYTE, name, octets } from './values.ts';

/** Settings of every contract of every municipality. */
export const contract = z.strictObject({
  /** Time in which 「中止」 still stops a contract after 「依頼」, seconds. */
  goAheadDelaySeconds: z.int().min(0).max(86_400).default(300),
  /** A draft that nobody releases is dropped after this many days. */
  draftExpiresDays: count.default(14),
  /** Days to sign where the contract mail names no deadline (R24); a day off moves it to the next working day. */
  deadlineDays: count.default(30),
  /** Documents in one contract, a 送付状 included (R14). */
  maxDocuments: count.default(20),
  /** All documents of one contract together, octets (R14). */
  maxTotalOctets: octets.default(200 * MEBIBYTE),
  /** Boxes to fill in in one contract (R27): a page with more of them is no page that somebody fills in. */
  maxBoxes: count.max(2000).default(300),
  /** PDFs that carry signatures of others: `append` leaves them as they are, without the printed ID (R41). */
  signedUploads: z.enum(['refuse', 'append']).default('refuse'),
  /** Form fields whose name begins so are the staff's to fill in before mailing; the vendor is not asked for them (R27). */
  staffBoxPrefix: name.default('市_'),
  /** The approver may not be the staff member who mailed the contract in. */
  approverMustDiffer: z.boolean().default(true),
  /** Ask for four digits with 「承認」 in a reply. */
  approvalCode: z.boolean().default(false),
  /** Whoever has to act is reminded on working mornings these many days after the request (R15). */
  remindDaysAfter: z.array(count).default([7, 14, 21]),
  /** … and these many days before the deadline; the vendor before 契約締結予定日 where that comes first (R15). */
  remindDaysBefore: z.array(count).default([3]),
  /** On working days each member of staff is mailed at this time (HH:MM in Japan) what is in their hands, where there is anything; null: never. */
  summaryAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 08:30')
    .nullable()
    .default('08:30'),
  /** Days before its deadline from which that mail calls a contract due. */
  summaryDueDays: count.default(3),
  /** Contracts that it lists under one heading; the rest is counted. */
  summaryListed: count.max(200).default(30),
  /** Fresh links that one participant of a contract can ask for on a page in a day (R36). */
  freshLinksPerDay: count.default(3),
  /** Questions that one participant of a contract can send from its page in a day. */
  questionsPerDay: count.default(5),
  /** Characters of one question. */
  questionCharacters: count.max(10_000).default(2000),
  /** Characters of the reason given when declining, sending back or withdrawing; a longer one is sent back, by mail as on the page. */
  declineCharacters: count.max(10_000).default(1000),
  /** Wrong entries of a second factor after which the page takes no more for a while (R52). */
  secondFactorTries: count.default(5),
  /** … and for how long. */
  secondFactorLockMinutes: count.default(60),
  /** Whom the consent page asks for the declaration of R7 and R7b: every signatory, those whose registration is not confirmed, nobody. */
  declaration: z.enum(['always', 'unconfirmed', 'never']).default('unconfirmed'),
  /** What participants see of the others on their pages (R20b). */
  showOtherSignatories: z.enum(['names', 'organisation', 'none']).default('organisation'),
  /** Days a download link works, counted from the relay's acceptance of the mail (R36). */
  downloadDays: count.default(14),
  /** Documents and certificate of one contract together, octets, up to which the file for printing is made (R43). */
  printSetMaxOctets: octets.default(50 * MEBIBYTE),
  /** … and pages. */
  printSetMaxPages: count.default(500),
  /** A vendor's request that no person has opened is told to the initiator after so many working days, once. */
  notOpenedDays: count.default(3),
  /** A request that no mail server has taken after so many hours is told to the initiator, once; it is tried on. */
  deferredNoticeHours: count.default(4),
  /** Work that still waits for an outside answer after so many minutes is told to the initiator, once. */
  delayNoticeMinutes: count.default(60),
  /** Offer 「同意を取り消す」 until the next participant has consented (R29). */
  takeBack: z.boolean().default(true),
});
