/** A request that was delivered and not opened: the initiator hears of it once; of one that was opened, nothing. */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { consentByLink } from '../../demo/people.ts';
import { drafted, mailsTo, requested } from '../support/acts.ts';
import { createWorld, SATO, type World, YAMADA } from '../support/world.ts';

describe('a request that nobody opens', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  /** Lets the days pass that the watched requests wait, and somebody's mail wake the worker. */
  const daysLater = async (occasion: string): Promise<void> => {
    const open = (): Promise<{ key: string }[]> =>
      world.look(({ knex }) => knex('outbox').where({ type: 'unopened' }).whereNull('done_at'));
    while ((await open()).length === 0);
    await world.look(({ knex }) =>
      knex('outbox').where({ type: 'unopened' }).update({ not_before: '2026-01-01T00:00:00.000Z' }),
    );
    await drafted(world, occasion);
    while ((await open()).length > 0);
  };

  it('is told to the initiator, who can have it sent again', async () => {
    const title = '開かれない工事';
    const request = await requested(world, title);
    // A scanner looks at the page and the documents, as they do.
    for (const path of ['', '/documents/1']) {
      for (const method of ['GET', 'HEAD']) {
        expect((await fetch(linkIn(request) + path, { method })).status).to.equal(200);
      }
    }
    await daysLater('三日後の工事');
    const notice = await world.next(SATO, new RegExp(`^【まだ開かれていません】${title}の依頼$`));
    expect(notice.text)
      .to.include(YAMADA.address)
      .and.to.include('登録の電話番号（00-0000-0002）へお電話ください');
    await world.reply(SATO, notice, '再送');
    await world.next(YAMADA, new RegExp(`${title}への署名依頼`));
  });

  it('is no news once a person has opened it or the request was answered', async () => {
    const read = await requested(world, '読まれた工事');
    expect((await fetch(`${linkIn(read)}/opened`, { method: 'POST' })).status).to.equal(204);
    await consentByLink(await requested(world, '同意された工事'));
    await daysLater('また三日後の工事');
    expect(mailsTo(world, SATO, /まだ開かれていません】(読まれた|同意された)工事/)).to.deep.equal([]);
  });
});
