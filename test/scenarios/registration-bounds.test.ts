// What one mail about registrations tells at most, and that the rest is counted (R1–R5): more rows than the settings list.
import { expect } from 'chai';
import { feedOf, feedRow } from '../support/feed.ts';
import { createWorld, SATO, type World } from '../support/world.ts';

const TOUROKU = 'touroku@mihon.example.jp';
const SECRET = 'himitsu-no-aikotoba-'.repeat(2);

describe('more registrations than one mail lists', () => {
  let world: World;
  before(async () => {
    const registered = ['31', '32'].map((number) =>
      feedRow({ 整理番号: number, 締結権限者メールアドレス: `v${number}@sample.example.jp` }),
    );
    world = await createWorld({
      registrations: feedOf(...registered),
      env: {
        KEIYAKUBIN_REGISTRATION__REPORT__LISTED: '1',
        KEIYAKUBIN_REGISTRATION__REPORT__ATTACHED_ROWS: '2',
        KEIYAKUBIN_REGISTRATION__REPORT__ANSWERED_ROWS: '1',
        KEIYAKUBIN_REGISTRATION__REPORT__WITHDRAWN_ROWS: '1',
        KEIYAKUBIN_MUNICIPALITIES__0__FORMS__0__SECRET: SECRET,
      },
    });
    await world.start();
  });
  after(() => world.close());

  const waiting = ['41', '42', '43'].map((number) =>
    feedRow({
      整理番号: number,
      商号又は名称: '合同会社待機',
      締結権限者メールアドレス: `v${number}@gmail.com`,
      備考: '会社のアドレスがないため',
    }),
  );
  const wrong = ['51', '52', '53'].map((number) => feedRow({ 整理番号: number, 電話番号: '' }));

  it('are counted in the report, the answers and beside the attached rows', async () => {
    const pdf = [{ filename: '登録.csv', content: feedOf(...waiting, ...wrong) }];
    await world.mail({ to: TOUROKU, subject: '登録です', text: 'お願いします。', pdf });
    const report = await world.next(SATO, /^【登録の結果】登録しなかった行3件、許可待ち3件$/);
    expect(report.text)
      .to.include('職員の許可を待っている登録が3件あります。')
      .and.include('整理番号：41')
      .and.include(
        'このほかに、許可を待っている登録が2件あります。「一覧」でお返しするCSVに、すべて載っています。',
      )
      .and.include('このほかに、登録しなかった行が2件あります。')
      .and.include('添付したのは、はじめの2行までです。')
      .and.not.include('整理番号：42');
    const csv = report.attachments[0]!.content.toString();
    expect(csv).to.include('"52"').and.not.include('"53"');

    await world.mail({ to: TOUROKU, subject: '一覧', text: '一覧' });
    const list = await world.next(SATO, /^【登録の一覧】5件$/);
    expect(list.text)
      .to.include('待っている登録が3件あります。')
      .and.include('待っている登録が2件あります。「一覧」');
    expect(list.attachments[0]!.content.toString()).to.include('"43"');

    await world.mail({ to: TOUROKU, subject: '問合せ', text: '登録 株式会社サンプル' });
    expect((await world.next(SATO, /^【登録】株式会社サンプル$/)).text).to.include(
      'このほかに1件あります。整理番号で絞ってお尋ねください。',
    );
  });

  it('are counted in the answer to a posted feed', async () => {
    const answer = await fetch(`${world.config.web.publicUrl}/feed/${encodeURIComponent('標準')}`, {
      method: 'POST',
      body: feedOf(...wrong),
      headers: { authorization: `Bearer ${SECRET}` },
    });
    const { counts, rows } = (await answer.json()) as { counts: { refused: number }; rows: unknown[] };
    expect([counts.refused, rows.length]).to.deep.equal([3, 1]);
  });

  it('are said not to be looked into, where more were withdrawn', async () => {
    const [header, ...rows] = feedOf(
      ...['31', '32'].map((number) =>
        feedRow({ 整理番号: number, 締結権限者メールアドレス: `v${number}@sample.example.jp` }),
      ),
    )
      .toString('utf8')
      .trimEnd()
      .split('\r\n');
    const csv = [`処理状況,${header}`, ...rows.map((row) => `取下げ,${row}`), ''].join('\r\n');
    const pdf = [{ filename: '取下げ.csv', content: Buffer.from(csv) }];
    await world.mail({ to: TOUROKU, subject: '取下げです', text: '', pdf });
    const report = await world.next(SATO, /^【登録の結果】取下げ2件$/);
    expect(report.text).to.include('残りの1行については、手続きの途中の契約があるかどうかを調べていません。');
  });
});
