/** The timestamp authorities as the configuration names them: whose roots count for whom, and what stops the start. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Config, loadConfig } from '../../gateway/config.ts';
import { openTimestampAuthorities, timestampTrust } from '../../gateway/jobs/timestamp-authorities.ts';
import { sha256 } from '../../signing/cms/algorithms.ts';
import type { TimestampAuthorities } from '../../signing/cms/index.ts';
import { type ControllableAuthority, openAuthority } from '../support/authority.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordingLog } from '../support/log.ts';
import { issueRoot, pemOf } from '../support/pki.ts';
import { rejection } from '../support/rejection.ts';

const digest = sha256(Buffer.from('契約書'));

describe('configured timestamp authorities', () => {
  const folder = temporaryFolder();
  let authority: ControllableAuthority;
  let opened: TimestampAuthorities | undefined;
  before(async () => {
    authority = await openAuthority();
  });
  afterEach(() => opened?.close());
  after(() => authority.close());

  const file = (name: string, content: string): string => {
    writeFileSync(join(folder(), name), content);
    return join(folder(), name);
  };
  const rootFile = (certificate: Uint8Array): string =>
    file('root.pem', pemOf({ key: issueRoot().key, certificate }));
  function settings(...authorities: readonly Record<string, unknown>[]): Config['signing'] {
    const env = { KEIYAKUBIN_SIGNING__TIMESTAMP_AUTHORITIES: JSON.stringify(authorities) };
    return (loadConfig({ env }) as Config).signing;
  }
  function open(signing: Config['signing'], trust: readonly Uint8Array[]): TimestampAuthorities {
    const { log } = recordingLog();
    opened = openTimestampAuthorities(signing, { trust, test: null, clock: () => new Date(), log });
    return opened;
  }

  it('are held to their own roots where they name some, else to everybody’s', async () => {
    const url = authority.timestampUrl;
    const own = settings({ url, trustFiles: [rootFile(authority.root)] });
    expect((await open(own, []).timestamp(digest)).der.length).to.be.greaterThan(0);
    expect(timestampTrust(own), 'whoever verifies needs them').to.deep.equal([Buffer.from(authority.root)]);
    const shared = settings({ url });
    expect((await open(shared, [authority.root]).timestamp(digest)).der.length).to.be.greaterThan(0);
    expect(timestampTrust(shared)).to.deep.equal([]);
    const foreign = settings({ url, trustFiles: [rootFile(issueRoot().certificate)] });
    const error = await rejection(open(foreign, [authority.root]).timestamp(digest));
    expect(String(error)).to.include('untrusted');
  });

  it('stop the start where a client certificate cannot be opened', () => {
    const client = { file: file('client.p12', 'no PKCS#12') };
    const wrong = settings({ url: 'https://tsa.sample.example.jp/', clientCertificate: client });
    expect(() => open(wrong, [])).to.throw(/tsa\.sample\.example\.jp: the client certificate cannot be used/);
  });
});
