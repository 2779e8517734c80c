/** Mail that is held back: the operator hears of it in the morning and can have it read, but never make it a consent. */
import { expect } from 'chai';
import { quarantine } from '../../gateway/cli/quarantine.ts';
import { approvalAsked, contractCalled, drafted, mailsTo } from '../support/acts.ts';
import { letter } from '../support/letters.ts';
import { createWorld, GATEWAY_ADDRESS, SATO, SUZUKI, type World } from '../support/world.ts';

const OPERATOR = { name: '', address: 'unyou@mihon.example.jp' };
const RELAYS = JSON.stringify([
  { name: 'inside', networks: ['127.0.0.1/32'], kind: 'submission' },
  { name: 'mx', networks: ['127.0.0.2/32'], kind: 'mx', authservId: 'mx.mihon.example.jp' },
]);

describe('a mail that is held back', () => {
  let world: World;
  before(async () => {
    world = await createWorld({
      env: {
        KEIYAKUBIN_SMTP__RELAYS: RELAYS,
        KEIYAKUBIN_OPERATOR__ADDRESSES: `[${OPERATOR.address}]`,
        KEIYAKUBIN_OPERATOR__HELD_LISTED: '1',
      },
    });
    await world.start();
  });
  after(() => world.close());

  /** Resolves to the id under which it is held. */
  const held = async (raw: string, to = GATEWAY_ADDRESS): Promise<string> => {
    const taken = await world.mailRaw(raw, { from: SATO.address, to, via: '127.0.0.2' });
    const id = /stored as (\w+)/.exec(taken)![1]!;
    await world.logged(new RegExp(`"message":"${id}".*quarantined`));
    return id;
  };
  const command = async (id?: string): Promise<{ code: number; out: string }> => {
    const lines: string[] = [];
    const note = (line: string): void => void lines.push(line);
    const code = await quarantine({ config: world.config, id }, { out: note, err: note });
    return { code, out: lines.join('\n') };
  };

  it('is listed to the operator the next morning, once, with what it claims', async () => {
    const raw = letter({ from: SATO, to: GATEWAY_ADDRESS, subject: '名乗るだけ', text: 'ヘルプ' });
    const id = await held(raw);
    await held(letter({ from: SATO, to: GATEWAY_ADDRESS, subject: '二通目', text: 'ヘルプ' }));
    // The morning comes early, and somebody's mail wakes the worker.
    await world.look(({ knex }) =>
      knex('outbox').where({ type: 'quarantine-list' }).update({ not_before: '2026-01-01T00:00:00.000Z' }),
    );
    await drafted(world, '目を覚ます工事');
    const list = await world.next(OPERATOR, /^【保留したメール】2件（見本市）$/);
    for (const part of [
      id,
      SATO.address,
      '件名：名乗るだけ',
      '差出人を確かめられません',
      'no Authentication-Results',
    ]) {
      expect(list.text).to.include(part);
    }
    expect(list.text).to.include('このほかに1件あります。').and.not.include('二通目');
    expect(mailsTo(world, OPERATOR, /./)).to.have.length(1);
    expect(await command()).to.deep.include({ code: 1 });
    expect((await command()).out)
      .to.include(id)
      .and.to.include(SATO.address);
  });

  it('is read as its author’s once released, and then counts as any other', async () => {
    const raw = letter({ from: SATO, to: GATEWAY_ADDRESS, subject: '本物でした', text: 'ヘルプ' });
    const id = await held(raw);
    expect(mailsTo(world, SATO, /本物でした/)).to.deep.equal([]);
    expect(await command(id)).to.deep.include({ code: 0 });
    expect(await command(id), 'a second time').to.deep.include({ code: 1 });
    await drafted(world, 'もう一度目を覚ます工事');
    await world.logged(new RegExp(`"message":"${id}".*"proof":"released"`));
    expect((await world.next(SATO, /^【様式】/)).text).to.include('記入例');
    expect((await command()).out).not.to.include(id);
  });

  it('never becomes an approval by being released', async () => {
    const title = '保留から承認される工事';
    const { approval } = await approvalAsked(world, title);
    const raw = letter({ from: SUZUKI, to: approval.replyTo, subject: 'Re:', text: '承認' });
    const id = await held(raw, approval.replyTo);
    await command(id);
    await drafted(world, '三度目を覚ます工事');
    const refusal = await world.next(SUZUKI, new RegExp(`^【お受けできません】.*${title}$`));
    expect(refusal.text).to.include('ご本人からのメールと確かめられないため');
    expect((await contractCalled(world, title)).steps.at(-1)!.consent).to.equal(null);
  });

  it('of no such id cannot be released', async () => {
    expect((await command('nosuchmail')).out).to.include('nosuchmail という番号の');
  });
});
