/** Every word of WORDING's list in every state that somebody can reply in: each is answered, and tells why not and what is possible now. */
import { expect } from 'chai';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink, type Writer } from '../../demo/people.ts';
import { commandHandler } from '../../gateway/app/handle-command.ts';
import { approvalAsked, completion, contractCalled, drafted, mailsTo, requested } from '../support/acts.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

/** Word → what the answer must say; null where this word acts in this state. */
type Answers = Readonly<Record<string, string | null>>;

const ANSWERS_PER_HOUR = { KEIYAKUBIN_ANSWERS__PER_HOUR: '1000' };
const LINE = '契約金額：2,200,000円（税込）';
const UNDERWAY = 'すでに「依頼」をいただき、手続きが進んでいます';
const SEALING = '同意をいただき、電子署名の処理をしています';
const NOT_SENT = 'まだ相手方に送っていません';
const BUSY = '数分待ってから';

const toInitiator = (reason: string, answers: Answers = {}): Answers => ({
  取消: 'やめる言葉は「中止」です',
  ...Object.fromEntries(
    [
      '依頼',
      '中止 やめます',
      '再送',
      '延長 令和9年3月1日',
      '宛先変更 new@sample.example.jp',
      '追加',
      LINE,
    ].map((word) => [word, reason]),
  ),
  ...answers,
});
const toApprover = (approval: string, answers: Answers = {}): Answers => ({
  承認: approval,
  '差戻し 金額が違います': approval,
  却下: '戻す言葉は「差戻し」です',
  中止: '担当職員だけが使える言葉です',
  ...answers,
});
/** What the initiator hears of others' words and of none, wherever the contract stands. */
const ANYWHERE: Answers = {
  承認: '承認をお願いした方だけが使える言葉です',
  '差戻し 金額が違います': '承認をお願いした方だけが使える言葉です',
  ありがとうございます: '決まった言葉ではありません',
  '': '返信に何も書かれていません',
  登録: '登録についての言葉で',
  希望確認: '登録についての言葉で',
  許可: '登録についての言葉で',
  却下: '登録についての言葉で',
};

interface Case {
  readonly state: string;
  /** Brings the contract there; resolves to a mail that the initiator can reply to. */
  readonly reach: (title: string) => Promise<ReceivedMail>;
  readonly initiator: Answers;
  readonly approver?: Answers;
  /** What must stand in every refusal of the initiator's words. */
  readonly possible: readonly string[];
}

describe('every word', () => {
  let world: World;
  /** Nothing is sent before an hour, and no timestamp is to be had. */
  let held: World;
  before(async () => {
    world = await createWorld({
      env: { ...ANSWERS_PER_HOUR, KEIYAKUBIN_CONTRACT__DECLINE_CHARACTERS: '20' },
    });
    held = await createWorld({
      env: {
        ...ANSWERS_PER_HOUR,
        KEIYAKUBIN_CONTRACT__GO_AHEAD_DELAY_SECONDS: '3600',
        KEIYAKUBIN_SIGNING__TIMESTAMP_AUTHORITIES: '[{ "url": "http://127.0.0.1:9/" }]',
      },
    });
    await Promise.all([world.start(), held.start()]);
  });
  after(() => Promise.all([world.close(), held.close()]));

  const receiptIn = (place: World, title: string): ReceivedMail =>
    mailsTo(place, SATO, new RegExp(`まだ送っていません.* ${title}$`))[0]!;
  const prepared = async (title: string, lines: readonly string[] = []): Promise<ReceivedMail> => {
    const receipt = await drafted(held, title, { lines });
    await held.reply(SATO, receipt, '依頼');
    await held.next(SATO, new RegExp(`に送ります】.*${title}$`));
    return receipt;
  };
  /** Sends what is held back, and has the vendor consent; the question wakes the worker. */
  const sealing = async (title: string, lines: readonly string[] = []): Promise<ReceivedMail> => {
    const receipt = await prepared(title, lines);
    const { id } = await contractCalled(held, title);
    const due = { not_before: '2026-01-01T00:00:00.000Z' };
    await held.look(({ knex }) =>
      knex('outbox').where('key', 'like', `${id}:%:prepare:%`).whereNull('done_at').update(due),
    );
    await held.reply(SATO, receipt, '状況');
    await consentByLink(await held.next(YAMADA, new RegExp(`より${title}への署名依頼`)));
    return receipt;
  };
  const expired = async (title: string): Promise<ReceivedMail> => {
    await requested(world, title);
    const { id } = await contractCalled(world, title);
    const settings = { ...world.config.contract, isDayOff: () => false };
    await world.look((database, store) =>
      database.transaction((tx) =>
        commandHandler(store, settings).handle(tx, id, { type: 'expire' }, '2199-01-01T00:00:00.000Z'),
      ),
    );
    return receiptIn(world, title);
  };

  const CASES: readonly Case[] = [
    {
      state: 'draft',
      reach: (title) => drafted(world, title),
      initiator: toInitiator(NOT_SENT, {
        ...ANYWHERE,
        '依頼 確認ずみ': '決まった言葉ではありません',
        依頼: null,
        '中止 やめます': null,
        '宛先変更 new@sample.example.jp': '「契約相手方：」の行に正しいアドレスを書いて',
        追加: 'PDFが添付されていません',
        [LINE]: null,
      }),
      approver: toApprover(NOT_SENT),
      possible: ['・「依頼」', '・「中止」', '直すときは、直す行だけを書くか'],
    },
    {
      state: 'preparing',
      reach: prepared,
      initiator: toInitiator(UNDERWAY, {
        再送: NOT_SENT,
        '中止 やめます': null,
        '延長 令和9年3月1日': null,
        '宛先変更 new@sample.example.jp': null,
      }),
      approver: toApprover(NOT_SENT),
      possible: ['・「中止」', '・「延長 '],
    },
    {
      state: 'awaiting',
      reach: async (title) => {
        await requested(world, title);
        return receiptIn(world, title);
      },
      initiator: toInitiator(UNDERWAY, {
        再送: null,
        '中止 やめます': null,
        '延長 令和9年3月1日': null,
        '宛先変更 new@sample.example.jp': null,
      }),
      approver: toApprover('まだ順番が来ていません', {
        取消: 'やめる言葉は「中止」です',
        '': '何も書かれていません',
      }),
      possible: ['・「中止」', '・「再送」', '・「延長 ', '・「宛先変更 '],
    },
    {
      state: 'awaiting',
      reach: async (title) => {
        await approvalAsked(world, title);
        return receiptIn(world, title);
      },
      initiator: toInitiator(UNDERWAY, {
        再送: null,
        '中止 やめます': null,
        '延長 令和9年3月1日': null,
        '宛先変更 new@sample.example.jp': '相手方のアドレスだけです',
        '宛先変更 yamada@sample.example.jp → new@sample.example.jp': '同意した方の宛先は変えられません',
      }),
      approver: toApprover('', { 承認: null, '差戻し 金額が違います': null }),
      possible: ['・「中止」', '・「再送」', '・「延長 '],
    },
    {
      state: 'sealing',
      reach: sealing,
      initiator: toInitiator(SEALING, {
        '中止 やめます': null,
        再送: BUSY,
        '延長 令和9年3月1日': null,
        '宛先変更 new@sample.example.jp': '同意した方の宛先は変えられません',
      }),
      approver: toApprover('まだ順番が来ていません'),
      possible: ['・「中止」', '・「延長 '],
    },
    {
      state: 'sealing',
      reach: (title) => sealing(title, ['種別：請書']),
      initiator: toInitiator(SEALING, {
        '中止 やめます': '全員の同意がそろったため、中止できません',
        再送: BUSY,
        '宛先変更 new@sample.example.jp': '同意した方の宛先は変えられません',
      }),
      possible: ['・「状況」', '・「控え」'],
    },
    {
      state: 'concluded',
      reach: async (title) => {
        const { approval } = await approvalAsked(world, title);
        await world.reply(SUZUKI, approval, '承認');
        await completion(world, YAMADA, title);
        return receiptIn(world, title);
      },
      initiator: toInitiator('すでに締結されていて', {
        '中止 やめます': '全員の同意がそろったため、中止できません',
      }),
      approver: toApprover('すでに締結されていて'),
      possible: ['・「状況」', '・「控え」'],
    },
    {
      state: 'declined',
      reach: async (title) => {
        const { approval } = await approvalAsked(world, title);
        await world.reply(SUZUKI, approval, '差戻し 金額が違います');
        return world.next(SATO, new RegExp(`^【差し戻されました】.*${title}$`));
      },
      initiator: toInitiator('同意が得られず終わりました', { 追加: 'PDFが添付されていません', [LINE]: null }),
      approver: toApprover('同意が得られず終わりました'),
      possible: ['もう一度お願いするときは、直す行だけを書くか'],
    },
    {
      state: 'withdrawn',
      reach: async (title) => {
        await world.reply(SATO, await drafted(world, title), '中止');
        return world.next(SATO, new RegExp(`^【中止しました】.*${title}$`));
      },
      initiator: toInitiator('取りやめになりました', { 追加: 'PDFが添付されていません', [LINE]: null }),
      possible: ['もう一度お願いするときは、直す行だけを書くか'],
    },
    {
      state: 'expired',
      reach: expired,
      initiator: toInitiator('期限が過ぎて終わりました', { 追加: 'PDFが添付されていません', [LINE]: null }),
      possible: ['もう一度お願いするときは、直す行だけを書くか'],
    },
  ];

  /** Replies with all of these lines at once; resolves to each one's answer. */
  const answersTo = async (
    place: World,
    from: Writer,
    to: ReceivedMail,
    lines: readonly string[],
  ): Promise<Map<string, ReceivedMail>> => {
    const open = new Map(
      lines.map((line, at) => [`<${at}.${to.messageId.slice(1, -1)}.${from.address}>`, line]),
    );
    for (const [messageId, text] of open) {
      await place.mail({
        ...{ from, to: to.replyTo, subject: `Re: ${to.subject}`, text, messageId },
        ...{ inReplyTo: to.messageId, references: [...to.references, to.messageId] },
      });
    }
    const answers = new Map<string, ReceivedMail>();
    while (open.size > 0) {
      const mail = await place.next(from, /./);
      const answered = mail.references.find((id) => open.has(id));
      if (answered === undefined) continue;
      answers.set(open.get(answered)!, mail);
      open.delete(answered);
    }
    return answers;
  };
  /** As it is read: without the quoted digits of documents, without addresses. */
  const words = ({ text }: ReceivedMail): string =>
    text.replace(/[!-~]+@[!-~]+|^[0-9a-f]{64}$|\.(?:pdf|csv)/gm, '').replace(/PDF|SHA/g, '');
  const writable = ({ text }: ReceivedMail): string[] =>
    [...text.matchAll(/^・「([^」 ]+)[^」]*」$/gm)].map(([, word]) => word!);

  CASES.forEach(({ state, reach, initiator, approver, possible }, at) => {
    it(`is answered while a contract is ${state} (${at + 1})`, async () => {
      const place = /preparing|sealing/.test(state) ? held : world;
      const title = `言葉を試す工事その${at + 1}`;
      const mail = await reach(title);
      const { number, seq: _, ...before } = await contractCalled(place, title);
      expect(before.state).to.equal(state);
      await place.mail({ from: SUZUKI, subject: number, text: '状況' });
      const asked = approver && (await place.next(SUZUKI, new RegExp(`^【状況】.*${title}$`)));
      for (const [who, to, answers] of [
        [SATO, mail, initiator],
        ...(asked ? [[SUZUKI, asked, approver] as const] : []),
      ] as const) {
        const refused = Object.keys(answers).filter((word) => answers[word] !== null);
        const heard = await answersTo(place, who, to, refused);
        for (const word of refused) {
          const answer = heard.get(word)!;
          const about = `${state}, ${who.name}: 「${word}」 → ${answer.subject}\n${answer.text}`;
          expect(answer.subject, about).to.equal(`【お受けできません】受付${number} ${title}`);
          expect(answer.text, about)
            .to.include('契約の状態は変わっていません。')
            .and.include(answers[word]!)
            .and.include('・「状況」');
          if (who === SATO) for (const what of possible) expect(answer.text, about).to.include(what);
          // Whatever it asks to be written, it also lists as possible.
          for (const [, told] of answer.text.matchAll(/「([^」]+)」と(?:だけ)?(?:書|返信)/g)) {
            expect(writable(answer), about).to.include(told);
          }
          expect(words(answer), about).to.not.match(/[a-z]{2,}|undefined|null/);
        }
      }
      const after = await contractCalled(place, title);
      expect(after).to.deep.include({ state, step: before.step, documents: before.documents });
      expect(after.steps.map(({ generation, consent }) => [generation, consent])).to.deep.equal(
        before.steps.map(({ generation, consent }) => [generation, consent]),
      );
    });
  });

  it('that may act here says what it has done, or asks nothing of this contract', async () => {
    const title = '言葉を働かせる工事';
    const receipt = await drafted(world, title);
    const { number } = await contractCalled(world, title);
    const named = `受付${number} ${title}`;
    const done = async (
      to: ReceivedMail,
      line: string,
      subject: RegExp,
      from = SATO,
    ): Promise<ReceivedMail> => {
      const answer = (await answersTo(world, from, to, [line])).get(line)!;
      expect(answer.subject, line).to.match(subject);
      return answer;
    };
    await done(receipt, '状況', new RegExp(`^【状況】${named}$`));
    await done(receipt, '控え', new RegExp(`^【控え】${named}$`));
    await done(receipt, 'ヘルプ', /^【様式】契約書の送り方$/);
    await done(receipt, '様式', /^【様式】契約書の送り方$/);
    await done(receipt, '一覧', /^【検索の結果】\d+件$/);
    await done(receipt, '検索', /^【検索の結果】\d+件$/);
    await done(receipt, 'テスト', /^【テスト】/);
    await world.reply(SATO, receipt, '送信');
    const request = await world.next(YAMADA, new RegExp(`より${title}への署名依頼`));
    await done(receipt, '延長 令和9年3月1日', new RegExp(`^【期限を延長しました】${named}$`));
    const changing = '宛先変更 new@sample.example.jp';
    await done(receipt, changing, new RegExp(`^【宛先変更を確認中です】${named}$`));
    await done(receipt, '再送', new RegExp(`^【再送しました】${named}$`));
    const again = await world.next(YAMADA, new RegExp(`^見本市様より${title}への署名依頼`));
    expect(again.messageId).to.not.equal(request.messageId);
    await consentByLink(again);
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    const long = `差戻し ${'金額が違います。'.repeat(2)}数量は合っています。`;
    const tooLong = await done(approval, long, /^【お受けできません】/, SUZUKI);
    expect(tooLong.text, 'nobody’s reason is told in part').to.include('理由が26文字あるため、何も行って');
    expect(tooLong.text).to.include('20文字以内にして');
    expect((await contractCalled(world, title)).state).to.equal('awaiting');
    await done(receipt, `中止 ${long}`, /^【お受けできません】/);
    expect((await contractCalled(world, title)).state).to.equal('awaiting');
    const short = long.slice('差戻し '.length, -6);
    await done(approval, `差戻し ${short}`, new RegExp(`^【差戻しを受け付けました】${named}$`), SUZUKI);
    const told = await world.next(SATO, new RegExp(`^【差し戻されました】.*${title}$`));
    expect(told.text, 'whole').to.include(short);
  });
});
