/** An access code beside the link (R52): only the initiator learns it, the page asks for it, wrong tries run out, the proof names it. */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { completion, contractCalled, drafted } from '../support/acts.ts';
import { textOf } from '../support/pdf-tools.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

describe('an access code', () => {
  let world: World;
  before(async () => {
    world = await createWorld({ yaml: 'contract: { secondFactorTries: 3 }' });
    await world.start();
  });
  after(() => world.close());

  /** A contract with this line, released; the receipt and the vendor's request. */
  async function asked(
    title: string,
    code: string,
  ): Promise<{ receipt: ReceivedMail; request: ReceivedMail }> {
    const receipt = await drafted(world, title, { lines: [`アクセスコード：${code}`] });
    await world.reply(SATO, receipt, '依頼');
    return { receipt, request: await world.next(YAMADA, new RegExp(`${title}への署名依頼`)) };
  }
  const post = (url: string, fields: Iterable<[string, string]>): Promise<Response> =>
    fetch(url, { method: 'POST', body: new URLSearchParams([...fields]) });
  /** What the page asks to be agreed to, with this code. */
  async function agreed(url: string, code: string): Promise<[string, string][]> {
    const html = await (await post(`${url}/confirm`, [])).text();
    const heads = [...html.matchAll(/name="head" value="([0-9a-f]{64})"/g)].map(([, head]) => head!);
    const [, declaration = ''] = /name="declaration"[^>]* value="([^"]+)"/.exec(html) ?? [];
    return [
      ...heads.map((head): [string, string] => ['head', head]),
      ['identity', 'yes'],
      ['declaration', declaration],
      ['factor', code],
    ];
  }
  const consents = async (title: string) => {
    const { id } = await contractCalled(world, title);
    const history = await world.look(({ knex }, store) => store.history(knex, id));
    return history.flatMap((event) => (event.type === 'ConsentGiven' ? [event] : []));
  };

  it('is made by us and told to the initiator alone; with it the consent counts, and the certificate says so', async () => {
    const title = 'コードを作る工事';
    const { receipt, request } = await asked(title, 'あり');
    const [, code = ''] = /アクセスコード[\s：:]*(\d{4}-\d{4})（/.exec(receipt.text) ?? [];
    expect(code).to.match(/^\d{4}-\d{4}$/);
    expect(request.text).to.not.include(code).and.not.include(code.replace('-', ''));
    const url = linkIn(request);
    const page = await (await fetch(url)).text();
    expect(page).to.include('name="factor"').and.not.include(code);

    const without = await post(`${url}/consent`, await agreed(url, ''));
    expect(without.status).to.equal(422);
    expect(await without.text()).to.include('アクセスコードを入力してください。');
    expect(await consents(title)).to.deep.equal([]);

    // As it is heard on the telephone: in full width, without the hyphen.
    const spoken = code
      .replace('-', '')
      .replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    const answer = await post(`${url}/consent`, await agreed(url, spoken));
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.include('同意を記録しました');
    expect((await consents(title)).map(({ evidence }) => evidence.factor)).to.deep.equal(['code']);

    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    expect(approval.text).to.not.include(code);
    const approver = await (await fetch(linkIn(approval))).text();
    expect(approver, 'the municipality’s own people are known by their mailbox').to.not.include(
      'name="factor"',
    );
    await world.reply(SUZUKI, approval, '承認');
    const { attachments } = await completion(world, YAMADA, title);
    expect(textOf(attachments.at(-1)!.content).replace(/\s/g, '')).to.include('アクセスコードの入力');
  });

  it('as the initiator wrote it is not repeated in mails; wrong tries run out, and then even the right one waits', async () => {
    const title = 'コードを決めた工事';
    const { receipt, request } = await asked(title, 'kawa-0427');
    expect(receipt.text).to.include('設定あり').and.not.include('kawa-0427');
    const url = linkIn(request);
    for (const wrong of ['kawa-0428', 'yama']) {
      const answer = await post(`${url}/consent`, await agreed(url, wrong));
      expect(answer.status).to.equal(422);
      const html = await answer.text();
      expect(html).to.include('アクセスコードが違います').and.not.include(`value="${wrong}"`);
    }
    const third = await post(`${url}/consent`, await agreed(url, 'umi'));
    expect(third.status).to.equal(429);
    expect(await third.text()).to.include('しばらく入力できません');
    const right = await post(`${url}/consent`, await agreed(url, 'KAWA0427'));
    expect(right.status).to.equal(429);
    expect(await consents(title)).to.deep.equal([]);
    await world.logged(/second factor not right.*|"factor":"locked"/);

    // An hour later.
    await world.look(({ knex }) =>
      knex('second_factors').update({ locked_until: '2026-01-01T00:00:00.000Z' }),
    );
    const later = await post(`${url}/consent`, await agreed(url, 'KAWA0427'));
    expect(later.status).to.equal(200);
    expect(await consents(title)).to.have.length(1);
  });

  it('is not to be tried out side by side', async () => {
    const title = 'コードを試す工事';
    const { request } = await asked(title, 'nagisa-1');
    const url = linkIn(request);
    const fields = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((code) => agreed(url, code)));
    const answers = await Promise.all(fields.map((one) => post(`${url}/consent`, one)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 422).length, 'tries that were judged').to.be.at.most(2);
    expect(statuses.filter((status) => status === 429).length).to.be.at.least(3);
  });
});
