/** The document timestamp that closes a file comes from an authority whose proof is in it, however many there are (decided 10). */
import { expect } from 'chai';
import {
  firstAvailableAuthority,
  httpRevocationProvider,
  httpTimestampAuthority,
} from '../../signing/cms/index.ts';
import {
  bytesSource,
  conclude,
  prepare,
  seal,
  type TimestampAuthority,
  type VerificationReport,
  verify,
} from '../../signing/index.ts';
import { type ControllableAuthority, openAuthority } from '../support/authority.ts';
import { stampFont } from '../support/pdf-tools.ts';
import { credentialOf, DAY, fromNow } from '../support/pki.ts';
import { rejection } from '../support/rejection.ts';
import { samplePdf } from '../support/world.ts';

const FIELD = 'keiyakubin-1';

describe('the closing timestamp', () => {
  let first: ControllableAuthority;
  let second: ControllableAuthority;
  before(async () => {
    [first, second] = await Promise.all([openAuthority(), openAuthority()]);
  });
  after(() => Promise.all([first.close(), second.close()]));
  beforeEach(() => {
    for (const authority of [first, second]) {
      Object.assign(authority, { tsa: 'honest', ocsp: 'good', crl: 'good' });
      authority.asked.tsa = 0;
    }
  });

  const client = ({ timestampUrl, root }: ControllableAuthority) =>
    httpTimestampAuthority({ url: timestampUrl, trust: [root] });

  /** Seals with the first authority, closes with `closing`. */
  async function executed(closing: TimestampAuthority): Promise<VerificationReport> {
    const trust = [first.root, second.root];
    const timestampAuthority = client(first);
    let file: Uint8Array = await samplePdf();
    const grow = async (revision: Promise<{ bytes: Uint8Array }>): Promise<void> => {
      file = Buffer.concat([file, (await revision).bytes]);
    };
    await grow(prepare(bytesSource(file), { stamp: '契約ID', fields: [FIELD], fonts: [stampFont()] }));
    const credential = credentialOf(first.signer);
    const words = { reason: '同意', location: '日本', signingTime: new Date() };
    await grow(seal(bytesSource(file), { field: FIELD, credential, timestampAuthority, ...words }));
    timestampAuthority.close();
    const revocation = httpRevocationProvider({ trust });
    await grow(conclude(bytesSource(file), { timestampAuthority: closing, revocation, trust }));
    return verify(bytesSource(file), { trust, profile: 'B-LTA', at: new Date() });
  }

  it('comes from the one that answered first, though another is preferred again by then', async () => {
    let now = Date.now();
    const both = firstAvailableAuthority([client(first), client(second)], {
      pauseSeconds: 300,
      clock: () => new Date(now),
    });
    const returning: TimestampAuthority = {
      async timestamp(digest) {
        first.tsa = 'down';
        const token = await both.timestamp(digest);
        first.tsa = 'honest';
        now += 300_000;
        return token;
      },
    };
    expect(await executed(returning)).to.include({ valid: true, level: 'B-LTA' });
    expect(second.asked.tsa).to.equal(2);
    both.close();
  });

  it('may come from another unit of the authority: its certificate is proven too', async () => {
    const inner = client(second);
    let asked = 0;
    const units: TimestampAuthority = {
      timestamp(digest) {
        if (asked++ === 1) second.replaceTsa(fromNow(DAY));
        return inner.timestamp(digest);
      },
    };
    expect(await executed(units)).to.include({ valid: true, level: 'B-LTA' });
    expect(asked).to.equal(3);
    inner.close();
  });

  it('is waited for while every answer comes from a unit not seen before', async () => {
    const inner = client(second);
    const restless: TimestampAuthority = {
      timestamp(digest) {
        second.replaceTsa(fromNow(DAY));
        return inner.timestamp(digest);
      },
    };
    expect(await rejection(executed(restless))).to.include({ transient: true, awaits: 'timestamp' });
    inner.close();
  });

  it('is not asked for while a proof is missing', async () => {
    Object.assign(first, { ocsp: 'unknown', crl: 'down' });
    const error = await rejection(executed(client(second)));
    expect(error).to.include({ transient: true, awaits: 'revocation' });
    expect(second.asked.tsa).to.equal(0);
  });
});
