/** Boxes that the vendor fills in (R27), from the mail that brings them to the PDF that holds them, without JavaScript. */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { agreedIn, consentByLink, type Writer } from '../../demo/people.ts';
import { withoutReadings } from '../../templates/pages/readings.ts';
import { approvalAsked, completion, contractCalled, drafted, mailsTo, requested } from '../support/acts.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { formPdf, states, unicode, widget } from '../support/pdf-forms.ts';
import { judge, textOf } from '../support/pdf-tools.ts';
import { createWorld, SATO, SUZUKI, TAKAHASHI, type World, YAMADA } from '../support/world.ts';

const KIMURA: Writer = { name: '木村三郎', address: 'kimura@mihon-kensetsu.example.jp' };
const REGISTRATIONS = feedOf(
  feedRow({ 事務担当者氏名: TAKAHASHI.name, 事務担当者メールアドレス: TAKAHASHI.address }),
  feedRow({
    整理番号: '12346',
    商号又は名称: '有限会社見本建設',
    締結権限者役職: '取締役',
    締結権限者氏名: KIMURA.name,
    締結権限者メールアドレス: KIMURA.address,
    事務担当者氏名: '',
    事務担当者メールアドレス: '',
  }),
);
const FORM = formPdf([
  widget(720, `/FT /Tx /T (address) /TU ${unicode('住所')} /Ff 2 /MK <</BC [0]>>`, [300, 24]),
  widget(680, `/FT /Tx /T (number) /TU ${unicode('法人番号')} /Ff 16777216 /MaxLen 13 /MK <</BC [0]>>`),
  widget(
    640,
    `/FT /Btn /T (received) /TU ${unicode('設計図書を受け取りました')} /Ff 2 ${states('Yes')}`,
    [14, 14],
  ),
  widget(
    600,
    `/FT /Ch /Ff 131072 /T (tax) /TU ${unicode('課税事業者の別')} /Opt [[(1) ${unicode('課税')}] [(2) ${unicode('免税')}]]`,
  ),
  widget(540, `/FT /Tx /T (note) /TU ${unicode('備考')} /Ff 4096`, [300, 50]),
]);
const ADDRESS = '見本県見本市一丁目1番1号 髙橋ビル𠮷';
const FILLED = {
  'box-1-1': ADDRESS,
  'box-1-2': '1234567890123',
  'box-1-3': 'Yes',
  'box-1-4': '2',
  'box-1-5': '一行目\r\n二行目',
};

function post(
  url: string,
  fields: Readonly<Record<string, string>>,
  agreed: readonly [string, string][] = [],
) {
  const body = new URLSearchParams([...agreed, ...Object.entries(fields)]);
  return fetch(url, { method: 'POST', body });
}

/** Fills in, confirms, consents; resolves to the last page. */
async function fillAndConsent(request: ReceivedMail, fields = FILLED): Promise<string> {
  const url = linkIn(request);
  const confirm = await (await post(`${url}/confirm`, fields)).text();
  const done = await post(`${url}/consent`, fields, agreedIn(confirm));
  expect(done.status).to.equal(200);
  return done.text();
}

describe('boxes of a contract', () => {
  let world: World;
  before(async () => {
    world = await createWorld({ registrations: REGISTRATIONS });
    await world.start();
  });
  after(() => world.close());

  it('are filled in on the page, shown to the approver, and stand in the executed PDF', async () => {
    const title = '記入欄のある工事';
    const receipt = await drafted(world, title, { pdf: FORM });
    expect(receipt.text).to.include('相手方の記入欄：文書1に5か所（うち必須2か所）');
    await world.reply(SATO, receipt, '依頼');
    const request = await world.next(YAMADA, new RegExp(`より${title}への署名依頼`));
    expect(request.text).to.include('ご記入いただく欄が5か所（うち必須2か所）あります。');
    const page = await (await fetch(linkIn(request))).text();
    expect(page).to.include('<label for="box-1-1">住所 <span class="must">必須</span></label>');
    expect(page).to.include('13文字まで');

    const done = await fillAndConsent(request);
    expect(done).to.include('同意を記録しました').and.include(ADDRESS).and.include('チェックあり');
    const recorded = await world.next(YAMADA, new RegExp(`同意を記録しました】${title}`));
    expect(recorded.text).to.include(`住所：${ADDRESS}`).and.include('課税事業者の別：免税');

    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    expect(approval.text).to.include(`住所：${ADDRESS}`);
    const shown = await (await fetch(linkIn(approval))).text();
    expect(shown).to.include('記入された内容').and.include(ADDRESS).and.not.include('name="box-1-1"');
    await world.reply(SUZUKI, approval, '承認');

    const mail = await completion(world, SATO, title);
    const executed = mail.attachments[0]!.content;
    expect(executed.subarray(0, FORM.length).equals(FORM)).to.equal(true);
    expect(judge('qpdf', ['--check'], executed)).to.include('No syntax or stream encoding errors');
    const signatures = judge('pdfsig', ['-nocert'], executed);
    expect(signatures.match(/Signature Validation: Signature is Valid\./g)).to.have.length(2);
    const form = judge('qpdf', ['--json', '--json-key=acroform'], executed);
    const { fields } = JSON.parse(form).acroform as {
      fields: { value: unknown; fieldflags: number; fieldtype: string }[];
    };
    const values = fields.filter(({ fieldtype }) => fieldtype !== '/Sig');
    expect(values.map(({ value }) => value)).to.deep.equal([
      `u:${ADDRESS}`,
      'u:1234567890123',
      '/Yes',
      'u:2',
      'u:一行目\r二行目',
    ]);
    expect(values.every(({ fieldflags }) => (fieldflags & 1) === 1)).to.equal(true);
    const text = textOf(executed);
    for (const line of [ADDRESS, '免税', '一行目', '二行目']) expect(text).to.include(line);
  });

  it('that are required and open, or hold what they cannot, are asked for with what was typed', async () => {
    const title = '記入漏れの工事';
    const url = linkIn(await requested(world, title, { pdf: FORM }));
    const typed = { 'box-1-2': '12345678901234', 'box-1-5': '"<b>備考' };
    for (const act of ['confirm', 'consent']) {
      const answer = await post(`${url}/${act}`, typed);
      expect(answer.status, act).to.equal(422);
      const html = await answer.text();
      expect(html).to.include('<a href="#box-1-1">住所</a>：記入してください。');
      expect(html).to.include('aria-describedby="box-1-1-fault"');
      expect(html).to.include('<p class="fault" id="box-1-1-fault">記入してください。</p>');
      expect(html).to.include('<a href="#box-1-2">法人番号</a>：13文字以内で記入してください。');
      expect(html).to.include('<a href="#box-1-3">設計図書を受け取りました</a>：内容を確かめて');
      expect(html).to.include('value="12345678901234"').and.include('&quot;&lt;b&gt;備考</textarea>');
    }
    const odd = await post(`${url}/confirm`, { ...FILLED, 'box-1-1': '見本🦭市', 'box-1-4': '9' });
    expect(odd.status).to.equal(422);
    const rest = await post(`${url}/confirm`, { ...FILLED, 'box-1-1': '見本🦭市' });
    expect(await rest.text()).to.include('「🦭」は、この文書に書き込めない文字です。');
    const long = await post(`${url}/confirm`, { ...FILLED, 'box-1-1': '見本'.repeat(90) });
    expect(await long.text()).to.include('文字が多く、欄に入りきりません。');
    expect(await contractCalled(world, title)).to.include({ state: 'awaiting' });
  });

  it('can be corrected before the consent is given', async () => {
    const url = linkIn(await requested(world, '書き直す工事', { pdf: FORM }));
    const confirm = await (await post(`${url}/confirm`, FILLED)).text();
    expect(confirm).to.include('文書には、次のとおり書き込みます。').and.include(ADDRESS);
    expect(confirm).to.include(`formaction="${new URL(url).pathname}/edit"`);
    const again = await post(`${url}/edit`, FILLED);
    expect(again.status).to.equal(200);
    const html = await again.text();
    expect(html).to.include(`value="${ADDRESS}"`).and.include('value="Yes" checked');
    expect(html).to.include('<option value="2" selected>').and.include('\n一行目\n二行目</textarea>');
    expect(html).not.to.include('class="faults"');
  });

  it('are open again when the consent is taken back', async () => {
    const title = '取り消す記入';
    const request = await requested(world, title, { pdf: FORM });
    await fillAndConsent(request);
    await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    const url = linkIn(request);
    expect((await post(`${url}/takeback`, {})).status).to.equal(200);
    const reopened = await contractCalled(world, title);
    expect(reopened.documents[0]!.revisions).to.have.length(1);
    expect(reopened.steps[0]!.consent).to.equal(null);
    expect(await (await fetch(url)).text())
      .to.include('name="box-1-1"')
      .and.not.include(ADDRESS);
    const approvals = mailsTo(world, SUZUKI, new RegExp(`承認のお願い】${title}（`));
    await fillAndConsent(request, { ...FILLED, 'box-1-1': '見本市二丁目' });
    const second = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    expect(approvals).not.to.include(second);
    expect(second.text).to.include('住所：見本市二丁目');
  });

  it('belong to the first who signs: a checker sees them coming, the next signatory sees them filled', async () => {
    const title = '共同企業体の記入';
    const lines = [
      `契約相手方1：株式会社サンプル 代表取締役 ${YAMADA.name} <${YAMADA.address}>`,
      `契約相手方2：有限会社見本建設 取締役 ${KIMURA.name} <${KIMURA.address}>`,
      `相手方確認者：${TAKAHASHI.name} <${TAKAHASHI.address}>`,
      '契約相手方：',
    ];
    const check = await requested(world, title, { pdf: FORM, lines }, TAKAHASHI);
    expect(check.text).not.to.include('ご記入いただく欄');
    const ahead = await (await fetch(linkIn(check))).text();
    expect(withoutReadings(ahead))
      .to.include('次の欄は、このあと契約締結権限者（署名をする方）が記入します。')
      .and.include('<li>法人番号</li>');
    expect(ahead).not.to.include('name="box-1-1"');
    await consentByLink(check);
    await fillAndConsent(await world.next(YAMADA, new RegExp(`より${title}への署名依頼`)));
    const next = await world.next(KIMURA, new RegExp(`より${title}への署名依頼`));
    expect(next.text).not.to.include('ご記入いただく欄');
    const url = linkIn(next);
    const html = await (await fetch(url)).text();
    expect(html).to.include('記入された内容').and.include(ADDRESS).and.not.include('name="box-1-1"');
    const confirm = await (await post(`${url}/confirm`, {})).text();
    // What somebody else's boxes are called changes nothing.
    const done = await post(`${url}/consent`, { 'box-1-1': '書き換え' }, agreedIn(confirm));
    expect(done.status).to.equal(200);
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    expect(approval.text).to.include(ADDRESS).and.not.include('書き換え');
  });

  it('that are the staff’s must be filled before mailing', async () => {
    const staffs = (value: string): Buffer =>
      formPdf([
        widget(720, `/FT /Tx /T ${unicode('市_決裁番号')} /TU ${unicode('決裁番号')} /Ff 2 ${value}`),
        widget(680, `/FT /Tx /T (address) /TU ${unicode('住所')} /Ff 2`),
      ]);
    await world.mailContract({ pdf: staffs('') });
    const refused = await world.next(SATO, /受け付けていません/);
    expect(refused.text).to.include('記入欄「決裁番号」は担当職員が記入する欄ですが、空いています。');
    const receipt = await drafted(world, '職員の記入欄', { pdf: staffs(`/V ${unicode('総管第45号')}`) });
    expect(receipt.text).to.include('相手方の記入欄：文書1に1か所（すべて必須）');
  });

  it('stand in the way of nobody who has none to fill', async () => {
    const { approval } = await approvalAsked(world, '記入欄のない工事');
    expect(approval.text).not.to.include('相手方の記入');
  });
});
