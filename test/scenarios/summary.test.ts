/** The morning summary: each member of staff reads once what is in their hands, and nobody is written to for nothing. */
import { expect } from 'chai';
import { jstDate } from '../../gateway/contract/jst.ts';
import { append } from '../../storage/outbox.ts';
import { approvalAsked, completion, contractCalled, drafted, mailsTo, requested } from '../support/acts.ts';
import { failureReport } from '../support/letters.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

describe('the morning summary', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  /** As if the hour of the summary had come: staff may be at work on any day that tests run. */
  const morning = (key: string, day = jstDate(new Date())): Promise<void> =>
    world.look(async ({ knex }) => {
      const now = new Date().toISOString();
      const entry = { key, municipality: 'mihon', contract: null, type: 'summary', notBefore: now };
      await append(knex, [{ ...entry, payload: JSON.stringify({ day }) }], now);
    });
  const wake = (): Promise<string> => world.mail({ subject: '様式', text: '様式' });

  it('says nothing where there is nothing, and nothing of a morning that is past', async () => {
    await morning('summary:empty');
    await wake();
    await world.logged(/"mails":0.*morning summary/);
    await drafted(world, '前の日の工事');
    await morning('summary:late', '2026-01-05');
    await wake();
    await world.logged(/"day":"2026-01-05","mails":0.*morning summary/);
    expect(mailsTo(world, SATO, /けさのまとめ/)).to.have.length(0);
    const next = await world.look(({ knex }) =>
      knex('outbox').where('key', 'like', 'summary:mihon:%').whereNull('done_at').pluck('key'),
    );
    expect(next, 'the next working morning').to.have.length(1);
  });

  it('tells the initiator what waits, came back and was concluded, and the approver what is asked of them', async () => {
    const waiting = '返事を待つ工事';
    const back = '不達の工事';
    const toApprove = '承認を待つ工事';
    const done = '締結した工事';
    await requested(world, waiting);
    const request = await requested(world, back);
    const report = failureReport(request, '5.2.2', '552 5.2.2 Mailbox full');
    await world.mailRaw(report, { from: '', to: request.from });
    await world.next(SATO, new RegExp(`^【届いていません】${back}`));
    await approvalAsked(world, toApprove);
    const { approval } = await approvalAsked(world, done);
    await world.reply(SUZUKI, approval, '承認');
    await completion(world, YAMADA, done);

    await morning('summary:today');
    await wake();
    const toSato = await world.next(SATO, /^【けさのまとめ】/);
    expect(toSato.subject).to.include('不達1件・依頼待ち1件・返事待ち2件・締結1件');
    const { number } = await contractCalled(world, back);
    expect(toSato.text)
      .to.match(
        new RegExp(`■不達（1件）.*\\n・受付${number} ${back}（株式会社サンプル 代表取締役 山田太郎様、期限`),
      )
      .and.to.match(new RegExp(`・受付\\S+ ${waiting}（.*期限`))
      .and.to.match(new RegExp(`■締結（1件）.*\\n・受付\\S+ ${done}\\n`));
    const toSuzuki = await world.next(SUZUKI, /^【けさのまとめ】/);
    expect(toSuzuki.subject).to.match(/ 承認待ち1件$/);
    expect(toSuzuki.text).to.include('鈴木一郎様').and.to.include(toApprove).and.not.include(waiting);
    expect(mailsTo(world, YAMADA, /まとめ/)).to.have.length(0);
  });
});
