/** A municipality's own look: settings that are refused, what the pages then carry, and the preview of all of it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fastify from 'fastify';
import { preview } from '../../gateway/cli/preview.ts';
import { type Config, isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { faceParts } from '../../gateway/parts/face.ts';
import { faceOf, faceRoutes } from '../../gateway/web/face.ts';
import { consentPage, consentPageSample, faceStyle, inEnglish } from '../../templates/index.ts';
import { lowestContrast } from '../../templates/pages/face.ts';

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20"/></svg>\n';

describe('the face of a municipality', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keiyakubin-face-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const logo = (content: string | Buffer): string => {
    const file = join(folder, 'logo');
    writeFileSync(file, content);
    return file;
  };
  /** The sample municipality with this face; or what is said against it. */
  const load = (face: object, web: object = {}): Config | readonly string[] => {
    const file = join(folder, 'config.yaml');
    const { municipalities } = loadConfig({ env: {} }) as Config;
    writeFileSync(file, JSON.stringify({ web, municipalities: [{ ...municipalities[0], face }] }));
    const outcome = loadConfig({ file, env: {} });
    return isConfigProblems(outcome) ? outcome.problems : outcome;
  };

  it('refuses a colour on which nobody can read, and says its contrast', () => {
    expect(load({ primaryColor: '#ff8800' })).to.deep.equal([
      'municipalities[0].face.primaryColor: has a contrast of 2.14 : 1; text needs 4.5 : 1, so choose a darker colour',
    ]);
    expect(load({ primaryColor: 'green' })).to.deep.equal([
      'municipalities[0].face.primaryColor: must be #rrggbb',
    ]);
    expect(load({ primaryColor: '#006B3C' })).to.have.property('municipalities');
  });

  it('knows black and white by their contrast', () => {
    expect(lowestContrast('#ffffff')).to.be.closeTo(1, 0.01);
    expect(lowestContrast('#000000')).to.be.closeTo(17.4, 0.7);
  });

  it('refuses words for what may not be said otherwise, and placeholders that mean nothing', () => {
    expect(load({ wording: { declaration: '同意' } })).to.satisfy((problems: string[]) =>
      /face\.wording.*declaration/.test(problems.join()),
    );
    expect(load({ wording: { site: '{市町村}の契約' } })).to.deep.equal([
      'municipalities[0].face.wording.site: knows no placeholder but {自治体}: {市町村}',
    ]);
  });

  it('refuses a logo that is missing, no picture or too large', () => {
    const problem = (logoFile: string): string => (load({ logoFile }) as string[]).join();
    expect(problem(join(folder, 'none.png'))).to.include('face.logoFile: cannot be read');
    expect(problem(logo('GIF89a'))).to.equal('municipalities[0].face.logoFile: is neither PNG nor SVG');
    expect(problem(logo(SVG.padEnd(204_801)))).to.equal(
      'municipalities[0].face.logoFile: is larger than the 204800 octets of web.maxLogoOctets',
    );
    expect(load({ logoFile: logo(SVG.padEnd(204_801)) }, { maxLogoOctets: 204_801 })).to.have.property(
      'municipalities',
    );
  });

  it('gives pages the colour, the logo and the words, in both languages', async () => {
    const config = load({
      logoFile: logo(SVG),
      primaryColor: '#006b3c',
      wording: {
        site: '{自治体}でんしけいやく',
        assurance: '無料です。',
        note: 'よくある質問：https://www.mihon.example.jp/faq?a=1&b=2（市のページ）',
      },
    }) as Config;
    const parts = faceParts(config.municipalities[0]!, config.web.maxLogoOctets);
    const page = consentPage({ ...consentPageSample, face: faceOf(parts) });
    expect(page).to.include('<link rel="stylesheet" href="/assets/face/mihon.css">');
    expect(page).to.include('<img src="/assets/face/mihon" alt="" height="40"> 見本市でんしけいやく</p>');
    expect(page).to.include('<li>無料です。</li>').and.not.include('費用、会員登録');
    expect(page).to.include(
      '<p class="note">よくある質問：<a href="https://www.mihon.example.jp/faq?a=1&amp;b=2">https://www.mihon.example.jp/faq?a=1&amp;b=2</a>（市のページ）</p>',
    );
    expect(inEnglish(page)).to.include('<span lang="ja">無料です。</span>');

    const server = fastify();
    faceRoutes(server, [parts]);
    const style = await server.inject('/assets/face/mihon.css');
    expect(style.headers['content-type']).to.equal('text/css; charset=utf-8');
    expect(style.body).to.equal(faceStyle('#006b3c')).and.include('--key: #006b3c;');
    const picture = await server.inject('/assets/face/mihon');
    expect([picture.headers['content-type'], picture.body]).to.deep.equal(['image/svg+xml', SVG]);
    await server.close();
  });

  it('is shown by the preview on every page and mail, from files alone', async () => {
    const wording = { assurance: '無料です。', note: '<よくある質問>' };
    const config = load({ logoFile: logo(SVG), primaryColor: '#006b3c', wording }) as Config;
    const said: string[] = [];
    const io = { out: (line: string) => said.push(line), err: (line: string) => said.push(line) };
    const out = join(folder, 'preview');
    expect(await preview({ config, out }, io)).to.equal(0);
    expect(said.join()).to.match(/^\d+ files with pages and mails of 見本市 written: open .*index\.html$/);
    for (const name of readdirSync(join(out, 'pages'))) {
      const page = readFileSync(join(out, 'pages', name), 'utf8');
      expect(page).not.to.match(/<script|"\/assets|"\?lang=/);
      for (const [, asset] of page.matchAll(/(?:href|src)="\.\.\/(assets\/[^"]+)"/g)) {
        expect(existsSync(join(out, asset!)), asset).to.equal(true);
      }
    }
    expect(readFileSync(join(out, 'pages/consent.html'), 'utf8')).to.include('../assets/face.css');
    const mail = (type: string): string => readFileSync(join(out, `mails/signature-request.${type}`), 'utf8');
    expect(mail('html'))
      .to.include('文書を確認する')
      .and.include('無料です。')
      .and.include('&lt;よくある質問&gt;');
    expect(mail('txt')).to.match(/^件名：見本市様より.*署名依頼が届いています\n\n/);
    expect(mail('txt'))
      .to.include('無料です。紙の契約も選べます。')
      .and.match(/\n<よくある質問>\n$/);
    expect(await preview({ config, municipality: 'elsewhere', out }, io)).to.equal(2);
    expect(said.at(-1)).to.equal('keiyakubin preview: no municipality elsewhere');
  });
});
