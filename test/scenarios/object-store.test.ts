/** The main job with every blob in an S3-compatible store, and an outage of that store in the middle of it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { approvalAsked, completion, drafted } from '../support/acts.ts';
import { type S3Server, startS3 } from '../support/s3.ts';
import { createWorld, SATO, SUZUKI, type World, YAMADA } from '../support/world.ts';

describe('a gateway with an object store', () => {
  let server: S3Server;
  let world: World;
  before(async () => {
    server = await startS3();
    world = await createWorld({ env: server.env });
    await world.start();
  });
  after(async () => {
    await world.close();
    await server.close();
  });

  it('concludes a contract and keeps no document on its own disk', async () => {
    const title = '道路照明灯修繕';
    const { approval } = await approvalAsked(world, title);
    await world.reply(SUZUKI, approval, '承認');
    const mail = await completion(world, YAMADA, title);
    expect(mail.attachments[0]!.content.subarray(0, 5).toString()).to.equal('%PDF-');
    expect(await readdir(join(world.config.dataDirectory))).to.not.include('blobs');
  });

  it('takes no mail it cannot keep: the sender hears 4xx and loses nothing', async () => {
    server.interfere = (request) => {
      request.socket.destroy();
      return true;
    };
    const title = '堤防除草業務委託';
    const outcome = await world
      .mailContract({ text: `契約件名：${title}`, messageId: '<1.outage@mihon.example.jp>' })
      .catch((error) => error);
    expect(outcome).to.have.property('responseCode').that.is.within(400, 499);
    server.interfere = null;
    await drafted(world, title);
    expect(await world.contracts()).to.have.length(2);
    expect(world.mailboxes.mails.filter(({ to }) => to === SATO.address).at(-1)!.subject).to.include(title);
  });
});
