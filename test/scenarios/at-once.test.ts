/** Two people, or one person in two ways, act in the same moment: one act comes first, the other finds what it has left. */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { agreedShown, approvalAsked, completion, contractCalled, post, requested } from '../support/acts.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

describe('two acts at once', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  const acts = async (title: string, ...wanted: readonly string[]): Promise<string[]> => {
    const { id } = await contractCalled(world, title);
    const history = await world.look(({ knex }, store) => store.history(knex, id));
    return history.map(({ type }) => type).filter((type) => wanted.includes(type));
  };

  it('are one consent where an approver answers by mail and presses the button', async () => {
    const title = '二つの道の工事';
    const { approval } = await approvalAsked(world, title);
    const url = linkIn(approval);
    const fields = await agreedShown(url);
    const [answer] = await Promise.all([
      post(`${url}/consent`, fields),
      world.reply(SUZUKI, approval, '承認'),
    ]);
    // Not 200 where all is over before the page is asked.
    expect(answer.status).to.be.oneOf([200, 409]);
    await completion(world, YAMADA, title);
    expect(await acts(title, 'ConsentGiven')).to.have.length(2);
    expect(await contractCalled(world, title)).to.include({ state: 'concluded' });
  });

  it('are a consent to nothing, or one that a stop follows, where the initiator stops the contract', async () => {
    const title = '行き違いの工事';
    const url = linkIn(await requested(world, title));
    const fields = await agreedShown(url);
    const receipt = world.mailboxes.mails.find(
      ({ to, subject }) => to === SATO.address && subject.includes(title) && subject.includes('受付'),
    )!;
    const [answer] = await Promise.all([post(`${url}/consent`, fields), world.reply(SATO, receipt, '中止')]);
    await world.next(SATO, new RegExp(`^【中止しました】.*${title}$`));
    const order = await acts(title, 'ConsentGiven', 'ContractWithdrawn');
    expect(order).to.deep.equal(
      answer.status === 200 ? ['ConsentGiven', 'ContractWithdrawn'] : ['ContractWithdrawn'],
    );
    expect(answer.status).to.be.oneOf([200, 409]);
    expect(await contractCalled(world, title)).to.include({ state: 'withdrawn' });
  });
});
