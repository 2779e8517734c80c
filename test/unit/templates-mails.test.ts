/** Mails: golden texts, text and HTML alike, foreign text kept harmless. */
import { expect } from 'chai';
import type { MailContent, RenderedMail } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import { expectGolden } from '../support/golden.ts';

const registrationSaid = (content: templates.RegistrationAnswerContent): MailContent =>
  templates.registrationAnswer({ ...templates.registrationAnswerSample, content });

const MAILS: Record<string, MailContent> = {
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
  cancelled: templates.cancelled(templates.cancelledSample),
  'withdrawn-answer': templates.withdrawnAnswer(templates.withdrawnAnswerSample),
  expired: templates.expired(templates.expiredSample),
  'draft-expired': templates.draftExpired(templates.draftExpiredSample),
  'consent-taken-back': templates.consentTakenBack(templates.consentTakenBackSample),
  undelivered: templates.undelivered(templates.undeliveredSample),
  refused: templates.refused(templates.refusedSample),
  form: templates.form(templates.formSample),
  'not-staff': templates.notStaff(templates.notStaffSample),
  'verification-result': templates.verificationResult(templates.verificationResultSample),
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
  'holder-change-request': templates.holderChangeRequest(templates.holderChangeRequestSample),
  'holder-change-rejected': templates.holderChangeRejected(templates.holderChangeRejectedSample),
  'holder-changed': templates.holderChanged(templates.holderChangedSample),
  'holder-changed-former': templates.holderChanged({
    ...templates.holderChangedSample,
    recipient: templates.holderChangedSample.former,
    recipientIs: 'former',
  }),
  'contract-list': templates.contractList(templates.contractListSample),
  'registration-confirmation': templates.registrationConfirmation(templates.registrationConfirmationSample),
  'registration-change-notice': templates.registrationChangeNotice(templates.registrationChangeNoticeSample),
  'registration-preference': templates.registrationPreference(templates.registrationPreferenceSample),
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
  'confirm-needed': templates.confirmNeeded(templates.confirmNeededSample),
  'command-done': templates.commandDone(templates.commandDoneSample),
  status: templates.status(templates.statusSample),
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
  'credential-revoked': templates.credentialNotice({
    ...templates.credentialNoticeSample,
    municipalities: ['見本市', '見本町'],
    state: { kind: 'revoked' },
  }),
};

/** What a reader sees of the HTML: tags gone, entities back, Outlook's conditional comments dropped. */
function visible(html: string): string {
  const body = html.slice(html.indexOf('<body'));
  return body
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}

/** Without the punctuation that only one of the parts needs, and without white space. */
function bare(text: string): string {
  return text.replace(/^> /gm, '').replace(/[\s：／]/g, '');
}

describe('mails', () => {
  let render: (content: MailContent) => RenderedMail;
  before(async () => {
    render = await templates.compileMails();
  });

  for (const [name, content] of Object.entries(MAILS)) {
    describe(name, () => {
      it('reads as its golden text', () => {
        const mail = render(content);
        expectGolden(`mails/${name}.txt`, `件名：${mail.subject}\n\n${mail.text}`);
      });

      it('says in HTML exactly what the text says', () => {
        const mail = render(content);
        const labels = content.blocks.flatMap((block) => (block.kind === 'link' ? [block.label] : []));
        const html = labels.reduce((rest, label) => rest.replace(`\n${label}\n`, '\n'), visible(mail.html));
        expect(bare(html)).to.equal(bare(mail.text));
      });

      it('puts every URL alone on its line and in an href', () => {
        const mail = render(content);
        for (const block of content.blocks) {
          if (block.kind !== 'link') continue;
          expect(mail.text.split('\n')).to.include(block.url);
          expect(mail.html).to.include(`href="${block.url}"`);
        }
      });

      it('ends with the two desks', () => {
        const lines = render(content).text.trimEnd().split('\n');
        expect(lines.at(-2)).to.equal('契約の内容：総務課管財係 00-0000-0001');
        expect(lines.at(-1)).to.equal(
          '操作：ヘルプデスク 00-0000-0000（平日10:00～18:00、土日及び祝日は除きます。）',
        );
      });

      it('says that it has no legal effect while the test authority seals', () => {
        const mail = render({ ...content, testAuthority: true });
        expect(mail.text).to.match(/^【試験用・法的効力なし】\n/);
        expect(visible(mail.html)).to.include('【試験用・法的効力なし】');
        expect(render({ ...content, testAuthority: false }).text).not.to.include('法的効力なし');
      });
    });
  }

  it('gives the whole HTML of one mail as its golden file', () => {
    expectGolden('mails/signature-request.html', render(MAILS['signature-request']!).html);
  });

  it('keeps markup in foreign words as text', () => {
    const mail = render(
      templates.declined({
        ...templates.declinedSample,
        title: '<b>&"\'村道</b>',
        reason: '<script>alert(1)</script>\n契約金額：1円',
      }),
    );
    expect(mail.html).not.to.include('<script>');
    expect(mail.html).not.to.include('<b>');
    expect(mail.html).to.include('&lt;b&gt;&amp;&quot;&#39;村道&lt;/b&gt;');
    expect(mail.text).to.include('> <script>alert(1)</script>\n> 契約金額：1円');
    expect(mail.subject).to.equal('【却下されました】受付2026-0123 <b>&"\'村道</b>');
  });

  it('lets no foreign line break forge a header or a line of ours', () => {
    const mail = render(
      templates.signatureRequest({
        ...templates.signatureRequestSample,
        title: '工事\r\nBcc: x@sample.example.jp\u202e',
      }),
    );
    expect(mail.subject).to.equal('見本市様より工事 Bcc: x@sample.example.jpへの署名依頼が届いています');
    const status = render(
      templates.status({ ...templates.statusSample, title: '工事\n状況：締結が完了しました。' }),
    );
    expect(status.text.split('\n').filter((line) => line.startsWith('状況：'))).to.have.length(1);
  });

  it('leaves words that look like a slot alone', () => {
    const mail = render(templates.declined({ ...templates.declinedSample, title: '@@lines@@ $& 工事' }));
    expect(visible(mail.html)).to.include('2026-0123 @@lines@@ $& 工事');
  });

  it('refuses an address that is not a web address', () => {
    const content = templates.signatureRequest({
      ...templates.signatureRequestSample,
      url: 'javascript:alert(1)',
    });
    expect(() => render(content)).to.throw(RangeError);
  });

  it('asks for 「依頼 確認済」 only when there is something to look at', () => {
    const without = render(templates.receipt({ ...templates.receiptSample, warnings: [] }));
    expect(without.text).to.include('1行目に「依頼」と書いて返信してください。5分後に送ります。');
    expect(render(MAILS.receipt!).text).to.include('1行目に「依頼 確認済」と書いて返信してください。');
  });

  it('says of an undelivered notice that nothing waits for it', () => {
    const notice = render(templates.undelivered({ ...templates.undeliveredSample, mail: 'completed' }));
    expect(notice.subject).to.equal('【届いていません】市道1号線舗装工事の電子署名完了のお知らせ');
    expect(notice.text).not.to.include('止まっています');
    expect(notice.text).not.to.include('営業日');
    expect(render(MAILS.undelivered!).text).to.include('期限は12月1日（火）、あと6営業日です。');
  });

  it('names the code in an approval only where the municipality wants one', () => {
    const without = render(templates.approvalRequest({ ...templates.approvalRequestSample, code: null }));
    expect(without.text).to.include('1行目に「承認」と書いて返信してください。');
    expect(render(MAILS['approval-request']!).text).to.include(
      '1行目に「承認 4821」と書いて返信してください。',
    );
  });
});
