/** What a vendor has written into a page stays as written until it is sent, and is asked for once (WCAG 2.2 3.3.7). */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import {
  boxInputSamples,
  consentPage,
  consentPageSample,
  inEnglish,
  type Written,
} from '../../templates/index.ts';
import { openBrowser } from '../support/browser.ts';
import { openStage, type Stage } from '../support/page-stage.ts';

/** Two UTF-16 units each, as browsers count; one character to people and to the server. */
const OUTSIDE_THE_BASIC_PLANE = '𠮷';
const ADDRESS = '見本県見本市一丁目1番1号';
const QUESTION_SENT = `${consentPageSample.base.slice(1)}/question`;
const QUESTION = '工期は延ばせますか。';

describe('what is written into a page', function () {
  this.timeout(60_000);
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
    consent: consent(),
    english: inEnglish(consent()),
    [QUESTION_SENT]: consent(),
    'question-refused': consent({ form: 'question', text: `${QUESTION}あ`, fault: 'too-long' }),
    'other-documents': consent(
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
    await stage.show('consent');
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
});
