/** The municipality's own words: what may be said otherwise, what is refused, and what mails then say. */
import { expect } from 'chai';
import { createTransport } from 'nodemailer';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { compose } from '../../gateway/mail/compose.ts';
import type { ComposeInput } from '../../gateway/mail/compose-input.ts';
import * as templates from '../../templates/index.ts';
import { mailSamples } from '../../templates/index.ts';
import { sampleBase } from '../../templates/sample.ts';
import { WORDING, type WordingKey, worded, wordingProblem } from '../../templates/wording.ts';
import { sampleDraft } from '../support/contract.ts';

const KEYS = Object.keys(WORDING) as WordingKey[];
const OWN: Record<WordingKey, string> = {
  site: '{自治体}でんしけいやく',
  assurance: '無料です。',
  privacy: 'お名前は契約にだけ使います。',
  note: 'よくある質問：https://www.mihon.example.jp/faq?a=1&b=2（{自治体}のページ）',
  greeting: '日ごろから{自治体}政にご協力いただき、ありがとうございます。',
  origin: 'みほん電子申請サービス（整理番号{整理番号}）のアドレスにお送りしています。',
  knownNumber: '{市町村}役所の代表番号（00-0000-0000）',
  thanks: '早速のお手続き、恐れ入ります。',
  apology: 'おわび申し上げます。',
  registrationSubject: '【電子契約】{自治体}{敬称}からアドレスの確認のお願い',
};

describe('words of the municipality’s own', () => {
  let render: Awaited<ReturnType<typeof templates.compileMails>>;
  before(async () => {
    render = await templates.compileMails();
  });
  const rendered = (wording: templates.Wording): Record<string, templates.RenderedMail> =>
    Object.fromEntries(
      Object.entries(mailSamples({ ...sampleBase, wording })).map(([name, mail]) => [name, render(mail)]),
    );
  /** What is said against this wording in the settings; the configuration where nothing is. */
  const load = (wording: object): Config | readonly string[] => {
    const { municipalities } = loadConfig({ env: {} }) as Config;
    const own = { ...municipalities[0], face: { wording } };
    const outcome = loadConfig({ env: { KEIYAKUBIN_MUNICIPALITIES: JSON.stringify([own]) } });
    return isConfigProblems(outcome) ? outcome.problems : outcome;
  };

  it('change nothing where nothing is said, and ours pass our own rules', () => {
    expect(rendered({})).to.deep.equal(rendered(Object.fromEntries(KEYS.map((key) => [key, null]))));
    for (const key of KEYS) expect(wordingProblem(key, WORDING[key].ours), key).to.equal(null);
  });

  it('are taken by the settings, every one of them', () => {
    expect(load(OWN)).to.have.nested.property('municipalities[0].face.wording').that.deep.equals(OWN);
  });

  it('are refused by the name of their setting, all problems at once and nothing half-applied', () => {
    const at = 'municipalities[0].face.wording';
    const problems = load({
      deadline: 'いつでも。',
      origin: '電子申請でご登録のアドレスにお送りしています。',
      thanks: 'あ'.repeat(81),
      greeting: '{氏名}様、いつもありがとうございます。',
      apology: '｛自治体｝より',
      assurance: '無料です。\r\nBcc: x@sample.example.jp',
      knownNumber: 'https://evil.example.jp/',
      registrationSubject: 'アドレスの確認',
    }) as string[];
    expect([...problems].sort()).to.deep.equal(
      [
        `${at}.deadline: no such setting`,
        `${at}.origin: must hold the placeholder {整理番号}`,
        `${at}.thanks: is 81 characters long; at most 80 are shown well`,
        `${at}.greeting: knows no placeholder but {自治体}: {氏名}`,
        `${at}.apology: knows no placeholder but {自治体}: ｛自治体｝`,
        `${at}.assurance: must be one line without control characters`,
        `${at}.knownNumber: must hold no web address: a mail has one link, and only note may name a page`,
        `${at}.registrationSubject: must hold the placeholder {自治体}`,
      ].sort(),
    );
  });

  it('stand in both parts of the mails they belong to', () => {
    const mails = rendered(OWN);
    const said = (name: string, ...sentences: string[]): void => {
      for (const sentence of sentences) {
        expect(mails[name]!.text, name).to.include(sentence);
        expect(mails[name]!.html.replace(/<[^>]*>/g, ''), name).to.include(sentence);
      }
    };
    const greeting = '日ごろから見本市政にご協力いただき、ありがとうございます。';
    const origin = 'みほん電子申請サービス（整理番号12345）のアドレスにお送りしています。';
    const number = '市役所の代表番号（00-0000-0000）';
    said('signature-request', greeting, '無料です。紙の契約も選べます。', origin, number);
    said('check-request', greeting, '無料です。紙の契約も選べます。', origin, number);
    said('registration-confirmation', greeting, '無料です。紙の契約も選べます。', number);
    said('registration-preference', greeting, origin, number);
    said('registration-change-notice', number);
    said('consent-recorded', '同意を記録しました。早速のお手続き、恐れ入ります。');
    said('cancelled', 'おわび申し上げます。');
    expect(mails['registration-confirmation']!.subject).to.equal(
      '【電子契約】見本市様からアドレスの確認のお願い',
    );
  });

  it('stand below the desks of every mail, a web address alone on its line', () => {
    for (const [name, { text, html }] of Object.entries(rendered(OWN))) {
      expect(text.trimEnd().split('\n').slice(-4), name).to.deep.equal([
        '操作：ヘルプデスク 00-0000-0000（平日10:00～18:00、土日及び祝日は除きます。）',
        'よくある質問：',
        'https://www.mihon.example.jp/faq?a=1&b=2',
        '（見本市のページ）',
      ]);
      expect(html, name).to.include('<a href="https://www.mihon.example.jp/faq?a=1&amp;b=2"');
    }
  });

  it('lose no sentence that is not theirs to change', () => {
    const blank = rendered({});
    const own = rendered(OWN);
    const theirs = KEYS.map((key) =>
      worded(key, sampleBase, { 整理番号: '12345', 敬称: '様' }).replaceAll('紙の契約', ''),
    ).filter((sentence) => sentence !== '');
    for (const [name, { subject, text }] of Object.entries(blank)) {
      const fixed = theirs.reduce((rest, sentence) => rest.replaceAll(sentence, '\n'), text).split('\n');
      for (const part of fixed.map((line) => line.trim())) expect(own[name]!.text, name).to.include(part);
      if (name !== 'registration-confirmation') expect(own[name]!.subject, name).to.equal(subject);
    }
  });

  it('are text, not markup', () => {
    const markup = '<b onclick="x()">&amp;</b>';
    expect(load({ thanks: markup, note: markup })).to.have.property('municipalities');
    for (const [name, { html, text }] of Object.entries(rendered({ thanks: markup, note: markup }))) {
      expect(html, name).not.to.include('<b onclick');
      expect(html, name).to.include('&lt;b onclick=&quot;x()&quot;&gt;&amp;amp;&lt;/b&gt;');
      expect(text, name).to.include(markup);
    }
  });

  it('forge no header, even if they got past the settings', async () => {
    const registrationSubject = '{自治体}\r\nBcc: x@sample.example.jp\r\n\r\nbody';
    const { subject, text } = rendered({ registrationSubject })['registration-confirmation']!;
    expect(subject).to.equal('見本市 Bcc: x@sample.example.jp body');
    const wire = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    const { message } = await wire.sendMail({
      from: 'a@mihon.example.jp',
      to: 'b@sample.example.jp',
      subject,
      text,
    });
    const [head] = (message as Buffer).toString('latin1').split('\r\n\r\n');
    expect(head)
      .not.to.match(/^bcc:/im)
      .and.not.to.match(/x@sample/);
  });

  it('fill in values as they are, whatever these look like', () => {
    const speaker = { municipality: '{整理番号}$&', wording: { origin: '{自治体}／{整理番号}' } };
    expect(worded('origin', speaker, { 整理番号: '{自治体}$1' })).to.equal('{整理番号}$&／{自治体}$1');
  });
});

describe('mails to vendors', () => {
  const WITH_A_PAGE = [
    'check-request',
    'completed',
    'consent-recorded',
    'contract-list',
    'registration-confirmation',
    'registration-preference',
    'signature-request',
  ];
  const WITHOUT = [
    'cancelled',
    'files-passed-on',
    'not-staff',
    'registration-change-notice',
    'reply-passed-on',
    'verification-result',
  ];

  it('have one line of English, in text and HTML; mails to staff have none', async () => {
    const render = await templates.compileMails();
    const found: string[] = [];
    for (const [name, mail] of Object.entries(mailSamples(sampleBase))) {
      const { text, html } = render(mail);
      const english = text.split('\n').filter((line) => line.startsWith('English: '));
      expect(english.length, name).to.be.lessThan(2);
      if (english.length === 0) continue;
      found.push(name);
      expect(html.match(/English: /g), name).to.have.length(1);
      expect(english[0]!.includes('choose "English"'), name).to.equal(WITH_A_PAGE.includes(name));
    }
    expect(found.sort()).to.deep.equal([...WITH_A_PAGE, ...WITHOUT].sort());
  });

  it('have it where only some of their readers are vendors', async () => {
    const render = await templates.compileMails();
    const english = (mail: templates.MailContent): string[] =>
      render(mail).text.match(/^English: .*$/gm) ?? [];
    const { consentTakenBackSample, holderChangedSample, consentRecordedSample } = templates;
    for (const recipientIs of ['initiator', 'vendor', 'approver'] as const) {
      const mail = templates.consentTakenBack({ ...consentTakenBackSample, recipientIs });
      expect(english(mail), recipientIs).to.have.length(recipientIs === 'vendor' ? 1 : 0);
    }
    for (const recipientIs of ['initiator', 'approver', 'former', 'holder', 'vendor'] as const) {
      const staff = recipientIs === 'initiator' || recipientIs === 'approver';
      const mail = templates.holderChanged({ ...holderChangedSample, recipientIs });
      expect(english(mail), recipientIs).to.have.length(staff ? 0 : 1);
    }
    const consent = { ...consentRecordedSample, takeBackUrl: null };
    expect(english(templates.consentRecorded({ ...consent, role: 'signatory' }))).to.deep.equal([
      'English: your consent has been recorded.',
    ]);
    expect(english(templates.consentRecorded({ ...consent, role: 'approver' }))).to.deep.equal([]);
  });

  it('have it where a consent was taken back before a vendor’s turn, not before the approver’s', async () => {
    const render = await templates.compileMails();
    const draft = sampleDraft({ checker: true });
    const [municipality] = (loadConfig({ env: {} }) as Config).municipalities;
    const english = (recipient: string, about: string): boolean => {
      const input = {
        contract: draft,
        recipient,
        about,
        municipality,
        testAuthority: false,
        now: '2026-11-28',
      };
      const mail = compose('consentTakenBack', input as unknown as ComposeInput);
      return /^English: /m.test(render(mail).text);
    };
    expect(english('step-2', 'step-1')).to.equal(true);
    expect(english('step-3', 'step-2')).to.equal(false);
    expect(english('initiator', 'step-1')).to.equal(false);
  });
});
