/** The file for printing on the page of executed documents (R43, R49): all of them, marked, counted, while the link is open. */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { inEnglish } from '../../templates/index.ts';
import { approvalAsked, completion } from '../support/acts.ts';
import { judge, pageTexts } from '../support/pdf-tools.ts';
import { createWorld, otherSamplePdf, SUZUKI, samplePdf, type World, YAMADA } from '../support/world.ts';

const LINK = '印刷用（契約書の写し）をダウンロードする';
const ONE_BY_ONE = '上の文書を1つずつ開いて印刷してください。';

/** Of the sample contract. */
const PAGES = 4;

/** Two documents concluded in `world`; gives the URL of the vendor's downloads. */
async function concluded(world: World): Promise<string> {
  await world.start();
  const title = '庁舎清掃業務委託';
  const { approval } = await approvalAsked(world, title, {
    pdf: [
      { filename: '契約書.pdf', content: await samplePdf() },
      { filename: '仕様書.pdf', content: await otherSamplePdf() },
    ],
  });
  await world.reply(SUZUKI, approval, '承認');
  return linkIn(await completion(world, YAMADA, title));
}

describe('the file for printing of an executed contract', () => {
  let world: World;
  let url: string;
  before(async () => {
    world = await createWorld();
    url = await concluded(world);
  });
  after(() => world.close());

  const times = (): Promise<{ times: number }[]> =>
    world.look(({ knex }) => knex('downloads').where({ file: 'print' }).select('times'));

  it('is offered beside the files', async () => {
    const html = await (await fetch(url)).text();
    expect(html).to.include(LINK).and.not.include(ONE_BY_ONE);
    expect(inEnglish(html)).to.include('Download for printing (copy of the contract)');
  });

  it('has its name and counts nothing for HEAD', async () => {
    const head = await fetch(`${url}/print.pdf`, { method: 'HEAD' });
    expect(head.status).to.equal(200);
    const name = /filename\*=UTF-8''(.*)$/.exec(head.headers.get('content-disposition')!)![1]!;
    expect(decodeURIComponent(name)).to.match(/_庁舎清掃業務委託_契約書の写し\.pdf$/);
    expect(await times()).to.deep.equal([]);
  });

  it('shows documents and certificate, each page marked, without signatures, and is noted', async () => {
    const response = await fetch(`${url}/print.pdf`);
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.equal('application/pdf');
    const file = new Uint8Array(await response.arrayBuffer());
    expect(judge('qpdf', ['--check'], file)).to.include('No syntax or stream encoding errors');
    expect(judge('pdfsig', ['-nocert'], file)).to.include('does not contain any signatures');
    const texts = pageTexts(file);
    expect(texts.length).to.be.greaterThan(2 * PAGES);
    for (const text of texts) expect(text).to.include('契約書の写し');
    expect(texts[0]).to.include('合意締結証明書ID：');
    expect(texts[PAGES]).to.include('合意締結証明書ID：');
    expect(texts[2 * PAGES])
      .to.include('合意締結証明書')
      .and.include('庁舎清掃業務委託');
    expect(await times()).to.deep.equal([{ times: 1 }]);
    await world.logged(/"ip":"127\.0\.0\.1".*executed documents downloaded for printing/);
  });

  it('is over with the link', async () => {
    const secret = /\/d\/([a-z2-7]{16})/.exec(url)![1]!;
    await world.look(({ knex }) =>
      knex('secrets').where({ id: secret }).update({ expires_at: '2020-01-01' }),
    );
    const over = await fetch(`${url}/print.pdf`);
    expect(over.status).to.equal(410);
    expect(await over.text()).to.include('ダウンロードの有効期間が過ぎました');
    expect((await fetch(`${new URL(url).origin}/d/nothing/print.pdf`)).status).to.equal(404);
  });
});

describe('a file for printing that would be too large', () => {
  for (const [setting, offered] of [
    [{ KEIYAKUBIN_CONTRACT__PRINT_SET_MAX_OCTETS: '100000' }, false],
    [{ KEIYAKUBIN_CONTRACT__PRINT_SET_MAX_PAGES: String(2 * PAGES + 1) }, true],
  ] as const) {
    it(`is not made (${Object.keys(setting)}), and the page says what to do instead`, async () => {
      const world = await createWorld({ env: setting });
      try {
        const url = await concluded(world);
        expect((await (await fetch(url)).text()).includes(LINK)).to.equal(offered);
        const refused = await fetch(`${url}/print.pdf`);
        expect(refused.status).to.equal(422);
        expect(refused.headers.get('content-disposition')).to.equal(null);
        const html = await refused.text();
        expect(html).to.include('role="alert"><strong>印刷用のファイルは作れませんでした。');
        expect(html).to.include(ONE_BY_ONE).and.include('契約書.pdf').and.not.include(LINK);
        expect(inEnglish(html)).to.include('print the documents above one by one');
        expect(await world.look(({ knex }) => knex('downloads').where({ file: 'print' }))).to.deep.equal([]);
        if (offered) await world.logged(/more than 9 pages.*no file for printing could be made/);
      } finally {
        await world.close();
      }
    });
  }
});
