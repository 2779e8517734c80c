/** One full sample of every type of event: no field empty, every personal or free text marked with 「秘」 or taken from PERSONAL_TEXTS. */
import type { Box } from '../../gateway/contract/boxes.ts';
import type { Draft } from '../../gateway/contract/contract.ts';
import type { Revision } from '../../gateway/contract/documents.ts';
import type { Event, EventBody } from '../../gateway/contract/events.ts';
import { sampleDraft } from './contract.ts';

/** Every text about a person that stands in the samples without the mark. */
export const PERSONAL_TEXTS = [
  '佐藤',
  '鈴木',
  '山田',
  '高橋',
  '株式会社サンプル',
  '代表取締役',
  '総務課',
  '舗装工事',
  '契約書',
  '総管第45号',
  '契約第7号',
  '免除',
  'example.jp',
  '00-0000-',
  '12345',
  '192.0.2.1',
  'Mozilla',
  'dmarc=pass',
  '.pdf',
  '秘',
] as const;

const box: Box = {
  name: '住所',
  kind: 'choice',
  label: '秘・住所',
  required: true,
  multiline: false,
  maxLength: null,
  options: [{ value: '秘・1', label: '秘・一番地' }],
  value: '秘・1',
  page: 1,
  rect: [72, 700, 200, 720],
};
const draft: Draft = {
  ...sampleDraft({ checker: true, documents: 2 }),
  observers: [
    { name: '秘・共有先', address: 'kanri@mihon.example.jp', title: '秘・係長', company: '秘・会社' },
  ],
  warnings: [{ code: 'price-word', args: { name: '秘・文書', value: '秘・設計金額' } }],
};
const sample: Draft = {
  ...draft,
  documents: draft.documents.map((document) => ({ ...document, boxes: [box] })),
  terms: {
    ...draft.terms,
    effectiveDate: '2026-12-01',
    contractNumber: '契約第7号',
    authority: 'standIn',
    original: '秘・元の契約',
    message: '秘・伝言',
  },
  initiator: { ...draft.initiator, title: '秘・主査', company: '秘・市' },
};
const revision: Revision = {
  blob: 'abc/fedcba98',
  size: 1000,
  sha256: 'f'.repeat(64),
  purpose: 'consent',
  step: 1,
};
const mailing = {
  mail: 'abc:4:signatureRequest:step-2',
  kind: 'signatureRequest',
  recipient: 'step-2',
  response: '550 秘 yamada@sample.example.jp unknown',
};
const AT = '2026-11-22T01:00:00.000Z';

/** A new type of event without a sample does not compile. */
const BODIES: { [T in EventBody['type']]: Extract<EventBody, { type: T }> } = {
  ContractDrafted: {
    type: 'ContractDrafted',
    id: 'abc',
    municipality: 'mihon',
    number: '2026-0001',
    certificateId: 'ABCD-EFGH',
    sourceMessageId: '<秘.1@mihon.example.jp>',
    draft: sample,
    expiresAt: AT,
  },
  DraftCorrected: { type: 'DraftCorrected', draft: sample, expiresAt: AT },
  GoAheadGiven: { type: 'GoAheadGiven', releaseAt: AT, expiresAt: AT, documents: ['d1', 'd2'] },
  DocumentPrepared: { type: 'DocumentPrepared', document: 'd1', revision },
  StepOpened: {
    type: 'StepOpened',
    step: 1,
    participant: 'step-2',
    role: 'signatory',
    generation: 1,
    occasion: 'first',
    deadline: '2026-12-01',
    reminders: [{ daysBefore: 7, at: AT }],
  },
  HolderReminded: { type: 'HolderReminded', step: 1, participant: 'step-2', role: 'signatory' },
  DeadlineExtended: {
    type: 'DeadlineExtended',
    by: 'initiator',
    deadline: '2026-12-10',
    expiresAt: AT,
    asked: { step: 1, participant: 'step-2', role: 'signatory', generation: 1 },
    reminders: [{ daysBefore: 7, at: AT }],
  },
  HolderChangeProposed: {
    type: 'HolderChangeProposed',
    step: 1,
    participant: 'step-2',
    holder: {
      person: sample.steps[1]!.person,
      receiptNumber: null,
      phone: '00-0000-0003',
      registration: null,
    },
    second: sample.steps[2]!.person,
  },
  HolderChangeRejected: { type: 'HolderChangeRejected', reason: '秘・確かめられません' },
  HolderChanged: {
    type: 'HolderChanged',
    step: 1,
    participant: 'step-2',
    former: sample.steps[1]!.person,
    holder: {
      person: sample.steps[1]!.person,
      receiptNumber: '12345',
      phone: null,
      registration: 'confirmed',
    },
    confirmedBy: sample.steps[2]!.person,
    tell: ['initiator', 'former-1', 'step-1', 'step-2', 'step-3'],
  },
  QuestionAsked: { type: 'QuestionAsked', participant: 'step-2', message: '秘・工期について' },
  LinkOpened: { type: 'LinkOpened', step: 1, participant: 'step-2', generation: 1 },
  LinkRequested: { type: 'LinkRequested', participant: 'step-2', link: 'download' },
  ConsentGiven: {
    type: 'ConsentGiven',
    step: 1,
    participant: 'step-2',
    consentedAt: AT,
    attempt: 1,
    heads: [{ document: 'd1', sha256: 'e'.repeat(64) }],
    filled: [{ document: 'd1', name: '住所', value: '秘・見本市1番地' }],
    evidence: {
      means: 'page',
      ip: '192.0.2.1',
      userAgent: 'Mozilla/5.0 (秘)',
      message: '秘・返信',
      authentication: 'dmarc=pass header.from=sample.example.jp',
      declared: { identity: true, electronic: { version: '2026-11', at: AT } },
    },
    seals: ['d1', 'd2'],
  },
  ConsentTakenBack: { type: 'ConsentTakenBack', step: 1, participant: 'step-2', voided: 'step-3' },
  DocumentSealed: { type: 'DocumentSealed', document: 'd1', revision, timestamp: AT },
  ConcludingStarted: { type: 'ConcludingStarted', documents: ['d1', 'd2'] },
  DocumentConcluded: { type: 'DocumentConcluded', document: 'd1', revision },
  CertifyingStarted: { type: 'CertifyingStarted', contractDate: '2026-11-22' },
  CertificateIssued: {
    type: 'CertificateIssued',
    certificate: { blob: 'abc/fedcba98', size: 90_000, sha256: 'c'.repeat(64) },
  },
  DocumentRenewed: {
    type: 'DocumentRenewed',
    document: 'd1',
    revision: { ...revision, purpose: 'renew', step: null },
  },
  CertificateRenewed: {
    type: 'CertificateRenewed',
    revision: { blob: 'abc/0fedcba9', size: 120_000, sha256: 'd'.repeat(64) },
  },
  ContractConcluded: {
    type: 'ContractConcluded',
    contractDate: '2026-11-22',
    recipients: ['initiator', 'step-1', 'step-2', 'step-3', 'observer-1'],
  },
  ContractDeclined: {
    type: 'ContractDeclined',
    by: 'step-2',
    reason: '秘・金額が違います',
    reached: ['step-1'],
  },
  ContractWithdrawn: {
    type: 'ContractWithdrawn',
    by: 'initiator',
    reason: '秘・誤送付',
    reached: ['step-1'],
  },
  ContractExpired: { type: 'ContractExpired', wasDraft: false, reached: ['step-1'] },
  CameAnew: { type: 'CameAnew', successor: 'def' },
  MailTaken: { type: 'MailTaken', ...mailing },
  MailFailed: { type: 'MailFailed', ...mailing },
  MailDelayed: { type: 'MailDelayed', ...mailing },
  MailArrived: { type: 'MailArrived', ...mailing },
};

export const SAMPLE_EVENTS: readonly Event[] = Object.values(BODIES).map(
  (body, index): Event => ({ ...body, seq: index + 1, at: AT }),
);
