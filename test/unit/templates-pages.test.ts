/** Pages: golden HTML, foreign text kept harmless, nothing a strict Content-Security-Policy would block. */
import { expect } from 'chai';
import * as templates from '../../templates/index.ts';
import { expectGolden } from '../support/golden.ts';

const { consentPageSample } = templates;

const PAGES: Record<string, string> = {
  consent: templates.consentPage(consentPageSample),
  'consent-checker': templates.consentPage({ ...consentPageSample, role: 'checker' }),
  'consent-approver': templates.consentPage({
    ...consentPageSample,
    role: 'approver',
    isLast: true,
    contractDateIfToday: '2026-11-30',
  }),
  'consent-boxes': templates.consentPage({
    ...consentPageSample,
    boxes: templates.boxInputSamples,
    strayFaults: [{ code: 'unknown', detail: null }],
  }),
  'consent-boxes-ahead': templates.consentPage({
    ...consentPageSample,
    role: 'checker',
    boxesAhead: ['住所', '法人番号'],
  }),
  'consent-filled': templates.consentPage({
    ...consentPageSample,
    role: 'approver',
    isLast: true,
    filled: templates.sampleFilled,
  }),
  confirm: templates.confirmPage(templates.confirmPageSample),
  'confirm-boxes': templates.confirmPage({
    ...templates.confirmPageSample,
    filled: templates.sampleFilled,
    hidden: [
      { name: 'box-1-1', value: '見本県見本市一丁目1番1号' },
      { name: 'box-2-1', value: 'Yes' },
    ],
  }),
  'confirm-incomplete': templates.confirmPage({
    ...templates.confirmPageSample,
    statements: { identity: true, declaration: false, incomplete: true, factor: null },
  }),
  'confirm-code': templates.confirmPage({
    ...templates.confirmPageSample,
    statements: {
      identity: true,
      declaration: true,
      incomplete: false,
      factor: { kind: 'code', entered: '', fault: 'wrong' },
    },
  }),
  'consent-code': templates.consentPage({
    ...consentPageSample,
    statements: {
      identity: false,
      declaration: null,
      incomplete: false,
      factor: { kind: 'code', entered: '', fault: null },
    },
  }),
  'consent-shared': templates.consentPage({
    ...consentPageSample,
    progress: templates.progressSample,
    statements: { identity: false, declaration: null, incomplete: false, factor: null },
  }),
  'consent-refusal-too-long': templates.consentPage({
    ...consentPageSample,
    written: { form: 'decline', text: `<b>${'あ'.repeat(1001)}`, fault: 'too-long' },
  }),
  'declined-paper': templates.declinedPage({ ...templates.declinedPageSample, paper: true }),
  'question-sent': templates.questionSentPage(templates.questionSentPageSample),
  'done-question-empty': templates.donePage({
    ...templates.donePageSample,
    progress: templates.progressSample,
    written: { form: 'question', text: '', fault: 'empty' },
  }),
  'done-boxes': templates.donePage({ ...templates.donePageSample, filled: templates.sampleFilled }),
  done: templates.donePage(templates.donePageSample),
  declined: templates.declinedPage(templates.declinedPageSample),
  'taken-back': templates.takenBackPage(templates.takenBackPageSample),
  state: templates.statePage(templates.statePageSample),
  'fresh-link': templates.statePage({
    ...templates.statePageSample,
    state: 'download-expired',
    freshLink: '/d/abcdefghijklmnopqrstuvwxyz/link',
  }),
  registration: templates.registrationPage(templates.registrationPageSample),
  'registration-incomplete': templates.registrationPage({
    ...templates.registrationPageSample,
    title: null,
    incomplete: true,
  }),
  'registration-pin': templates.registrationPage({
    ...templates.registrationPageSample,
    ticked: { electronic: true, deemed: true },
    pin: { required: true, fault: 'differs' },
  }),
  'registration-expired': templates.registrationStatePage(templates.registrationStatePageSample),
  'registration-confirmed': templates.registrationStatePage({
    ...templates.registrationStatePageSample,
    ...{ state: 'confirmed', freshLink: null },
  }),
  preference: templates.preferencePage(templates.preferencePageSample),
  'link-sent': templates.linkSentPage(templates.linkSentPageSample),
  download: templates.downloadPage(templates.downloadPageSample),
  'download-print-refused': templates.downloadPage({
    ...templates.downloadPageSample,
    print: null,
    printRefused: true,
  }),
  'how-to-check': templates.howToCheckPage(templates.howToCheckPageSample),
  'outdated-browser': templates.outdatedBrowserPage(templates.outdatedBrowserPageSample),
};

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('pages', () => {
  for (const [name, page] of Object.entries(PAGES)) {
    describe(name, () => {
      it('is its golden file', () => {
        expectGolden(`pages/${name}.html`, page);
      });

      it('is Japanese, names both desks and has one heading of the first order', () => {
        expect(page).to.include('<html lang="ja">');
        expect(page).to.include('総務課管財係 00-0000-0001').and.include('ヘルプデスク 00-0000-0000');
        expect(count(page, '<h1>')).to.equal(1);
      });

      it('holds no script, style or handler of its own', () => {
        expect(page).not.to.match(/<style|\sstyle=|\son\w+=|javascript:/i);
        expect(page.match(/<script[^>]*>[^<]*/g) ?? []).to.satisfy((scripts: string[]) =>
          scripts.every((script) => script === '<script type="module" src="/assets/viewer.js">'),
        );
      });
    });
  }

  for (const [name, page] of Object.entries(templates.pageSamples())) {
    it(`ties every name, hint and error to its field: ${name}`, () => {
      const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
      expect(ids).to.deep.equal([...new Set(ids)]);
      const named = [...page.matchAll(/ (?:for|aria-describedby|aria-labelledby)="([^"]+)"/g)];
      expect(ids).to.include.members(named.flatMap((match) => match[1]!.split(' ')));
      const summary = /<section class="faults".*?<\/section>/s.exec(page)?.[0] ?? '';
      for (const [, id] of summary.matchAll(/href="#([^"]+)"/g)) {
        const field = new RegExp(`<(?:input|select|textarea) [^>]*id="${id}"[^>]*>`).exec(page)?.[0];
        expect(field)
          .to.include('aria-invalid="true"')
          .and.match(/aria-describedby="[^"]*-fault"/);
      }
    });
  }

  it('never says that a consent is missing where only a question is wrong', () => {
    expect(PAGES['done-question-empty'])
      .to.include('まだお送りしていません。')
      .and.not.include('手続きはまだ終わっていません。');
  });

  it('says of a registration and of a wish that nothing is agreed by it', () => {
    expect(PAGES.registration).to.include('受信を確認しただけでは契約になりません。');
    expect(PAGES.preference).to.include('お返事だけでは契約になりません。');
  });

  it('leads the holder of an old link to a new one, by the button where there is one', () => {
    const voided = (freshLink: string | null) =>
      templates.statePage({ ...templates.statePageSample, state: 'voided', freshLink });
    expect(voided('/c/abc/link')).to.include('「新しいリンクを送る」を押してください。');
    expect(voided(null)).to.include('下の窓口へご連絡ください。').and.not.include('新しいリンクを送る');
  });

  it('marks every page while the test authority seals', () => {
    expect(templates.consentPage({ ...consentPageSample, testAuthority: true })).to.include(
      '<p class="test-notice">試験用・法的効力なし</p>',
    );
    expect(PAGES.consent).not.to.include('法的効力なし');
  });

  it('keeps markup in foreign words as text', () => {
    const evil = '<b>&"\'</b><script>alert(1)</script>';
    const page = templates.consentPage({
      ...consentPageSample,
      title: evil,
      message: evil,
      documents: consentPageSample.documents.map((document) => ({ ...document, title: `"${evil}` })),
      participant: { ...consentPageSample.participant, name: evil },
    });
    expect(page).not.to.include('<b>');
    expect(page).not.to.include('<script>');
    expect(page).to.include(
      '<h1>&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;</h1>',
    );
    expect(page).to.include('download="&quot;&lt;b&gt;');
  });

  it('drops characters that would reorder what is read', () => {
    expect(templates.consentPage({ ...consentPageSample, title: '工事\u202efdp' })).to.include(
      '<h1>工事fdp</h1>',
    );
  });

  it('tells at once who asks for what, that it is free and not binding yet', () => {
    const start = PAGES.consent!.slice(0, PAGES.consent!.indexOf('文書の確認'));
    expect(start).to.include('見本市総務課の佐藤から、株式会社サンプル 代表取締役 山田太郎様へ');
    expect(start).to.include('契約書の確認と署名をお願いします。');
    expect(start).to.include('開いただけでは契約になりません。');
    expect(start).to.include('費用、会員登録、インストールは不要です。');
    expect(start).to.include('令和8年12月1日（火）');
  });

  it('binds the consent to the digests of all documents', () => {
    for (const name of ['consent', 'confirm']) {
      const page = PAGES[name]!;
      const form = page.slice(page.indexOf('id="act" method="post"'));
      for (const head of consentPageSample.heads) {
        expect(form).to.include(`<input type="hidden" name="head" value="${head}">`);
      }
    }
  });

  it('works without JavaScript: links to the documents, forms for every act', () => {
    const base = consentPageSample.base;
    for (const act of ['confirm', 'decline', 'paper', 'question']) {
      expect(PAGES.consent).to.include(`method="post" action="${base}/${act}"`);
    }
    expect(PAGES.consent).to.include(`href="${base}/documents/1"`).and.include(`href="${base}/documents/2"`);
    expect(PAGES.consent).to.include('formaction="/c/abcdefghijklmnopqrstuvwxyz/consent"');
    expect(PAGES.consent).to.match(/<textarea [^>]*name="reason"/);
    expect(PAGES.done).to.include(`method="post" action="${base}/takeback"`);
    expect(templates.donePage({ ...templates.donePageSample, canTakeBack: false })).not.to.include(
      '/takeback',
    );
  });

  it('speaks to each role in its own words', () => {
    expect(PAGES.consent).to.include('署名手続きを完了する').and.include('同意せずに却下する');
    expect(PAGES['consent-checker']).to.include('確認を完了する').and.include('電子署名は行いません');
    expect(PAGES['consent-approver']).to.include('承認を完了する').and.include('承認せずに差し戻す');
    expect(PAGES['consent-approver']).to.include('本日完了した場合、契約日は令和8年11月30日です。');
    expect(PAGES['consent-approver']).to.include('総管第45号');
    expect(PAGES.consent).not.to.include('総管第45号');
  });

  it('warns that the registered address stands for the representative', () => {
    expect(PAGES.consent).to.include(
      '登録されたＥメールアドレスで契約を締結した場合は、代表者が同意した契約とみなしますので予めご了承ください。',
    );
  });

  it('does not promise a way back from the last consent', () => {
    expect(PAGES['consent-approver'])
      .to.include('あとから取り消せません')
      .and.not.include('取り消すことができます');
    expect(PAGES.consent).to.include('取り消すことができます').and.not.include('あとから取り消せません');
  });

  for (const state of templates.PAGE_STATES) {
    it(`says where things stand and what to do: ${state}`, () => {
      const page = templates.statePage({ ...templates.statePageSample, state });
      expect(page).to.match(/<h1>[^<]{5,}<\/h1>/);
      expect(count(page.slice(page.indexOf('<h1>'), page.indexOf('</section>')), '。')).to.be.at.least(1);
    });
  }

  it('names no municipality where the link named none', () => {
    const page = templates.statePage({
      municipality: null,
      desks: null,
      testAuthority: false,
      state: 'not-found',
      title: null,
      freshLink: null,
    });
    expect(page).to.include('<title>ページが見つかりません｜電子契約</title>').and.not.include('<footer');
  });

  it('says until when the documents can be fetched', () => {
    expect(PAGES.download).to.include('ダウンロード有効期間：14日間（令和8年12月14日（月）まで）');
    expect(PAGES.download).to.include('必ずダウンロードして保管するようお願いいたします。');
    expect(PAGES.download).to.include('href="/d/abcdefghijklmnopqrstuvwxyz/certificate"');
    expect(PAGES.download).to.include('href="/d/abcdefghijklmnopqrstuvwxyz/how-to-check"');
  });
});
