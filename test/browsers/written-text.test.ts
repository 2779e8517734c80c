/** What a vendor has written into a page stays as written until it is sent, and is asked for once (WCAG 2.2 3.3.7). */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import {
  boxInputSamples,
  consentPage,
  consentPageSample,
  declinedPage,
  declinedPageSample,
  donePage,
  donePageSample,
  inEnglish,
  questionSentPage,
  questionSentPageSample,
  statePage,
  statePageSample,
  type Written,
} from '../../templates/index.ts';
import { openBrowser } from '../support/browser.ts';
import { openStage, type Stage } from '../support/page-stage.ts';

/** Two UTF-16 units each, as browsers count; one character to people and to the server. */
const OUTSIDE_THE_BASIC_PLANE = '𠮷';
const ADDRESS = '見本県見本市一丁目1番1号';
/** Where the server would answer with it: what is kept belongs to a link. */
const CONSENT = consentPageSample.base.slice(1);
const IN_ENGLISH = `${CONSENT}/english`;
const QUESTION_SENT = `${CONSENT}/question`;
const QUESTION_REFUSED = `${CONSENT}/question-refused`;
const DECLINED = `${CONSENT}/decline`;
const OTHER_DOCUMENTS = `${CONSENT}/other-documents`;
const OTHER_CONTRACT = `${CONSENT.replace('abc', 'xyz')}`;
/** Of the link's end, by what has ended it. */
const ENDS = {
  consented: donePage(donePageSample),
  refused: declinedPage(declinedPageSample),
  'paper wished for': declinedPage({ ...declinedPageSample, paper: true }),
  'replaced by a new link': statePage({ ...statePageSample, state: 'voided' }),
  'run out': statePage(statePageSample),
};
const endOf = (what: string): string => `${CONSENT}/${what.replaceAll(' ', '-')}`;
const QUESTION = '工期は延ばせますか。';

describe('what is written into a page', () => {
  const boxes = boxInputSamples.map((box) => ({ ...box, fault: null }));
  const consent = (written: Written | null = null, heads = consentPageSample.heads): string =>
    consentPage({
      ...consentPageSample,
      boxes,
      heads,
      written,
      statements: { ...consentPageSample.statements, factor: { kind: 'pin', entered: '', fault: null } },
    });
  const pages = {
    [CONSENT]: consent(),
    [IN_ENGLISH]: inEnglish(consent()),
    [OTHER_CONTRACT]: consent(),
    ...Object.fromEntries(Object.entries(ENDS).map(([what, html]) => [endOf(what), html])),
    [QUESTION_SENT]: questionSentPage({ ...questionSentPageSample, question: QUESTION }),
    [DECLINED]: statePage({ ...statePageSample, state: 'too-fast' }),
    [QUESTION_REFUSED]: consent({ form: 'question', text: `${QUESTION}あ`, fault: 'too-long' }),
    [OTHER_DOCUMENTS]: consent(
      null,
      consentPageSample.heads.map((head) => head.replaceAll('a', 'b').replaceAll('1', '2')),
    ),
  };
  let browser: Browser;
  let stage: Stage;
  let page: Page;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());
  beforeEach(async () => {
    stage = await openStage(browser, pages);
    page = stage.page;
    await stage.show(CONSENT);
  });
  afterEach(() => stage.close());

  const written = (id: string): Promise<string> => page.inputValue(`#${id}`);
  const writeQuestion = async (): Promise<void> => {
    await page.getByText('担当者に質問する').click();
    await page.fill('#question', QUESTION);
  };

  it('takes as many characters as a box has room for, however a browser counts them', async () => {
    const thirteen = OUTSIDE_THE_BASIC_PLANE.repeat(13);
    await page.fill('#box-1-2', '');
    await page.locator('#box-1-2').focus();
    await page.keyboard.insertText(thirteen);
    expect(await written('box-1-2')).to.equal(thirteen);
  });

  it('outlives a reload, and a change of the language', async () => {
    await page.fill('#box-1-1', ADDRESS);
    await page.selectOption('#box-1-3', '1');
    await page.check('#box-2-1');
    await writeQuestion();
    for (const name of [CONSENT, IN_ENGLISH]) {
      await stage.show(name);
      expect(await written('box-1-1'), name).to.equal(ADDRESS);
      expect(await written('box-1-3'), name).to.equal('1');
      expect(await page.isChecked('#box-2-1'), name).to.equal(true);
      expect(await page.isVisible('#question'), name).to.equal(true);
      expect(await written('question'), name).to.equal(QUESTION);
      // The checklist counts what is there again.
      expect(await page.locator('[data-item="box-1-1"]').getAttribute('class'), name).to.equal('done');
    }
  });

  it('is there again after a question that was sent, which is not', async () => {
    await page.fill('#box-1-1', ADDRESS);
    await writeQuestion();
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.locator('#ask button').click();
    expect((await sent).postData()).to.include(encodeURIComponent(QUESTION));
    await page.waitForURL(`**/${QUESTION_SENT}`);
    await stage.show(CONSENT);
    expect(await written('box-1-1')).to.equal(ADDRESS);
    expect(await written('question')).to.equal('');
    expect(await page.isVisible('#question')).to.equal(false);
  });

  it('is there again where it did not arrive, and the browser’s own way back was taken', async () => {
    await page.getByText('同意せずに却下する').first().click();
    await page.fill('#reason', QUESTION);
    await page.locator('.danger', { hasText: '同意せずに却下する' }).click();
    await page.waitForURL(`**/${DECLINED}`);
    await page.goBack();
    await page.waitForFunction('document.documentElement.classList.contains("js")');
    expect(await written('reason')).to.equal(QUESTION);
    expect(await page.isVisible('#reason')).to.equal(true);
  });

  it('gives way to what the server says of it', async () => {
    await writeQuestion();
    await stage.show(QUESTION_REFUSED);
    expect(await written('question')).to.equal(`${QUESTION}あ`);
  });

  it('keeps neither a secret nor a confirmation, and nothing for other documents', async () => {
    await page.fill('#box-1-1', ADDRESS);
    await page.check('#identity');
    await page.check('#declaration');
    await page.fill('#factor', 'Nagisa0427');
    const kept = await page.evaluate<string>('JSON.stringify({ ...sessionStorage })');
    expect(kept).to.include(ADDRESS).and.not.to.include('Nagisa0427');
    await stage.show(CONSENT);
    expect(await page.isChecked('#identity')).to.equal(false);
    expect(await page.isChecked('#declaration')).to.equal(false);
    expect(await written('factor')).to.equal('');
    await stage.show(OTHER_DOCUMENTS);
    expect(await written('box-1-1')).to.equal('');
  });

  for (const what of Object.keys(ENDS)) {
    it(`is forgotten by a computer that others use, too, once its link has ended: ${what}`, async () => {
      await stage.show(OTHER_CONTRACT);
      await page.fill('#box-1-1', ADDRESS);
      await stage.show(CONSENT);
      await page.fill('#box-1-1', ADDRESS);
      await writeQuestion();
      await stage.show(endOf(what));
      await page.waitForFunction('document.documentElement.classList.contains("js")');
      const kept = await page.evaluate<string>('JSON.stringify({ ...sessionStorage })');
      expect(kept).not.to.include(QUESTION).and.not.to.include(CONSENT);
      await stage.show(CONSENT);
      expect(await written('box-1-1')).to.equal('');
      expect(await written('question')).to.equal('');
      // Another contract's text is still to be sent.
      await stage.show(OTHER_CONTRACT);
      expect(await written('box-1-1')).to.equal(ADDRESS);
    });
  }
});
