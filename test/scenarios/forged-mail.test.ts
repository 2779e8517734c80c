/** Mail that only pretends to come from the approver: it changes nothing, is answered to nobody but its real author, and is in the log. */
import { expect } from 'chai';
import type { ReceivedMail } from '../../demo/mailboxes.ts';
import type { Writer } from '../../demo/people.ts';
import { approvalAsked, completion, contractCalled, mailsTo } from '../support/acts.ts';
import { dkimKey, scriptedDns } from '../support/dns.ts';
import { letter } from '../support/letters.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

/** The town's own mail server as the world sees it, and somebody else's. */
const OUR_SERVER = '127.0.0.2';
const ELSEWHERE = '127.0.0.3';
const FORGER = { name: '鈴木一郎', address: 'suzuki@rnihon.example.com' };

describe('a forged mail', () => {
  const town = dkimKey('mihon.example.jp');
  const forger = dkimKey('rnihon.example.com');
  const { resolver } = scriptedDns({
    'mihon.example.jp TXT': [`v=spf1 ip4:${OUR_SERVER} ~all`],
    'kinshi.example.jp TXT': [`v=spf1 ip4:${OUR_SERVER} -all`],
    '_dmarc.mihon.example.jp TXT': ['v=DMARC1; p=reject'],
    '_dmarc.rnihon.example.com TXT': ['v=DMARC1; p=reject'],
    [town.record[0]]: town.record[1],
    [forger.record[0]]: forger.record[1],
  });
  let world: World;
  let approval: ReceivedMail;
  const title = '狙われた工事';

  before(async () => {
    const relays = [
      { name: 'inside', networks: ['127.0.0.1/32'], kind: 'submission' },
      { name: 'internet', networks: ['0.0.0.0/0', '::/0'], kind: 'direct' },
    ];
    world = await createWorld({ env: { KEIYAKUBIN_SMTP__RELAYS: JSON.stringify(relays) }, resolver });
    await world.start();
    ({ approval } = await approvalAsked(world, title));
  });
  after(() => world.close());

  const approving = (from: Writer, above: readonly string[] = [], text = '承認'): string =>
    letter({ from, to: approval.replyTo, subject: `Re: ${approval.subject}`, text, above });
  const signature = (_: unknown, length: number): string =>
    `DKIM-Signature: v=1; a=rsa-sha256; d=rnihon.example.com; s=x; h=from; l=${length}; bh=AAAA; b=AAAA`;
  const handIn = async (raw: string, from: string, via: string): Promise<string> => {
    const kept = await world.mailRaw(raw, { from, to: approval.replyTo, via });
    const id = /stored as (\w+)/.exec(kept)![1]!;
    return world.logged(new RegExp(`"message":"${id}"`));
  };
  const isUntouched = async (): Promise<void> => {
    const { state, steps } = await contractCalled(world, title);
    expect(state).to.equal('awaiting');
    expect(steps.at(-1)!.consent).to.equal(null);
  };

  for (const [what, raw] of [
    ['from a server that SPF does not name', async () => approving(SUZUKI)],
    [
      'made of a real one that said no',
      async () => (await town.sign(approving(SUZUKI, [], '承認しません'))).replace('承認しません', '承認'),
    ],
    [
      'with a verdict of its own making',
      async () =>
        approving(SUZUKI, [
          'Authentication-Results: localhost; dmarc=pass header.from=mihon.example.jp',
          'Authentication-Results: mx.mihon.example.jp; dmarc=pass header.from=mihon.example.jp',
        ]),
    ],
    ['signed by a domain that is not the author’s', async () => forger.sign(approving(SUZUKI))],
    [
      'with a second author above the first',
      async () => town.sign(approving(SUZUKI, [`From: ${FORGER.address}`])),
    ],
    [
      'under a heap of signatures, each of which would have the whole mail hashed',
      async () => town.sign(approving(SUZUKI, Array.from({ length: 20 }, signature))),
    ],
  ] as const) {
    it(`${what} is held back and not answered`, async () => {
      const authors = [SUZUKI, FORGER];
      const mails = (): number => authors.flatMap((author) => mailsTo(world, author, /./)).length;
      const before = mails();
      const line = await handIn(await raw(), SUZUKI.address, ELSEWHERE);
      expect(line)
        .to.include('"status":"quarantined"')
        .and.to.match(/"why":"(dmarc=|From is multiple|21 DKIM signatures)/);
      await isUntouched();
      expect(mails()).to.equal(before);
    });
  }

  it('from a server that the envelope’s domain forbids is not even taken', async () => {
    const raw = approving(SUZUKI);
    const refusal = await world
      .mailRaw(raw, { from: 'suzuki@kinshi.example.jp', to: approval.replyTo, via: ELSEWHERE })
      .catch((error: Error & { response?: string }) => error.response);
    expect(refusal).to.match(/^550 5\.7\.23 SPF/);
    await world.logged(/forbidden by the SPF record/);
    await isUntouched();
  });

  it('from a proven look-alike with the approver’s name gets a stranger’s answer', async () => {
    const line = await handIn(await forger.sign(approving(FORGER)), FORGER.address, ELSEWHERE);
    expect(line).to.include('"status":"refused"').and.to.include('sender is not staff');
    await isUntouched();
    expect((await world.next(FORGER, /^【受け付けていません】/)).text).to.include(
      '職員が契約書を送るためのものです',
    );
  });

  it('from a proven stranger who shows the approver’s address as a name is a stranger’s all the same', async () => {
    const dressed = { name: SUZUKI.address, address: 'suzuki2@rnihon.example.com' };
    const line = await handIn(await forger.sign(approving(dressed)), dressed.address, ELSEWHERE);
    expect(line).to.include('sender is not staff');
    await isUntouched();
  });

  it('from a colleague who is proven does not use the approver’s secret', async () => {
    const line = await handIn(await town.sign(approving(SATO)), SATO.address, ELSEWHERE);
    expect(line).to.include('wrong-secret');
    await isUntouched();
  });

  it('does not stand in the way of the real one, which counts once', async () => {
    const real = await town.sign(approving(SUZUKI));
    expect(await handIn(real, SUZUKI.address, OUR_SERVER)).to.include('"proof":"direct"');
    await completion(world, YAMADA, title);
    expect(await handIn(real, SUZUKI.address, ELSEWHERE)).to.include('repeats an earlier one');
    // Replayed with another Message-ID, which the signature does not hold in every domain.
    const again = await town.sign(approving(SUZUKI));
    expect(await handIn(again, SUZUKI.address, ELSEWHERE)).to.include('"status":"refused"');
    expect(mailsTo(world, YAMADA, /^電子署名完了のお知らせ$/)).to.have.length(1);
  });
});
