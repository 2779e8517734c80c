/** Mails: golden texts, text and HTML alike, foreign text kept harmless. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createTransport } from 'nodemailer';
import type { MailContent, RenderedMail } from '../../templates/index.ts';
import * as templates from '../../templates/index.ts';
import * as mailTemplates from '../../templates/mails/index.ts';
import { expectGolden } from '../support/golden.ts';
import { MAILS } from '../support/mail-samples.ts';

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
  const sending = createTransport({ streamTransport: true, buffer: true });
  let render: (content: MailContent) => RenderedMail;
  before(async () => {
    render = await templates.compileMails();
  });

  async function octetsOnTheWire(content: MailContent): Promise<number> {
    const { subject, text, html } = render(content);
    const wire = await sending.sendMail({ subject, text, html, textEncoding: 'base64' });
    return (wire.message as Buffer).length;
  }

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

      it('puts every URL alone on its line and in an href, and has one alone but in lists', () => {
        const mail = render(content);
        const listed = content.blocks.some(({ kind }) => kind === 'entries');
        const urls = mail.text.split('\n').filter((line) => /https?:/.test(line));
        for (const url of urls) {
          expect(url).to.match(/^https:\/\/[!-~]+$/);
          expect(mail.html).to.include(`href="${url}"`);
        }
        expect(new Set(urls).size).to.be.at.most(listed ? 50 : 1);
        const links = content.blocks.filter(({ kind }) => kind === 'link');
        expect(urls.length).to.be.at.least(links.length + (listed ? 1 : 0));
      });

      it('asks for nothing to be typed but a word and digits', () => {
        const { text } = render(content);
        for (const [, typed] of text.matchAll(/「([^「」]+)」と(?:だけ)?(?:書|返信)/g)) {
          expect(typed).to.match(/^[^!-~]+(?: ?\d{1,5}(?: 理由)?)?$/);
        }
        for (const [, code] of text.matchAll(/^アクセスコード：(\S+?)（/gm)) {
          expect(code).to.match(/^\d{4}-\d{4}$/);
        }
      });

      it('ends with the two desks', () => {
        const lines = render(content).text.trimEnd().split('\n');
        expect(lines.at(-2)).to.equal('契約の内容：総務課管財係 00-0000-0001');
        expect(lines.at(-1)).to.equal(
          '操作：ヘルプデスク 00-0000-0000（平日10:00～18:00、土日及び祝日は除きます。）',
        );
      });

      it('takes at most 100 KB on the wire', async () => {
        expect(await octetsOnTheWire(content)).to.be.lessThan(100_000);
      });

      it('says that it has no legal effect while the test authority seals', () => {
        const mail = render({ ...content, testAuthority: true });
        expect(mail.text).to.match(/^【試験用・法的効力なし】\n/);
        expect(visible(mail.html)).to.include('【試験用・法的効力なし】');
        expect(render({ ...content, testAuthority: false }).text).not.to.include('法的効力なし');
      });
    });
  }

  it('stay below 100 KB with as much in them as there may be', async () => {
    const { receiptSample, contractListSample } = templates;
    const many = <Item>(items: readonly Item[], count: number): Item[] =>
      Array.from({ length: count }, () => items[0]!);
    const receipt = { ...receiptSample, documents: many(receiptSample.documents, 20) };
    expect(await octetsOnTheWire(templates.receipt(receipt))).to.be.lessThan(100_000);
    const list = { ...contractListSample, contracts: many(contractListSample.contracts, 50) };
    expect(await octetsOnTheWire(templates.contractList(list))).to.be.lessThan(100_000);
  });

  it('put the address of an application form on a line of its own, too, and no address of somebody else’s', () => {
    const formUrl = 'https://shinsei.mihon.example.jp/2026-12-0001?a=1&b=2';
    const problem = templates.refusalSentence('not-registered', { value: 'サンプル', formUrl });
    const { text, html } = render(templates.refused({ ...templates.refusedSample, problems: [problem] }));
    expect(text.split('\n')).to.include(formUrl);
    expect(text).to.match(/^・契約相手方「サンプル」.*。申請先：$/m);
    expect(html).to.include('<a href="https://shinsei.mihon.example.jp/2026-12-0001?a=1&amp;b=2"');
    const quoted = templates.refusalSentence('unknown-label', {
      label: '参考',
      value: 'https://a.example.jp/',
    });
    const other = render(templates.refused({ ...templates.refusedSample, problems: [quoted] }));
    expect(other.html).not.to.include('<a ');
  });

  it('stand in docs/mails, each with its pictures and a link to its text', () => {
    const folder = new URL('../../docs/mails/', import.meta.url);
    const index = readFileSync(new URL('README.md', folder), 'utf8');
    const pictures = Object.keys(MAILS).flatMap((name) => [`${name}-375.png`, `${name}-1280.png`]);
    const shown = readdirSync(folder).filter((file) => file.endsWith('.png'));
    expect(shown.sort(), 'npm run screens draws them').to.deep.equal(pictures.sort());
    for (const name of Object.keys(MAILS)) expect(index).to.include(`](../../test/golden/mails/${name}.txt)`);
  });

  it('are all among these', () => {
    const made = new Set(Object.values(MAILS).map((content) => JSON.stringify(content)));
    const samples = templates as unknown as Record<string, unknown>;
    const composers = mailTemplates as unknown as Record<string, (params: unknown) => MailContent>;
    for (const [name, compose] of Object.entries(composers)) {
      const sample = samples[`${name}Sample`];
      if (sample !== undefined) expect(made, name).to.include(JSON.stringify(compose(sample)));
    }
  });

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

  it('are written whatever a company calls itself', () => {
    for (const organisation of ['https:', 'https://見本', 'http://sample.example.jp <工業>']) {
      const { signatureRequestSample: sample } = templates;
      const recipient = { ...sample.recipient, organisation };
      const mail = render(templates.signatureRequest({ ...sample, recipient }));
      expect(visible(mail.html)).to.include(`${organisation} 代表取締役`);
    }
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
