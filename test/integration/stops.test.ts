/** Work that no retry mends is set aside: initiator and operator hear of it once, in words that fit what stopped it. */
import { expect } from 'chai';
import { contractStore } from '../../gateway/app/contract-store.ts';
import { commandHandler } from '../../gateway/app/handle-command.ts';
import { stoppedWork } from '../../gateway/app/waiting.ts';
import { sampleMunicipality } from '../../gateway/config/municipality.ts';
import { embeddedQueue } from '../../gateway/jobs/queue.ts';
import { noticeOfStop, stopNoticePerformer } from '../../gateway/jobs/stops.ts';
import { performNext, type WorkerOptions } from '../../gateway/jobs/worker.ts';
import type { OutgoingMail } from '../../gateway/mail/deliver.ts';
import { readCertificate } from '../../signing/cms/certificate.ts';
import { RevokedCertificate, RevokedCredential } from '../../signing/cms/index.ts';
import { masterKey } from '../../storage/keys.ts';
import { append, unpark } from '../../storage/outbox.ts';
import { compileMails, type MailContent, type RenderedMail } from '../../templates/index.ts';
import { sampleDraft } from '../support/contract.ts';
import { onEachEngine } from '../support/database.ts';
import { recordingLog } from '../support/log.ts';
import { issueRoot } from '../support/pki.ts';

const NOW = '2026-11-21T01:00:00.000Z';
const ADDRESSES = ['unyo@mihon.example.jp', 'hsm@sample.example.jp'];
const UPLOAD = { blob: 'upload', size: 6, sha256: 'ab'.repeat(32) };

onEachEngine('work that was set aside', (held) => {
  const store = contractStore(masterKey(Buffer.alloc(32, 1)));
  const commands = commandHandler(store, {
    goAheadDelaySeconds: 0,
    draftExpiresDays: 14,
    remindDaysAfter: [],
    remindDaysBefore: [],
    isDayOff: () => false,
  });
  let render: (content: MailContent) => RenderedMail;
  let mails: OutgoingMail[];
  before(async () => {
    render = await compileMails();
  });
  beforeEach(() => {
    mails = [];
  });

  /** A contract whose documents are being prepared, by work that fails as told. */
  async function preparing(...failures: readonly Error[]): Promise<WorkerOptions> {
    const draft = sampleDraft();
    const documents = failures.map((_, at) => ({ ...draft.documents[0]!, id: `d${at}`, upload: UPLOAD }));
    const facts = {
      municipality: 'mihon',
      number: '2026-0001',
      certificateId: 'ABCD',
      sourceMessageId: null,
    };
    const goAhead = {
      type: 'goAhead',
      grant: { participant: 'initiator', generation: 1 },
      acknowledged: false,
    } as const;
    await held.database.transaction(async (tx) => {
      await commands.open(
        tx,
        store.newOwner('abc'),
        { id: 'abc', ...facts, draft: { ...draft, documents } },
        NOW,
      );
      await commands.handle(tx, 'abc', goAhead, NOW);
      await tx('outbox').whereNot({ type: 'prepare' }).delete();
    });
    const { log } = recordingLog();
    const operator = { addresses: ADDRESSES };
    const delivery = {
      async send(mail: OutgoingMail) {
        mails.push(mail);
        return { outcome: 'taken', response: '250 ok' } as const;
      },
      close: () => {},
    };
    const municipalityOf = (id: string) => ({ ...sampleMunicipality, id, name: '見本市' });
    const settings = { testAuthority: false };
    const told = {
      database: held.database,
      store,
      municipalityOf,
      settings,
      operator,
      delivery,
      render,
      log,
    };
    return {
      database: held.database,
      queue: embeddedQueue(),
      performers: {
        prepare: async ({ payload }) => {
          throw failures[Number(JSON.parse(payload).document.slice(1))]!;
        },
        'stop-notice': stopNoticePerformer(told),
      },
      onParked: noticeOfStop(operator),
      concurrency: 1,
      leaseSeconds: 60,
      backoff: { firstSeconds: 1, factor: 2, maxSeconds: 60 },
      clock: () => new Date(NOW),
      log,
    };
  }
  /** What its initiator is to be told. */
  const noted = async () => {
    const rows = await held.database.knex('outbox').where({ type: 'mail' }).orderBy('key');
    return rows.map(({ payload }) => JSON.parse(payload));
  };
  const park = async (options: WorkerOptions, entries: number): Promise<void> => {
    for (let done = 0; done < entries; done++) expect(await performNext(options)).to.equal(true);
  };

  it('is told to the initiator and each operator once, however many documents stand', async () => {
    const options = await preparing(new Error('no such font'), new Error('no such font'));
    await park(options, 2);
    const [notice, ...more] = await noted();
    expect(more).to.deep.equal([]);
    expect(notice).to.include({ mail: 'stopped', recipient: 'initiator', cause: 'fault' });
    const { contract } = (await store.load(held.database.knex, 'abc'))!;
    expect(await stoppedWork(held.database.knex, contract)).to.equal('prepare');
    expect(await stoppedWork(held.database.knex, contract, notice.about)).to.equal('prepare');
    expect(await stoppedWork(held.database.knex, contract, 'abc:99'), 'another phase').to.equal(null);

    await held.database.knex('outbox').where({ type: 'mail' }).delete();
    await park(options, 2);
    expect(await performNext(options), 'nothing else is due').to.equal(false);
    expect(mails.map(({ to }) => to.address)).to.have.members(ADDRESSES);
    expect(mails[0]!.subject).to.equal('【処理が止まりました】受付2026-0001');
    expect(mails[0]!.text).to.include('理由（記録のまま）：no such font');
  });

  it('is told as what it is: a certificate that has signed, or the key to sign with', async () => {
    const root = readCertificate(issueRoot('見本署名者').certificate);
    const options = await preparing(new RevokedCertificate(root, new Date(NOW)));
    await park(options, 3);
    expect((await noted()).map(({ cause }) => cause)).to.deep.equal(['certificate']);
    expect(mails).to.have.length(2);
    expect(mails[0]!.text)
      .to.include('certificate "見本署名者" was revoked at 2026-11-21T01:00:00.000Z')
      .and.include('認証局にお確かめください');
  });

  it('leaves a revoked key to its own notice for the operator', async () => {
    const options = await preparing(new RevokedCredential('certificate "見本署名者" was revoked', null));
    await park(options, 1);
    expect((await noted()).map(({ cause }) => cause)).to.deep.equal(['key']);
    await held.database.knex('outbox').where({ type: 'mail' }).delete();
    expect(await performNext(options)).to.equal(false);
    expect(mails).to.deep.equal([]);
  });

  it('tells the operator nothing that somebody has had tried again meanwhile', async () => {
    const options = await preparing(new Error('no such font'));
    await park(options, 1);
    await unpark(held.database.knex, '2026-11-22T00:00:00.000Z');
    await held.database.knex('outbox').where({ type: 'mail' }).delete();
    await park(options, 2);
    expect(mails).to.deep.equal([]);
  });

  it('concerns nobody where it is no PDF work of a contract', async () => {
    const options = await preparing(new Error('never reached'));
    await held.database.knex('outbox').delete();
    const entry = { municipality: 'mihon', payload: '{}', notBefore: NOW };
    await held.database.transaction((tx) =>
      append(
        tx,
        [
          { ...entry, key: 'renew:r1:abc:d1', contract: 'abc', type: 'renew' },
          { ...entry, key: 'feed:1', contract: null, type: 'prepare-feed' },
        ],
        NOW,
      ),
    );
    await park(options, 2);
    expect(await performNext(options)).to.equal(false);
    expect(await noted()).to.deep.equal([]);
  });
});
