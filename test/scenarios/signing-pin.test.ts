/** The signing PIN (R11, R52): chosen with the registration, asked for with the consent, known to nobody else; when tries run out its initiator hears. */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { completion, contractCalled, drafted, mailsTo } from '../support/acts.ts';
import { feedOf, feedRow } from '../support/feed.ts';
import { textOf } from '../support/pdf-tools.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

const CONFIRM = /よりメールアドレスの登録確認のお願いが届いています$/;
const CHOSEN = 'Nagisa0427';

describe('a signing PIN', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      yaml: 'contract: { secondFactorTries: 3 }',
      registrations: feedOf(),
      env: { KEIYAKUBIN_MUNICIPALITIES__0__SECOND_FACTOR: 'pin' },
    });
    await world.start();
  });
  after(() => world.close());

  const post = (url: string, fields: [string, string][]): Promise<Response> =>
    fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  const pinHashes = (): Promise<(string | null)[]> =>
    world.look(({ knex }) => knex('registry').whereNotNull('body').orderBy('id').pluck('pin_hash'));

  /** A contract that was released; the receipt and the vendor's request. */
  async function asked(
    title: string,
    lines: readonly string[] = [],
  ): Promise<{ receipt: ReceivedMail; request: ReceivedMail }> {
    const receipt = await drafted(world, title, { lines });
    await world.reply(SATO, receipt, '依頼');
    return { receipt, request: await world.next(YAMADA, new RegExp(`${title}への署名依頼`)) };
  }
  /** Consents with what was entered. */
  async function consent(url: string, entered: string): Promise<{ status: number; html: string }> {
    const html = await (await post(`${url}/confirm`, [])).text();
    const heads = [...html.matchAll(/name="head" value="([0-9a-f]{64})"/g)].map(([, head]) => head!);
    const [, declaration = ''] = /name="declaration"[^>]* value="([^"]+)"/.exec(html) ?? [];
    const answer = await post(`${url}/consent`, [
      ...heads.map((head): [string, string] => ['head', head]),
      ['identity', 'yes'],
      ['declaration', declaration],
      ['factor', entered],
    ]);
    return { status: answer.status, html: await answer.text() };
  }
  const factors = async (title: string): Promise<unknown[]> => {
    const { id } = await contractCalled(world, title);
    const history = await world.look(({ knex }, store) => store.history(knex, id));
    return history.flatMap((event) => (event.type === 'ConsentGiven' ? [event.evidence.factor] : []));
  };
  const codeIn = ({ text }: ReceivedMail): string =>
    /アクセスコード[\s：:]*(\d{4}-\d{4})（/.exec(text)?.[1] ?? 'no code in the receipt';

  it('is chosen with the confirmation, typed twice; what is wrong stands beside its field, and nothing is kept', async () => {
    const csv = [{ filename: '登録.csv', content: feedOf(feedRow()) }];
    await world.mail({ to: 'touroku@mihon.example.jp', subject: '登録', text: 'お願いします。', pdf: csv });
    const url = linkIn(await world.next(YAMADA, CONFIRM));
    const page = await (await fetch(url)).text();
    const ticked = [...page.matchAll(/name="(electronic|deemed)" value="([^"]+)"/g)].map(
      ([, name, value]): [string, string] => [name!, value!],
    );
    const confirm = (pin: string, again: string): Promise<Response> =>
      post(`${url}/confirm`, [...ticked, ['pin', pin], ['pin-again', again]]);
    const wrong: [string, string, string, string][] = [
      ['', '', 'pin', '署名用暗証番号を決めて、入力してください。'],
      ['12345', '12345', 'pin', '6文字以上20文字以内にしてください。'],
      ['ひみつのことば', 'ひみつのことば', 'pin', '数字か英字の6文字以上'],
      [CHOSEN, CHOSEN.toLowerCase(), 'pin-again', '2つの署名用暗証番号が違います。'],
    ];
    for (const [pin, again, field, sentence] of wrong) {
      const answer = await confirm(pin, again);
      expect(answer.status, sentence).to.equal(422);
      const html = await answer.text();
      expect(html).to.include(sentence).and.include(`<a href="#${field}">`).and.not.include(CHOSEN);
      expect(html).to.match(
        new RegExp(`id="${field}"[^>]*aria-invalid="true"[^>]*"hint-pin ${field}-fault"`),
      );
      expect(html.match(/ checked/g), 'what was ticked stays ticked').to.have.length(2);
    }
    expect(await pinHashes()).to.deep.equal([null]);

    // In full width first: that is how some type, and it is the same PIN.
    const answer = await confirm('Ｎａｇｉｓａ０４２７', CHOSEN);
    expect(await answer.text()).to.include('受信を確認しました');
    const [hash] = await pinHashes();
    expect(hash).to.match(/^\$scrypt\$/);
    expect((await (await confirm('Umi00000', 'Umi00000')).text()).includes('済んでいます')).to.equal(true);
    expect(await pinHashes(), 'an old link changes no PIN').to.deep.equal([hash]);
  });

  it('is what the page asks for, not the code that staff know; the proof says so, and nobody reads it anywhere', async () => {
    const title = '暗証番号の工事';
    const { receipt, request } = await asked(title);
    expect(receipt.text.replace(/\s/g, '')).to.include('署名用暗証番号を決めていない相手方');
    const url = linkIn(request);
    expect(await (await fetch(url)).text()).to.include('<input type="password" id="factor"');
    const missing = await consent(url, '');
    expect([missing.status, missing.html.includes('署名用暗証番号を入力してください。')]).to.deep.equal([
      422,
      true,
    ]);
    for (const wrong of [codeIn(receipt), CHOSEN.toLowerCase()]) {
      const { status, html } = await consent(url, wrong);
      expect(status).to.equal(422);
      expect(html).to.include('署名用暗証番号が違います').and.not.include(`value="${wrong}"`);
    }
    expect((await consent(url, CHOSEN)).html).to.include('同意を記録しました');
    expect(await factors(title)).to.deep.equal(['pin']);
    await world.reply(SUZUKI, await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`)), '承認');
    const { attachments } = await completion(world, YAMADA, title);
    expect(textOf(attachments.at(-1)!.content).replace(/\s/g, '')).to.include('署名用暗証番号の入力');

    expect(world.log.filter((line) => line.includes(CHOSEN))).to.deep.equal([]);
    expect(world.mailboxes.mails.filter(({ text }) => text.includes(CHOSEN))).to.deep.equal([]);
  });

  it('tells its initiator once when the tries run out; 状況 tells, too, and a new link counts anew', async () => {
    const title = '暗証番号を間違える工事';
    const { request } = await asked(title);
    const url = linkIn(request);
    for (const wrong of ['chigau1', 'chigau2']) expect((await consent(url, wrong)).status).to.equal(422);
    const locked = await consent(url, 'chigau3');
    expect(locked.status).to.equal(429);
    expect(locked.html).to.include('署名用暗証番号の間違いが続いたため');
    expect((await consent(url, CHOSEN)).status, 'not even the right one').to.equal(429);

    const subject = new RegExp(`入力を止めています】${title}の署名用暗証番号$`);
    const told = await world.next(SATO, subject);
    expect(told.text)
      .to.include('同意はまだ行われていません')
      .and.include('お電話のうえ')
      .and.include('「再送」と返信してください');
    expect(told.text).to.not.include('chigau');
    await world.reply(SATO, told, '状況');
    const status = await world.next(SATO, new RegExp(`^【状況】.*${title}$`));
    expect(status.text.replace(/\s/g, '')).to.include('入力の停止：').and.include('まで受け付けを停止');

    await world.reply(SATO, told, '再送');
    const fresh = linkIn(await world.next(YAMADA, new RegExp(`${title}への署名依頼`)));
    expect((await consent(fresh, CHOSEN)).status).to.equal(200);
    expect(await factors(title)).to.deep.equal(['pin']);
    expect(mailsTo(world, SATO, subject)).to.have.length(1);
  });

  it('is not to be tried out with one fresh link after the other: those that its holder asks for go on counting', async () => {
    const title = '暗証番号を試される工事';
    const { request } = await asked(title);
    const url = linkIn(request);
    for (const wrong of ['tameshi1', 'tameshi2']) expect((await consent(url, wrong)).status).to.equal(422);
    const ask = async (): Promise<string> => {
      expect((await post(`${url}/link`, [])).status).to.equal(200);
      return linkIn(await world.next(YAMADA, new RegExp(`${title}への署名依頼`)));
    };
    expect((await consent(await ask(), 'tameshi3')).status).to.equal(429);
    expect((await consent(await ask(), CHOSEN)).status, 'the lock holds').to.equal(429);
    const { id } = await contractCalled(world, title);
    expect(
      await world.look(({ knex }) => knex('second_factors').where({ contract: id }).pluck('tries')),
    ).to.deep.equal([4]);
  });

  it('gives way to the access code where the contract mail asks for one, or where none was chosen', async () => {
    const named = '暗証番号を忘れた工事';
    const forgot = await asked(named, ['アクセスコード：あり']);
    expect((await consent(linkIn(forgot.request), codeIn(forgot.receipt))).status).to.equal(200);
    expect(await factors(named)).to.deep.equal(['code']);

    await world.look(({ knex }) => knex('registry').update({ pin_hash: null }));
    const none = '暗証番号のない工事';
    const without = await asked(none);
    expect(await (await fetch(linkIn(without.request))).text()).to.include('アクセスコード');
    expect((await consent(linkIn(without.request), CHOSEN)).status).to.equal(422);
    expect((await consent(linkIn(without.request), codeIn(without.receipt))).status).to.equal(200);
    expect(await factors(none)).to.deep.equal(['code']);
  });
});
