// What is looked into before a contract leaves, and which contracts may be electronic at all (R5, R18, R19, R57).
import { z } from 'zod';
import { count, name } from './values.ts';

/** `warn`: the go-ahead must say 「依頼 確認済」; `refuse`: the contract mail is not taken. */
const severity = z.enum(['off', 'warn', 'refuse']);

/** What a municipality has looked into in each contract mail and in the text of its PDFs. */
export const checks = z.strictObject({
  /** Contracts that law wants on paper, known by their title or a document's heading (R18). */
  paperOnly: severity.default('refuse'),
  paperOnlyWords: z
    .array(name)
    .default(['事業用借地権', '事業用定期借地権', '農地の賃貸借', '農地賃貸借', '任意後見契約']),
  /** Term and `retentionYears` together over `longTermYears` (R18). */
  longTerm: severity.default('warn'),
  longTermYears: count.default(10),
  /** Years a contract is kept after its term. */
  retentionYears: z.int().min(0).max(100).default(0),
  /** 自動更新条項 in a document's text (R18). */
  autoRenewal: severity.default('warn'),
  /** Words of what must not reach a vendor, in the name or text of a document (R19). */
  prices: severity.default('warn'),
  priceWords: z.array(name).default(['予定価格', '設計金額', '金入り設計書', '金入設計書', '起案']),
  /** Documents that do not belong to a contract, known by file name or heading (R19). */
  wrongDocuments: severity.default('warn'),
  wrongDocumentWords: z
    .array(name)
    .default(['指示書', '着工届', '主任技術者', '工程表', '入札書', '工事完成届', '見積書', '請求書']),
  /** Company, amount or period that a document says otherwise than the mail. */
  differences: severity.default('warn'),
  /** Works contracts whose vendor has not agreed to electronic contracting as such (R7b, 建設業法19条3項). */
  worksDeclaration: severity.default('refuse'),
  /** A vendor's address under `registration.freeMailDomains` or `carrierDomains` (R5). */
  freeMail: severity.default('warn'),
});

const yen = z.int().min(0).nullable().default(null);

/** Which contracts may be electronic while a municipality introduces them (R57); empty lists and null allow all. */
export const rollout = z.strictObject({
  severity: severity.default('refuse'),
  /** 課 or 課・係, as in `staff.members`; a 課 stands for its 係 too. */
  sections: z.array(name).default([]),
  kinds: z
    .array(z.enum(['contract', 'acknowledgement', 'amendment', 'provisional', 'unitPrice']))
    .default([]),
  methods: z.array(z.enum(['open', 'designated', 'negotiated'])).default([]),
  /** Whole yen, this much included. */
  minYen: yen,
  maxYen: yen,
  /** 公告日 or 指名日 of contracts by tender, yyyy-mm-dd, this day included. */
  noticesSince: z.iso.date().nullable().default(null),
  /** Contracts by tender must say 「公告等への記載：済」. */
  announced: z.boolean().default(false),
});

export type Checks = z.output<typeof checks>;
