/** The process is killed at its worst moments; started again it brings every contract to its one right end. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import type { Writer } from '../../demo/people.ts';
import { openMessage } from '../../gateway/app/accept-message.ts';
import { contractOfRoot } from '../../gateway/app/secrets.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { bytesSource, verify } from '../../signing/index.ts';
import { encryptedBlobs, octetsOf as octetsOfBlob } from '../../storage/blobs/blobs.ts';
import { fileObjects } from '../../storage/blobs/objects.ts';
import { loadMasterKey } from '../../storage/keys.ts';
import type { MessageRow } from '../../storage/messages.ts';
import { parkedEntries } from '../../storage/outbox.ts';
import { agreedShown, completion, contractMail } from '../support/acts.ts';
import { GATEWAY_ADDRESS, SATO, SUZUKI, samplePdf, YAMADA } from '../support/world.ts';
import type { Fault } from './kill-at.ts';
import { octetsOf, openRig, pressConsent, type Rig, sendUntilTaken } from './rig.ts';

type Act = 'contract mail' | 'go-ahead' | 'consent' | 'approval';

interface KillPoint {
  readonly name: string;
  /** Armed just before this act of a person. */
  readonly during: Act;
  readonly fault:
    | Fault
    /** The n-th timestamp request from now on. */
    | { readonly timestamp: number }
    /** A mail of ours with this in its subject, before the relay answers. */
    | { readonly mail: string }
    | 'at the 250';
  /** Subject of the mail that leaves a second time. */
  readonly repeats?: RegExp;
}

const kill = (at: Fault['at'], when: Fault['when'], ...matching: string[]): Fault => ({
  at,
  when,
  matching,
  act: 'SIGKILL',
});
const MESSAGE_ROW = 'insert into `messages`';

const KILL_POINTS: readonly KillPoint[] = [
  // The sender has seen no 250 and sends the same mail again.
  { name: 'before a mail is on disk', during: 'contract mail', fault: kill('sync', 'before', '/blobs/tmp/') },
  {
    name: 'before a mail on disk is noted',
    during: 'contract mail',
    fault: kill('rename', 'after', '/blobs/'),
  },
  { name: 'before a 250', during: 'contract mail', fault: kill('commit', 'after', MESSAGE_ROW) },
  { name: 'before the 250 to an approval', during: 'approval', fault: kill('commit', 'after', MESSAGE_ROW) },
  // From the 250 on it is ours.
  { name: 'right after a 250', during: 'contract mail', fault: 'at the 250' },
  {
    name: 'between a contract and its receipt',
    during: 'contract mail',
    fault: kill('commit', 'after', 'ContractDrafted'),
  },
  {
    name: 'before a prepared file counts',
    during: 'go-ahead',
    fault: kill('commit', 'before', 'DocumentPrepared'),
  },
  {
    name: 'while the relay takes a request',
    during: 'go-ahead',
    fault: { mail: '署名依頼' },
    repeats: /署名依頼/,
  },
  {
    name: 'before it is noted that the relay took a request',
    during: 'go-ahead',
    fault: kill('commit', 'before', 'MailTaken', 'signatureRequest'),
    repeats: /署名依頼/,
  },
  { name: 'before a consent counts', during: 'consent', fault: kill('commit', 'before', 'ConsentGiven') },
  {
    name: 'after a consent, before the page says so',
    during: 'consent',
    fault: kill('commit', 'after', 'ConsentGiven'),
  },
  { name: 'while a signature is timestamped', during: 'consent', fault: { timestamp: 1 } },
  {
    name: 'between a seal on disk and its commit',
    during: 'consent',
    fault: kill('commit', 'before', 'DocumentSealed'),
  },
  { name: 'while the file is timestamped for good', during: 'approval', fault: { timestamp: 2 } },
  {
    name: 'between a certificate on disk and its commit',
    during: 'approval',
    fault: kill('commit', 'before', 'CertificateIssued'),
  },
  {
    name: 'between conclusion and mails',
    during: 'approval',
    fault: kill('commit', 'after', 'ContractConcluded'),
  },
  {
    name: 'while the relay takes an executed contract',
    during: 'approval',
    fault: { mail: '電子署名完了' },
    repeats: /電子署名完了/,
  },
];

describe('killed', () => {
  let rig: Rig;
  /** Every mail that was answered with 250. */
  const sent: Buffer[] = [];
  /** Whose mail the relay was taking when the process was killed. */
  let interrupted = '';
  before(async () => {
    rig = await openRig();
  });
  after(() => rig.close());

  KILL_POINTS.forEach((point, index) => {
    it(`${point.name}: one contract, sealed once, with every mail`, async () => {
      const deaths = rig.deaths;
      const title = `市道${index + 101}号線舗装工事`;
      const contract = await live(title, point);
      expect(rig.deaths, 'it was killed once').to.equal(deaths + 1);
      await isWhole(title, contract, point.repeats);
    });
  });

  it('leaves nothing undone and every mail it took readable', async () => {
    expect(await rig.stop()).to.equal(0);
    await rig.world.look(async ({ knex }) => {
      expect(await parkedEntries(knex)).to.deep.equal([]);
      // What is left are deadlines to come.
      const now = new Date().toISOString();
      expect(await knex('outbox').whereNull('done_at').where('not_before', '<=', now)).to.deep.equal([]);
      const rows: MessageRow[] = await knex('messages');
      expect(rows.filter(({ status }) => status !== 'handled' && status !== 'duplicate')).to.deep.equal([]);
      const { config } = rig.world;
      const master = loadMasterKey({ file: config.masterKeyFile, mayCreate: false });
      const blobs = encryptedBlobs(fileObjects(`${config.dataDirectory}/blobs`));
      const kept = await Promise.all(
        rows.map(async (row) => {
          const reader = await blobs.open(openMessage(master, row).owner, row.blob);
          const hash = createHash('sha256');
          for await (const chunk of octetsOfBlob(reader)) hash.update(chunk);
          await reader.close();
          return hash.digest('hex');
        }),
      );
      const wanted = sent.map((raw) => createHash('sha256').update(raw).digest('hex'));
      expect(wanted.filter((digest) => !kept.includes(digest))).to.deep.equal([]);
      expect(new Set(kept).size).to.equal(wanted.length);
    });
  });

  /** Everybody does their part, again where the gateway died on them; resolves to the executed file. */
  async function live(title: string, point: KillPoint): Promise<Buffer> {
    const act = async <T>(name: Act, doIt: () => Promise<T>): Promise<T> => {
      const now = name === point.during;
      if (now) arm(point.fault);
      const outcome = await doIt();
      if (now && point.fault === 'at the 250') await rig.kill();
      return outcome;
    };
    const write = async (name: Act, from: Writer, to: string, mail: Parameters<typeof octetsOf>[0]) => {
      const raw = await octetsOf(mail);
      await act(name, () => sendUntilTaken(rig, from, to, raw));
      sent.push(raw);
    };
    const answer = (name: Act, from: Writer, to: ReceivedMail, text: string) =>
      write(name, from, to.replyTo, {
        from,
        to: to.replyTo,
        subject: `Re: ${to.subject}`,
        text,
        inReplyTo: to.messageId,
        references: [...to.references, to.messageId],
      });
    await write('contract mail', SATO, GATEWAY_ADDRESS, {
      from: SATO,
      to: GATEWAY_ADDRESS,
      subject: '契約のお願い',
      text: contractMail(title),
      attachments: [{ filename: '契約書.pdf', content: await samplePdf() }],
    });
    const receipt = await rig.world.next(SATO, new RegExp(`受付.*${title}$`));
    await answer('go-ahead', SATO, receipt, '依頼');
    const request = await rig.world.next(YAMADA, new RegExp(`${title}への署名依頼`));
    // A request that comes late, after the consent, would not come at all.
    if (point.repeats?.test(request.subject)) await rig.world.next(YAMADA, point.repeats);
    const agreed = await rig.insist(() => agreedShown(linkIn(request)));
    const page = await act('consent', () => rig.insist(() => pressConsent(linkIn(request), agreed)));
    expect(page).to.include('同意を記録しました');
    const approval = await rig.world.next(SUZUKI, new RegExp(`承認のお願い】${title}`));
    await answer('approval', SUZUKI, approval, '承認');
    const files = [];
    for (const who of [SATO, YAMADA, SUZUKI]) {
      const { attachments } = await completion(rig.world, who, title);
      files.push(attachments.find(({ fileName }) => !fileName.endsWith('合意締結証明書.pdf'))!.content);
    }
    if (point.repeats?.test('電子署名完了のお知らせ')) {
      await completion(rig.world, { name: '', address: interrupted }, title);
    }
    expect(new Set(files.map((file) => file.toString('base64'))).size).to.equal(1);
    return files[0]!;
  }

  function arm(fault: KillPoint['fault']): void {
    if (fault === 'at the 250') return;
    if ('at' in fault) {
      rig.arm(fault);
      return;
    }
    if ('timestamp' in fault) {
      let left = fault.timestamp;
      rig.onTimestamp = async () => {
        if (--left !== 0) return true;
        await rig.kill();
        return false;
      };
      return;
    }
    rig.onMail = ({ subject, to }) => {
      if (!subject.includes(fault.mail)) return;
      rig.onMail = () => {};
      interrupted = to;
      void rig.kill();
    };
  }

  async function isWhole(title: string, file: Buffer, repeats: RegExp | undefined): Promise<void> {
    const { world, authority } = rig;
    const stored = (await world.contracts()).filter((contract) => contract.title === title);
    expect(stored).to.have.length(1);
    const { id } = stored[0]!;
    // One transaction for both: notes about mails may still come in.
    const { contract, events } = await world.look((database, store) =>
      database.transaction(async (tx) => ({
        contract: (await store.load(tx, id))!.contract,
        events: await store.history(tx, id),
      })),
    );
    expect(replay(events)).to.deep.equal(contract);
    expect(contract.state).to.equal('concluded');
    const often = (type: string): number => events.filter((event) => event.type === type).length;
    expect(
      Object.fromEntries(
        ['ContractDrafted', 'GoAheadGiven', 'ConsentGiven', 'DocumentSealed', 'DocumentConcluded'].map(
          (type) => [type, often(type)],
        ),
      ),
    ).to.deep.equal({
      ContractDrafted: 1,
      GoAheadGiven: 1,
      ConsentGiven: 2,
      DocumentSealed: 2,
      DocumentConcluded: 1,
    });
    const revisions = contract.documents.map((document) =>
      document.revisions.map(({ purpose, step }) => [purpose, step]),
    );
    expect(revisions).to.deep.equal([
      [
        ['prepare', null],
        ['consent', 0],
        ['consent', 1],
        ['conclude', null],
      ],
    ]);
    const head = contract.documents[0]!.revisions.at(-1)!;
    expect(createHash('sha256').update(file).digest('hex')).to.equal(head.sha256);
    const report = await verify(bytesSource(file), {
      trust: [authority.root],
      profile: 'B-LTA',
      at: new Date(),
    });
    expect(report).to.include({ valid: true, level: 'B-LTA' });
    expect(report.signatures.map(({ kind }) => kind)).to.deep.equal([
      'signature',
      'signature',
      'document-timestamp',
    ]);
    mailsAreWhole(id, title, repeats);
  }

  function mailsAreWhole(id: string, title: string, repeats: RegExp | undefined): void {
    const ours = rig.world.mailboxes.mails.filter((mail) =>
      mail.references.some((reference) => contractOfRoot(reference) === id),
    );
    const often = new Map<string, number>();
    for (const { messageId, to, subject } of ours) {
      const which = `${messageId} ${to} ${subject}`;
      often.set(which, (often.get(which) ?? 0) + 1);
    }
    // The same mail under another Message-ID would stand here twice.
    const distinct = [...often.keys()]
      .map((which) => which.slice(which.indexOf(' ') + 1))
      .filter((which) => !which.includes('に送ります】'))
      .sort();
    const shown = distinct.map((which) => which.replace(title, '…').replace(/\d{4}-\d{4}/, '№'));
    expect(shown).to.deep.equal(
      [
        `${SATO.address} 【まだ送っていません】受付№ …`,
        `${YAMADA.address} 見本市様より…への署名依頼が届いています`,
        `${YAMADA.address} 【同意を記録しました】…`,
        ...distinct
          .filter((which) => which.includes('【承認のお願い】'))
          .slice(0, 1)
          .map((which) => which.replace(title, '…')),
        `${SUZUKI.address} 【同意を記録しました】…`,
        ...[SATO, YAMADA, SUZUKI].map(({ address }) => `${address} 電子署名完了のお知らせ`),
      ].sort(),
    );
    const repeated = [...often].filter(([, count]) => count > 1);
    expect(Math.max(...often.values()), 'copies of one mail').to.be.at.most(2);
    if (repeats) expect(repeated.some(([which]) => repeats.test(which))).to.equal(true);
  }
});
