/** Every mail we send, in each of its shapes, with sample values: for golden texts and for the pictures of docs/mails. */

import type { MailContent } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import { askSentence, registrationSentence } from '../../templates/registration.ja.ts';

const registrationSaid = (content: templates.RegistrationAnswerContent): MailContent =>
  templates.registrationAnswer({ ...templates.registrationAnswerSample, content });

export const MAILS: Record<string, MailContent> = {
  receipt: templates.receipt(templates.receiptSample),
  'go-ahead-accepted': templates.goAheadAccepted(templates.goAheadAcceptedSample),
  'signature-request': templates.signatureRequest(templates.signatureRequestSample),
  'check-request': templates.checkRequest(templates.checkRequestSample),
  'approval-request': templates.approvalRequest(templates.approvalRequestSample),
  'consent-recorded': templates.consentRecorded(templates.consentRecordedSample),
  'receipt-boxes': templates.receipt({
    ...templates.receiptSample,
    boxes: [
      { document: 1, boxes: 3, required: 2 },
      { document: 2, boxes: 1, required: 0 },
    ],
  }),
  'receipt-pin': templates.receipt({
    ...templates.receiptSample,
    accessCode: { made: '4821-0937', withoutPin: true },
  }),
  'signature-request-boxes': templates.signatureRequest({
    ...templates.signatureRequestSample,
    boxes: { boxes: 3, required: 3 },
  }),
  'approval-request-boxes': templates.approvalRequest({
    ...templates.approvalRequestSample,
    filled: templates.sampleFilled,
  }),
  'consent-recorded-boxes': templates.consentRecorded({
    ...templates.consentRecordedSample,
    filled: templates.sampleFilled,
  }),
  completed: templates.completed(templates.completedSample),
  'completed-extended': templates.completed({ ...templates.completedSample, extended: true }),
  declined: templates.declined(templates.declinedSample),
  'declined-paper': templates.declined({ ...templates.declinedSample, reason: null, paper: true }),
  question: templates.question(templates.questionSample),
  cancelled: templates.cancelled(templates.cancelledSample),
  'cancelled-paper-wished': templates.cancelled({ ...templates.cancelledSample, cause: 'paperWished' }),
  'withdrawn-answer': templates.withdrawnAnswer(templates.withdrawnAnswerSample),
  expired: templates.expired(templates.expiredSample),
  'draft-expired': templates.draftExpired(templates.draftExpiredSample),
  'consent-taken-back': templates.consentTakenBack(templates.consentTakenBackSample),
  undelivered: templates.undelivered(templates.undeliveredSample),
  'undelivered-unknown': templates.undelivered({
    ...templates.undeliveredSample,
    recipient: templates.signatureRequestSample.recipient,
    reason: 'no-such-address',
    unusable: true,
  }),
  'undelivered-completed': templates.undelivered({ ...templates.undeliveredSample, mail: 'completed' }),
  'undelivered-staff': templates.undelivered({
    ...templates.undeliveredSample,
    recipient: templates.approvalRequestSample.approver,
    staff: true,
    mail: 'approvalRequest',
    reason: 'mailbox-full',
    phone: null,
  }),
  'undelivered-change': templates.undelivered({
    ...templates.undeliveredSample,
    recipient: templates.holderChangeRequestSample.recipient,
    staff: true,
    mail: 'holderChangeRequest',
    reason: 'refused',
    phone: null,
  }),
  deferred: templates.deferred(templates.deferredSample),
  'not-opened': templates.notOpened(templates.notOpenedSample),
  'factor-locked': templates.factorLocked(templates.factorLockedSample),
  'factor-locked-pin': templates.factorLocked({
    ...templates.factorLockedSample,
    factor: 'pin',
    phone: null,
  }),
  refused: templates.refused(templates.refusedSample),
  'refused-converted': templates.refused({
    ...templates.refusedSample,
    problems: [templates.refusalSentence('word-file', { file: '契約書.docx' })],
    converted: ['契約書.pdf'],
  }),
  'quarantine-list': templates.quarantineList(templates.quarantineListSample),
  form: templates.form(templates.formSample),
  'not-staff': templates.notStaff(templates.notStaffSample),
  'verification-result': templates.verificationResult(templates.verificationResultSample),
  'verification-superseded': templates.verificationResult({
    ...templates.verificationResultSample,
    files: [{ ...templates.verificationResultSample.files[0]!, verdict: 'outdated' }],
    notPdf: [],
  }),
  'verification-guide': templates.verificationResult(templates.verificationGuideSample),
  copies: templates.commandDone({
    ...templates.commandDoneSample,
    done: { kind: 'copies', documents: ['契約書', '金抜き設計書'], attached: true, url: null },
  }),
  reminder: templates.signatureRequest({ ...templates.signatureRequestSample, occasion: 'reminder' }),
  extended: templates.commandDone({
    ...templates.commandDoneSample,
    done: {
      kind: 'extended',
      deadline: '2026-12-10',
      informed: templates.signatureRequestSample.recipient,
    },
  }),
  'change-proposed': templates.commandDone({
    ...templates.commandDoneSample,
    done: {
      kind: 'change-proposed',
      former: templates.holderChangedSample.former,
      holder: templates.holderChangedSample.holder,
      second: templates.holderChangeRequestSample.recipient,
    },
  }),
  'change-settled': templates.commandDone({
    ...templates.commandDoneSample,
    sender: templates.holderChangeRequestSample.recipient,
    done: {
      kind: 'change-settled',
      agreed: false,
      holder: templates.holderChangedSample.holder,
      initiator: templates.declinedSample.initiator,
    },
  }),
  returned: templates.commandDone({
    ...templates.commandDoneSample,
    sender: templates.approvalRequestSample.approver,
    done: { kind: 'returned', initiator: templates.declinedSample.initiator },
  }),
  'holder-change-request': templates.holderChangeRequest(templates.holderChangeRequestSample),
  'holder-change-rejected': templates.holderChangeRejected(templates.holderChangeRejectedSample),
  'holder-changed': templates.holderChanged(templates.holderChangedSample),
  'holder-changed-former': templates.holderChanged({
    ...templates.holderChangedSample,
    recipient: templates.holderChangedSample.former,
    recipientIs: 'former',
  }),
  trial: templates.trial(templates.trialSample),
  'trial-nothing': templates.trial({ ...templates.trialSample, documents: [], problems: [] }),
  summary: templates.summary(templates.summarySample),
  'vendor-reply': templates.vendorReply(templates.vendorReplySample),
  'vendor-reply-cut': templates.vendorReply({ ...templates.vendorReplySample, cut: true }),
  'vendor-reply-sealed': templates.vendorReply({
    ...templates.vendorReplySample,
    ...{ text: '', sealed: true, attached: ['smime.p7m'], left: [] },
  }),
  'reply-passed-on': templates.replyPassedOn(templates.replyPassedOnSample),
  'vendor-files': templates.vendorFiles(templates.vendorFilesSample),
  'files-passed-on': templates.filesPassedOn(templates.filesPassedOnSample),
  'vendor-answer': templates.vendorFiles({
    ...templates.vendorFilesSample,
    files: false,
    subject: 'Re: 電子契約のアドレスの確認',
    text: '確認のボタンはいつまで押せますか。\n山田',
    attached: [],
  }),
  'mail-passed-on': templates.filesPassedOn({ ...templates.filesPassedOnSample, files: false }),
  'contract-list': templates.contractList(templates.contractListSample),
  'found-contracts': templates.foundContracts(templates.foundContractsSample),
  'found-contracts-cut': templates.foundContracts({
    ...templates.foundContractsSample,
    conditions: { date: null, counterparty: null, amount: 'blank' },
    whole: false,
    contracts: [
      {
        date: null,
        number: '2026-0130',
        title: '秘密保持契約',
        counterparties: [],
        amount: null,
        state: 'awaiting',
      },
    ],
    count: 51,
    cutAt: 5000,
  }),
  'registration-confirmation': templates.registrationConfirmation(templates.registrationConfirmationSample),
  'registration-change-notice': templates.registrationChangeNotice(templates.registrationChangeNoticeSample),
  'registration-preference': templates.registrationPreference(templates.registrationPreferenceSample),
  'registration-report': templates.registrationReport(templates.registrationReportSample),
  'registration-report-unreadable': templates.registrationReport({
    ...templates.registrationReportSample,
    ...{ passedOver: ['案内.pdf'], pending: [], attached: false },
    feeds: [
      {
        name: '登録.xlsx',
        form: '標準',
        readable: false,
        counts: { accepted: 0, superseding: 0, pending: 0, unchanged: 0, withdrawn: 0, refused: 1 },
        refused: [{ line: 1, receiptNumber: null, reasons: [registrationSentence('workbook', {})] }],
      },
    ],
  }),
  'registration-standing': templates.registrationAnswer(templates.registrationAnswerSample),
  'registration-accepted': registrationSaid({
    kind: 'accepted',
    fact: templates.sampleRegistrationFact,
    replaced: ['yamada-old@sample.example.jp'],
    effectiveAt: '2026-11-24T01:15:00Z',
    running: [{ number: '2026-0123', title: '市道1号線舗装工事' }],
  }),
  'registration-rejected': registrationSaid({
    kind: 'rejected',
    fact: templates.sampleRegistrationFact,
    reason: '電話で確認したところ、申込みの覚えがないとのことでした。',
  }),
  'registration-accepted-of-two': registrationSaid({
    kind: 'accepted',
    fact: templates.sampleRegistrationFact,
    replaced: [],
    effectiveAt: '2026-11-24T01:15:00Z',
    running: [],
    waiting: [
      {
        number: 58,
        receiptNumber: '12345',
        company: '株式会社サンプル',
        person: '営業部長 鈴木次郎',
        address: 'suzuki@sample.example.jp',
        remarks: null,
        reasons: [askSentence('contested')],
      },
    ],
  }),
  'registration-rejected-of-two': registrationSaid({
    kind: 'rejected',
    fact: { ...templates.sampleRegistrationFact, number: 58, address: 'suzuki@sample.example.jp' },
    reason: null,
    waiting: [],
    inForce: [templates.sampleRegistrationFact],
  }),
  'registration-undelivered': templates.registrationAnswer({
    ...templates.registrationAnswerSample,
    recipient: null,
    content: {
      kind: 'undelivered',
      fact: {
        ...templates.sampleRegistrationFact,
        reached: { kind: 'unreachable', at: '2026-11-21T00:03:00Z' },
      },
      what: 'confirmation',
      formUrl: 'https://shinsei.mihon.example.jp/keiyaku',
    },
  }),
  'registration-list': registrationSaid({ kind: 'list', registrations: 412, pending: [] }),
  'registration-wish-answered': registrationSaid({
    kind: 'wish-answered',
    fact: templates.sampleRegistrationFact,
    title: '市道1号線舗装工事',
    wish: 'paper',
  }),
  'registration-trouble': registrationSaid({
    kind: 'trouble',
    code: 'which-form',
    args: { forms: '標準、工事' },
  }),
  'command-refused': templates.commandRefused(templates.commandRefusedSample),
  'command-refused-converted': templates.commandRefused({
    ...templates.commandRefusedSample,
    reasons: [templates.refusalSentence('word-file', { file: '設計書.xlsx' })],
    converted: ['設計書.pdf'],
  }),
  'command-refused-anew': templates.commandRefused({
    ...templates.commandRefusedSample,
    number: '2026-0124',
    reasons: (['came-anew', 'anew-draft'] as const).map((code) =>
      templates.refusalSentence(code, { former: '2026-0123', number: '2026-0124' }),
    ),
    formerNumber: '2026-0123',
    possibleWords: ['依頼', '中止', '状況', '控え'],
  }),
  'confirm-needed': templates.confirmNeeded(templates.confirmNeededSample),
  'command-done': templates.commandDone(templates.commandDoneSample),
  status: templates.status(templates.statusSample),
  'status-deferred': templates.status({
    ...templates.statusSample,
    participants: templates.statusSample.participants.map((participant) =>
      participant.role === 'signatory'
        ? {
            ...participant,
            progress: { kind: 'deferred', at: '2026-11-24T01:30:00Z' },
            history: [...participant.history, { what: 'delayed', at: '2026-11-24T02:30:00Z', address: null }],
          }
        : participant,
    ),
  }),
  'status-paper-wished': templates.status({
    ...templates.statusSample,
    state: 'paperWished',
    participants: templates.statusSample.participants.map((participant) =>
      participant.role === 'signatory'
        ? {
            ...participant,
            progress: { kind: 'paperWished', at: '2026-11-24T02:10:00Z' },
            history: [
              { what: 'mailed', at: '2026-11-24T01:30:00Z', address: null },
              { what: 'arrived', at: '2026-11-24T01:31:00Z', address: null },
              { what: 'opened', at: '2026-11-24T02:05:00Z', address: null },
            ],
          }
        : participant,
    ),
    possibleWords: ['状況', '控え'],
  }),
  'status-expired': templates.status({
    ...templates.statusSample,
    state: 'expired',
    possibleWords: ['状況', '控え'],
    beyond: 'anew',
  }),
  'status-came-anew': templates.status({
    ...templates.statusSample,
    state: 'sentBack',
    participants: templates.statusSample.participants.map((participant) =>
      participant.role === 'approver'
        ? { ...participant, progress: { kind: 'sentBack', at: '2026-11-25T02:10:00Z' }, history: [] }
        : { ...participant, progress: { kind: 'consented', at: '2026-11-24T02:10:00Z' }, history: [] },
    ),
    formerNumber: '2026-0119',
    newest: { number: '2026-0131', title: '市道1号線舗装工事（修正）', state: 'draft' },
    possibleWords: ['状況', '控え'],
  }),
  'status-waiting': templates.status({
    ...templates.statusSample,
    state: 'concluding',
    waiting: {
      work: 'conclude',
      awaits: 'revocation',
      since: '2026-11-28T01:20:00Z',
      until: '2026-11-29T00:00:00Z',
    },
    possibleWords: ['状況', '控え'],
  }),
  'completed-again': templates.completed({ ...templates.completedSample, attached: false, again: true }),
  'status-locked': templates.status({
    ...templates.statusSample,
    participants: templates.statusSample.participants.map((participant) =>
      participant.role === 'signatory'
        ? {
            ...participant,
            history: [
              { what: 'mailed', at: '2026-11-24T01:30:00Z', address: null },
              { what: 'arrived', at: '2026-11-24T01:31:00Z', address: null },
              { what: 'opened', at: '2026-11-24T01:40:00Z', address: null },
            ],
          }
        : participant,
    ),
    locks: [{ person: templates.factorLockedSample.recipient, until: '2026-11-24T02:45:00Z' }],
  }),
  'status-downloaded': templates.status({
    ...templates.statusSample,
    state: 'concluded',
    participants: templates.statusSample.participants.map((participant) => ({
      ...participant,
      progress: { kind: 'consented', at: '2026-11-30T01:20:00Z' },
      history: [],
    })),
    downloads: [
      { person: templates.statusSample.recipient, at: '2026-12-01T00:05:00Z', times: 1 },
      { person: templates.statusSample.participants[1]!.person, at: '2026-12-01T01:15:00Z', times: 3 },
    ],
    possibleWords: ['状況', '控え'],
  }),
  'status-undelivered': templates.status({
    ...templates.statusSample,
    undelivered: [
      {
        mail: 'consentRecorded',
        person: templates.signatureRequestSample.recipient,
        at: '2026-11-24T01:35:00Z',
      },
    ],
  }),
  'status-stopped': templates.status({
    ...templates.statusSample,
    state: 'sealing',
    stopped: 'seal',
    possibleWords: ['状況', '控え'],
  }),
  delayed: templates.delayed(templates.delayedSample),
  'stopped-certificate': templates.stopped(templates.stoppedSample),
  'stopped-key': templates.stopped({
    ...templates.stoppedSample,
    ...{ work: 'seal', cause: 'key', deadline: '2026-12-01' },
  }),
  'stopped-fault': templates.stopped({
    ...templates.stoppedSample,
    ...{ work: 'prepare', cause: 'fault', consents: [], deadline: '2026-12-01' },
  }),
  'stop-notice-certificate': templates.stopNotice(templates.stopNoticeSample),
  'stop-notice-fault': templates.stopNotice({
    ...templates.stopNoticeSample,
    cause: 'fault',
    error: 'sealed file fails B-LTA: uncovered: octets follow',
  }),
  'renewal-report': templates.renewalReport(templates.renewalReportSample),
  'renewal-again': templates.renewalReport({
    ...templates.renewalReportSample,
    ...{ renewed: 0, failed: 0, failures: [], againAt: '2028-07-01' },
  }),
  'renewal-nothing-due': templates.renewalReport({
    ...templates.renewalReportSample,
    ...{ renewed: 0, unchanged: 0, unextendable: 0, failed: 0, contracts: 0, failures: [] },
  }),
  'credential-expires': templates.credentialNotice(templates.credentialNoticeSample),
  'credential-expired': templates.credentialNotice({
    ...templates.credentialNoticeSample,
    own: false,
    state: { kind: 'expires', daysLeft: 0 },
  }),
  'credential-mails-expires': templates.credentialNotice({
    ...templates.credentialNoticeSample,
    use: 'mails',
  }),
  'credential-mails-expired': templates.credentialNotice({
    ...templates.credentialNoticeSample,
    use: 'mails',
    state: { kind: 'expires', daysLeft: 0 },
  }),
  'credential-revoked': templates.credentialNotice({
    ...templates.credentialNoticeSample,
    municipalities: ['見本市', '見本町'],
    state: { kind: 'revoked' },
  }),
};
