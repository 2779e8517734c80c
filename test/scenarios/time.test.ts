/** What time brings: reminders, a deadline that is put off, and 控え long after (R15, R24, R36). */
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { commandHandler } from '../../gateway/app/handle-command.ts';
import { addDays, afterDays } from '../../gateway/contract/jst.ts';
import { isDayOff } from '../../gateway/jobs/holidays.ts';
import { eraDate, eraDateWithWeekday, shortDate } from '../../templates/index.ts';
import { approvalAsked, completion, contractCalled, drafted, mailsTo, requested } from '../support/acts.ts';
import { createWorld, SATO, SUZUKI, TAKAHASHI, type World, YAMADA } from '../support/world.ts';

describe('time', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  const receiptOf = (title: string): ReceivedMail => mailsTo(world, SATO, new RegExp(`受付.* ${title}$`))[0]!;
  /** Answers with 状況, which also tells that everything due before has been looked at. */
  const status = async (title: string): Promise<ReceivedMail> => {
    await world.reply(SATO, receiptOf(title), '状況');
    return world.next(SATO, new RegExp(`状況.*${title}`));
  };
  /** Makes what was to happen later due now; 「状況」 wakes the worker. */
  const bring = async (title: string, effect: string): Promise<number> => {
    const { id } = await contractCalled(world, title);
    const brought = await world.look(({ knex }) =>
      knex('outbox')
        .where('key', 'like', `${id}:%:${effect}:%`)
        .whereNull('done_at')
        .update({ not_before: '2026-01-01T00:00:00.000Z' }),
    );
    await status(title);
    return brought;
  };
  const pending = async (title: string): Promise<{ key: string; not_before: string }[]> => {
    const { id } = await contractCalled(world, title);
    return world.look(({ knex }) =>
      knex('outbox')
        .select('key', 'not_before')
        .where('key', 'like', `${id}:%:remind-%`)
        .whereNull('done_at')
        .orderBy('not_before'),
    );
  };

  it('reminds whoever has to act, on mornings counted back from the deadline, with the link they hold', async () => {
    const title = '道路台帳整備業務委託';
    const request = await requested(world, title);
    const { deadline } = await contractCalled(world, title);
    const due = await pending(title);
    expect(due.map(({ key }) => key.split(':')[2])).to.deep.equal([
      'remind-after-7',
      'remind-after-14',
      'remind-after-21',
      'remind-3',
    ]);
    for (const { not_before } of due) {
      expect(not_before).to.match(/T00:00:00\.000Z$/);
      expect(isDayOff(not_before.slice(0, 10)), not_before).to.equal(false);
    }
    expect(due.at(-1)!.not_before <= `${addDays(deadline, -3)}T00:00:00.000Z`).to.equal(true);
    expect(await bring(title, 'remind-after-7')).to.equal(1);
    const reminder = await world.next(YAMADA, new RegExp(`^【再送】.*${title}への署名依頼`));
    expect(linkIn(reminder)).to.equal(linkIn(request));
    expect(reminder.text).to.include('まだお手続きがお済みでない');
    expect(reminder.references).to.include(request.references[0]!);

    await consentByLink(reminder);
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}`));
    expect(await bring(title, 'remind-3'), 'the vendor’s and the approver’s').to.equal(2);
    const toApprover = await world.next(SUZUKI, new RegExp(`^【再送】【承認のお願い】${title}`));
    expect(linkIn(toApprover)).to.equal(linkIn(approval));
    await status(title);
    expect(
      mailsTo(world, YAMADA, new RegExp(`再送.*${title}`)),
      'who has acted is left alone',
    ).to.have.length(1);
    await world.reply(SUZUKI, toApprover, '承認');
    await completion(world, YAMADA, title);
  });

  it('does not remind with a link that a repeated request has replaced', async () => {
    const title = '水道管更新工事';
    await requested(world, title);
    await world.reply(SATO, receiptOf(title), '再送');
    const second = await world.next(YAMADA, new RegExp(`より${title}への署名依頼`));
    expect(await bring(title, 'remind-3')).to.equal(2);
    const reminder = await world.next(YAMADA, new RegExp(`^【再送】.*${title}`));
    expect(linkIn(reminder)).to.equal(linkIn(second));
    await status(title);
    expect(mailsTo(world, YAMADA, new RegExp(`【再送】.*${title}`))).to.have.length(1);
  });

  it('puts the deadline off at the initiator’s word, and tells who has to act', async () => {
    const title = '公園遊具更新工事';
    const request = await requested(world, title);
    const { deadline } = await contractCalled(world, title);
    const later = addDays(deadline, 20);
    await world.reply(SATO, receiptOf(title), `延長 ${eraDate(later)}まで`);
    const answer = await world.next(SATO, new RegExp(`期限を延長しました.*${title}`));
    expect(answer.text).to.include(eraDateWithWeekday(later)).and.include(YAMADA.address);
    const told = await world.next(YAMADA, new RegExp(`^【期限を延長しました】.*${title}`));
    expect(told.text).to.include(`期限は${eraDateWithWeekday(later)}です`);
    expect(linkIn(told)).to.equal(linkIn(request));
    expect(await contractCalled(world, title)).to.include({ deadline: later });

    expect(await bring(title, 'expire'), 'the draft’s, the old and the new deadline’s').to.be.at.least(2);
    expect((await contractCalled(world, title)).state, 'no deadline has come').to.equal('awaiting');
    expect(await bring(title, 'remind-3'), 'counted from both deadlines').to.equal(2);
    await world.next(YAMADA, new RegExp(`^【再送】.*${title}`));
    await status(title);
    expect(
      mailsTo(world, YAMADA, new RegExp(`【再送】.*${title}`)),
      'only the new one counts',
    ).to.have.length(1);

    await consentByLink(request);
    const approval = await world.next(SUZUKI, new RegExp(`承認のお願い】${title}（`));
    expect(approval.subject).to.include(`（${shortDate(later)}まで）`);
  });

  it('refuses a deadline that is none or not later', async () => {
    const title = '防犯灯設置工事';
    await requested(world, title);
    const { deadline } = await contractCalled(world, title);
    for (const [line, sentence] of [
      ['延長 そのうち', 'を読み取れません'],
      ['延長 12月25日まで', '「延長」の日付「12月25日まで」に年がありません。'],
      [`延長 ${eraDate(deadline)}`, 'いまの期限より後の日付'],
    ] as const) {
      await world.reply(SATO, receiptOf(title), line);
      const refusal = await world.next(SATO, new RegExp(`^【お受けできません】.*${title}`));
      expect(refusal.text, line).to.include(sentence);
    }
    expect((await contractCalled(world, title)).deadline).to.equal(deadline);
  });

  it('drops a draft that nobody answers for 14 days, and says so to its initiator alone', async () => {
    const title = '返事のない工事';
    const receipt = await drafted(world, title);
    expect(receipt.text).to.include('14日間お返事がないときは、破棄してお知らせします。');
    const { id, expiresAt } = await contractCalled(world, title);
    const expiries = () =>
      world.look(({ knex }) =>
        knex('outbox').where('key', 'like', `${id}:%:expire:%`).whereNull('done_at').pluck('not_before'),
      );
    expect(await expiries()).to.deep.equal([expiresAt]);
    await world.reply(SATO, receipt, '契約金額：1,100,000円（税込）');
    const corrected = await world.next(SATO, new RegExp(`受付.* ${title}$`));
    const later = (await contractCalled(world, title)).expiresAt;
    expect(later > expiresAt, 'each correction is an answer').to.equal(true);
    expect(await expiries()).to.deep.equal([expiresAt, later]);
    const settings = { ...world.config.contract, isDayOff: () => false };
    const passes = (now: string) =>
      world.look((database, store) =>
        database.transaction(async (tx) => {
          await commandHandler(store, settings).handle(tx, id, { type: 'expire' }, now);
          // What follows then is to follow now.
          await tx('outbox').where('not_before', now).update({ not_before: '2020-01-01' });
        }),
      );
    await passes(afterDays(later, -1));
    expect((await contractCalled(world, title)).state).to.equal('draft');
    await passes(later);
    await status(title);
    const told = await world.next(SATO, new RegExp(`^【破棄しました】受付.* ${title}$`));
    expect(told.text).to.include('14日間お返事がなかったため').and.include('相手方には何も送っていません');
    await world.reply(SATO, corrected, '依頼');
    const refused = await world.next(SATO, new RegExp(`^【お受けできません】.*${title}$`));
    expect(refused.text).to.include('期限が過ぎて終わりました');
    expect(await contractCalled(world, title)).to.include({ state: 'expired' });
    expect(mailsTo(world, YAMADA, new RegExp(title)), 'who never heard of it').to.deep.equal([]);
  });

  it('lists a registered vendor’s concluded contracts with links that run anew', async () => {
    const title = '樹木剪定業務委託';
    const { approval } = await approvalAsked(world, title);
    await world.reply(SUZUKI, approval, '承認');
    await completion(world, YAMADA, title);
    await world.mail({ from: YAMADA, subject: '控えのお願い', text: '控え\n\n山田' });
    const list = await world.next(YAMADA, /^【控え】/);
    expect(list.text).to.include(title).and.not.include('公園遊具更新工事');
    const links = list.text.match(/^https?:\/\/\S+\/d\/[a-z2-7]{42}$/gm) ?? [];
    const own = (await world.contracts()).filter(({ state }) => state === 'concluded');
    expect(new Set(links).size).to.equal(own.length);
    for (const link of links) expect(await (await fetch(link)).text()).to.include('署名完了文書ダウンロード');
    const days = await world.look(({ knex }) =>
      knex('secrets').where({ purpose: 'download' }).whereNull('expires_at').count({ open: '*' }),
    );
    expect(Number(days[0]!.open), 'every link runs out').to.equal(0);
  });

  it('tells a stranger nothing of any contract', async () => {
    const stranger = { name: '他人', address: 'tanin@elsewhere.example.jp' };
    await world.mail({ from: stranger, subject: '控え', text: '控え' });
    const answer = await world.next(stranger, /./);
    expect(answer.text).to.not.match(/https?:\/\/\S+\/[cd]\//);
    expect(answer.subject).to.not.include('【控え】');
    expect(mailsTo(world, TAKAHASHI, /控え/)).to.have.length(0);
  });
});
