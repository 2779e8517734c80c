/** A renewal run through the whole gateway, killed in its midst: every file is renewed once, the broken one is left alone (R56). */
import { EventEmitter, once } from 'node:events';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { linkIn, type ReceivedMail } from '../../demo/mailboxes.ts';
import { executedFiles } from '../../demo/people.ts';
import { renewProofs } from '../../gateway/cli/renew.ts';
import type { Contract } from '../../gateway/contract/contract.ts';
import { head } from '../../gateway/contract/documents.ts';
import { replay } from '../../gateway/contract/evolve.ts';
import { bytesSource, verify } from '../../signing/index.ts';
import { encryptedBlobs } from '../../storage/blobs/blobs.ts';
import { fileObjects } from '../../storage/blobs/objects.ts';
import { parkedEntries } from '../../storage/outbox.ts';
import { approvalAsked, completion, contractCalled } from '../support/acts.ts';
import { type ControllableAuthority, openAuthority } from '../support/authority.ts';
import { DAY, fromNow } from '../support/pki.ts';
import {
  createWorld,
  otherSamplePdf,
  SATO,
  SUZUKI,
  samplePdf,
  type World,
  YAMADA,
} from '../support/world.ts';
import type { Fault } from './kill-at.ts';

const REPORTED = { name: '契約管理', address: 'kanri@mihon.example.jp' };
const [GOOD, TWO, BROKEN] = ['市道1号線舗装工事', '庁舎清掃業務委託', '見本橋補修工事'] as const;

/** What the command line printed. */
class Lines {
  readonly #lines: string[] = [];
  readonly #told = new EventEmitter();
  readonly add = (line: string): void => {
    this.#lines.push(line);
    this.#told.emit('line', line);
  };

  splice(from: number): string[] {
    return this.#lines.splice(from);
  }

  async first(pattern: RegExp): Promise<void> {
    while (!this.#lines.some((line) => pattern.test(line))) await once(this.#told, 'line');
  }
}

describe('a renewal run', () => {
  let folder: string;
  let authority: ControllableAuthority;
  let world: World;
  const executed = new Map<string, Uint8Array[]>();
  const completions = new Map<string, ReceivedMail>();
  const said = new Lines();
  const renew = (flags: { dryRun?: boolean; wait?: boolean } = {}): Promise<number> =>
    renewProofs(
      { config: world.config, dryRun: false, wait: false, json: false, ...flags },
      { out: said.add, err: said.add },
    );
  const reports = (): ReceivedMail[] => world.mailboxes.mails.filter(({ to }) => to === REPORTED.address);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keiyakubin-renewal-'));
    authority = await openAuthority();
    // The proof of what is concluded now ends within the two years that a run looks ahead.
    authority.replaceTsa(fromNow(30 * DAY));
    world = await createWorld({
      engine: 'sqlite',
      env: {
        ...authority.env(),
        KEIYAKUBIN_SIGNING__RENEWAL__PER_MINUTE: '60000',
        KEIYAKUBIN_OPERATOR__ADDRESSES: JSON.stringify([REPORTED.address]),
      },
    });
    await world.start();
    const pdf = await samplePdf();
    const attachments = [pdf, await otherSamplePdf()].map((content, at) => ({
      filename: `文書${at + 1}.pdf`,
      content,
    }));
    for (const [title, files] of [
      [GOOD, pdf],
      [TWO, attachments],
      [BROKEN, pdf],
    ] as const) {
      const { approval } = await approvalAsked(world, title, { pdf: files });
      await world.reply(SUZUKI, approval, '承認');
      const mail = await completion(world, YAMADA, title);
      completions.set(title, mail);
      executed.set(title, await executedFiles(mail));
      await completion(world, SATO, title);
    }
    await world.stop();
    await breakDocument(await contractCalled(world, BROKEN));
  });
  after(async () => {
    await world.close();
    await authority.close();
    await rm(folder, { recursive: true });
  });

  /** As if somebody who has the keys had changed an octet of the upload where it is stored. */
  async function breakDocument(contract: Contract): Promise<void> {
    const root = join(world.config.dataDirectory, 'blobs');
    const { owner } = (await world.look(({ knex }, store) => store.load(knex, contract.id)))!;
    const changed = await samplePdf();
    const at = changed.indexOf('MediaBox');
    changed[at] = changed[at]! ^ 1;
    const written = await encryptedBlobs(fileObjects(root)).put(owner, Readable.from([changed]));
    await copyFile(join(root, written.name), join(root, contract.documents[0]!.upload.blob));
  }

  it('says first what it would do', async () => {
    expect(await renew({ dryRun: true })).to.equal(0);
    expect(said.splice(0)).to.deep.equal(['mihon　対象 7件（契約3件）']);
    expect(await world.look(({ knex }) => knex('outbox').where('type', 'like', 'rene%'))).to.deep.equal([]);
  });

  it('ends as if it had run once, though the process is killed while it renews', async () => {
    authority.replaceTsa(fromNow(300 * DAY));
    expect(await renew()).to.equal(0);
    expect(said.splice(0)[1]).to.match(/^延長を始めます（\d{4}-\d\d-\d\d-1）/);
    const fault: Fault = { at: 'commit', when: 'before', matching: ['DocumentRenewed'], act: 'SIGKILL' };
    const file = join(folder, 'fault.json');
    await writeFile(file, JSON.stringify(fault));
    const child = await world.spawn([join(import.meta.dirname, 'kill-at.ts')], { FAULT_FILE: file });
    if (child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).to.equal('SIGKILL');

    await world.start();
    const report = await world.next(REPORTED, /有効期間の延長/);
    expect(report.subject).to.equal('【有効期間の延長】できなかったものが1件あります');
    expect(report.text).to.include('対象：7件（契約3件）').and.to.include('延長済み：6件');
    const { number } = await contractCalled(world, BROKEN);
    expect(report.text).to.include(`${number} 契約書：保管しているファイルが、締結時の内容と一致しません。`);
    expect(reports()).to.have.length(1);
  });

  it('has renewed every file but the broken one, once, and says so to whoever verifies', async () => {
    for (const title of [GOOD, TWO]) {
      const contract = await contractCalled(world, title);
      for (const { revisions } of contract.documents) {
        expect(revisions.map(({ purpose }) => purpose)).to.deep.equal([
          'prepare',
          'consent',
          'consent',
          'conclude',
          'renew',
        ]);
      }
      expect(contract.certificate!.renewals).to.have.length(1);
      const history = await world.look(({ knex }, store) => store.history(knex, contract.id));
      // Notes about mails may have come in between the two looks.
      expect(replay(history.filter(({ seq }) => seq <= contract.seq))).to.deep.equal(contract);
    }
    const broken = await contractCalled(world, BROKEN);
    expect(broken.documents[0]!.revisions.at(-1)!.purpose).to.equal('conclude');
    expect(broken.certificate!.renewals).to.have.length(1);
    const parked = await world.look(({ knex }) => parkedEntries(knex));
    expect(
      parked.map(({ key, type }) => [key.endsWith(`${broken.id}:${broken.documents[0]!.id}`), type]),
    ).to.deep.equal([[true, 'renew']]);
    expect(parked[0]!.error).to.match(/^altered: /);
  });

  it('hands out the renewed files; what was agreed is their untouched prefix and what mails go on naming', async () => {
    for (const title of [GOOD, TWO]) {
      const contract = await contractCalled(world, title);
      const before = executed.get(title)!;
      const url = linkIn(completions.get(title)!);
      const page = await (await fetch(url)).text();
      const paths = [...page.matchAll(/href="([^"]+\/(?:files\/\d+|certificate))"/g)].map(
        (match) => match[1]!,
      );
      expect(paths).to.have.length(before.length);
      for (const [index, path] of paths.entries()) {
        const response = await fetch(new URL(path, url));
        const now = Buffer.from(await response.arrayBuffer());
        expect(now.length).to.be.greaterThan(before[index]!.length);
        expect(Buffer.compare(now.subarray(0, before[index]!.length), before[index]!)).to.equal(0);
        const options = { trust: [authority.root], profile: 'B-LTA', at: fromNow(200 * DAY) } as const;
        expect((await verify(bytesSource(now), options)).verdict).to.equal('extended');
        expect((await verify(bytesSource(before[index]!), options)).verdict).to.equal('expired');
        const document = contract.documents[index];
        if (document) expect(now.length).to.equal(head(document).size);
      }
    }
  });

  it('does nothing when it is ordered again in the same year', async () => {
    expect(await renew({ wait: true })).to.equal(0);
    expect(said.splice(0)).to.deep.equal(['延長が必要なものはありません。']);
    expect(reports()).to.have.length(1);
  });

  it('is followed to its end from the command line, and finds files of which no end was noted', async () => {
    const { id, number } = await contractCalled(world, GOOD);
    await world.look(({ knex }) => knex('proofs').where({ contract: id }).delete());
    const following = renew({ wait: true });
    await said.first(/^延長を始めます/);
    // Whoever orders a run is another process: any mail wakes the gateway sooner than it would look by itself.
    const receipt = world.mailboxes.mails.find(
      ({ to, subject }) => to === SATO.address && subject.includes(number),
    )!;
    await world.reply(SATO, receipt, '状況');
    expect(await following).to.equal(0);
    const lines = said.splice(0);
    expect(lines[0]).to.match(/^有効期限をまだ調べていない契約が1件あります/);
    // The authority's certificate is the same as before: nothing would be gained.
    expect(lines.at(-1)).to.equal('延長済み 0件、変更なし 2件、できなかったもの 0件');
    const again = await world.next(REPORTED, /有効期間の延長/);
    expect(again.text).to.include('対象：2件（契約1件）');
    const { documents } = await contractCalled(world, GOOD);
    expect(documents[0]!.revisions.filter(({ purpose }) => purpose === 'renew')).to.have.length(1);
  });

  it('keeps no copies beside what it appended', async () => {
    const { id, documents, certificate } = await contractCalled(world, GOOD);
    const stored = await readdir(join(world.config.dataDirectory, 'blobs'));
    const names = stored.filter((name) => name.startsWith(`${id}-`));
    const parts = documents.flatMap(({ upload, revisions }) => [upload, ...revisions]);
    const known = [...parts, certificate!, ...certificate!.renewals!].map(({ blob }) => blob);
    expect(names).to.include.members(known);
    // The one that the killed process had stored belongs to nothing.
    expect(names.filter((name) => !known.includes(name)).length).to.be.at.most(1);
  });
});
