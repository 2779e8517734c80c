// `keiyakubin feed map`: a real export becomes settings that read it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse } from 'yaml';
import { feedMap } from '../../gateway/cli/feed-map.ts';
import { isConfigProblems, loadConfig } from '../../gateway/config.ts';
import { temporaryFolder } from '../support/folder.ts';

const fixture = (file: string): string => fileURLToPath(new URL(`../fixtures/feed/${file}`, import.meta.url));

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function map(file: string, rows?: string): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const code = await feedMap({ file, form: '工事', rows }, io);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('feed map command', () => {
  const folder = temporaryFolder();

  const written = (...lines: string[]): string => {
    const file = join(folder(), 'sample.csv');
    writeFileSync(file, lines.join('\n'));
    return file;
  };

  it('finds a ready-made mapping and shows the first rows as read', async () => {
    const { code, out, err } = await map(fixture('e-tumo.csv'));
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(parse(out)).to.deep.equal({ forms: [{ name: '工事', preset: '標準' }] });
    expect(out).to.include('# 文字コード：CP932、区切り：カンマ、17列');
    expect(out).to.include('#   2行目\n#     整理番号：12345').and.include('締結権限者氏名：山田太郎');
    expect(parse((await map(fixture('logo.csv'))).out).forms[0].preset).to.equal('LoGo');
    expect(parse((await map(fixture('two-aliases.csv'))).out).forms[0].preset).to.equal('e-tumo');
  });

  it('proposes what headers of its own mean, by likeness and by what stands below them', async () => {
    const file = written(
      '受付No,受付日,業者名,本社住所,代表者の役職名,代表者のお名前,ご連絡用Eメール,担当のお名前,担当Eメール,お電話,工事の件名,電子契約の利用に同意,色',
      'R7-001,2026/11/21 9:03,株式会社サンプル,見本市,代表取締役,山田太郎,yamada@sample.example.jp,田中次郎,tanaka@sample.example.jp,00-0000-0002,市道1号線,同意する,青',
    );
    const { code, out } = await map(file);
    const { fields } = parse(out).forms[0];
    expect(fields).to.deep.include({
      receiptNumber: ['受付No'],
      appliedAt: ['受付日'],
      company: ['業者名'],
      place: ['本社住所'],
      signatoryTitle: ['代表者の役職名'],
      signatoryName: ['代表者のお名前'],
      signatoryAddress: ['ご連絡用Eメール'],
      checkerName: ['担当のお名前'],
      checkerAddress: ['担当Eメール'],
      phone: ['お電話'],
      title: ['工事の件名'],
      consent: ['電子契約の利用に同意'],
    });
    expect(out).to.include('# 使わない列：色。');
    expect(code).to.equal(0);
  });

  it('proposes settings that the configuration takes', async () => {
    const file = written('受付No,業者名\n1,株式会社サンプル');
    const forms = JSON.stringify(parse((await map(file)).out).forms);
    const outcome = loadConfig({ env: { KEIYAKUBIN_MUNICIPALITIES__0__FORMS: forms } });
    expect(isConfigProblems(outcome) ? outcome.problems : []).to.deep.equal([]);
  });

  it('names the columns that are missing, and does not take a telephone number for an address', async () => {
    const { code, out } = await map(
      written('整理番号,商号又は名称,メール', '1,株式会社サンプル,00-0000-0002'),
    );
    expect(code).to.equal(1);
    expect(out).to.match(/見つからない項目：.*締結権限者メールアドレス.*電子契約への同意/);
    expect(parse(out).forms[0].fields ?? {}).to.not.have.property('signatoryAddress');
  });

  it('chooses one of two headers that mean the same', async () => {
    const { out } = await map(fixture('two-aliases.csv'));
    expect(parse(out).forms[0].fields).to.deep.equal({ company: ['商号又は名称'] });
    expect(out).to.include('# 使わない列：会社名。');
  });

  it('says of each row why it cannot be read, and shows as many as asked for', async () => {
    const ragged = await map(fixture('ragged.csv'));
    expect(ragged.code).to.equal(1);
    expect(ragged.out).to.match(/# {3}3行目：.+。/);
    const one = await map(fixture('utf8.csv'), '1');
    expect(one.out).to.include('12345').and.not.include('12346');
  });

  it('cannot be made to write anything but comments and settings', async () => {
    const file = written('整理番号,"メモ\n- evil: true",\u001b[2J', '1,"x\ny: z",');
    const { out } = await map(file);
    expect(Object.keys(parse(out))).to.deep.equal(['forms']);
    expect(out).to.not.include('\u001b');
  });

  it('ends with 2 where there is no table, no file, or no sense in what was asked', async () => {
    for (const file of ['binary.csv', 'empty.csv', 'eucjp.csv', 'workbook.csv']) {
      const { code, out, err } = await map(fixture(file));
      expect({ code, out }, file).to.deep.equal({ code: 2, out: '' });
      expect(err).to.include(`${file}を読み取れません。`);
    }
    expect(await map(join(folder(), 'none.csv'))).to.include({ code: 2, out: '' });
    expect((await map(fixture('utf8.csv'), '0')).err).to.include('--rows');
  });
});
