/** The client of timestamp authorities (RFC 3161 §2.4): takes what answers its own request, and says of all else whether to ask again. */
import { expect } from 'chai';
import { OID, sha256 } from '../../signing/cms/algorithms.ts';
import { fields, integer, readDer, sequence, utf8String } from '../../signing/cms/der.ts';
import { httpTimestampAuthority } from '../../signing/cms/index.ts';
import { timestampRequest } from '../../signing/cms/timestamp.ts';
import { timestampReply } from '../../signing/credentials/test-authority-answers.ts';
import { purposeExtension } from '../../signing/credentials/test-authority-pki.ts';
import { SigningError } from '../../signing/ports.ts';
import {
  credentialOf,
  DAY,
  fromNow,
  issue,
  issuePki,
  issueRoot,
  serve,
  timestampExtensions,
} from '../support/pki.ts';

const pki = issuePki();
const digest = sha256(Buffer.from('契約書'));
const honest = credentialOf(pki.tsa);
type Answer = (request: Uint8Array) => Promise<Uint8Array | number | null>;

/** What the client makes of an authority that answers so. */
async function outcomeOf(answer: Answer, options: { clock?: () => Date; timeoutMs?: number } = {}) {
  const server = await serve((_path, body) => answer(body));
  const client = httpTimestampAuthority({
    url: `${server.url}/tsa`,
    trust: [pki.root.certificate],
    timeoutMs: 60_000,
    ...options,
  });
  try {
    return await client.timestamp(digest);
  } catch (error) {
    return error;
  } finally {
    await server.close();
  }
}

function expectFailure(outcome: unknown, reason: RegExp): void {
  expect(outcome).to.be.instanceOf(SigningError);
  expect(outcome).to.have.property('transient', true);
  expect((outcome as Error).message).to.match(reason);
}

/** The octets of a TimeStampReq's nonce. */
function nonceOf(request: Uint8Array): Uint8Array {
  return fields(readDer(request))[2]!.value;
}

describe('httpTimestampAuthority', () => {
  it('takes an honest token, by the clock it is given', async () => {
    const time = fromNow(-3_600_000);
    const token = await outcomeOf((request) => timestampReply(request, honest, time), { clock: () => time });
    expect(token).to.have.property('der');
    expect(token).to.have.deep.property('time', new Date(Math.floor(time.getTime() / 1000) * 1000));
  });

  const wrongs: [string, Answer, RegExp][] = [
    [
      'answers another request',
      (request) => {
        const nonce = Uint8Array.from(nonceOf(request), (octet) => octet ^ 1);
        return timestampReply(timestampRequest(digest, nonce), honest, new Date());
      },
      /nonce-mismatch/,
    ],
    [
      'leaves the nonce out',
      (request) => {
        const [version, imprint] = fields(readDer(request));
        return timestampReply(sequence(version!.bytes, imprint!.bytes), honest, new Date());
      },
      /nonce-mismatch/,
    ],
    [
      'attests other octets',
      (request) => timestampReply(timestampRequest(sha256(digest), nonceOf(request)), honest, new Date()),
      /imprint-mismatch/,
    ],
    [
      'has a clock an hour ahead',
      (request) => timestampReply(request, honest, fromNow(3_600_000)),
      /(3599|360[01]) s apart/,
    ],
    [
      'has a clock an hour behind',
      (request) => timestampReply(request, honest, fromNow(-3_600_000)),
      /(3599|360[01]) s apart/,
    ],
    [
      'refuses, with its reason',
      async () => sequence(sequence(integer(2), sequence(utf8String('契約がありません')))),
      /status 2, 契約がありません/,
    ],
    ['asks us to wait', async () => sequence(sequence(integer(3))), /status 3/],
    ['grants without a token', async () => sequence(sequence(integer(0))), /not granted/],
    ['answers with junk', async () => Buffer.from('<html>'), /octets|cut off|tag/],
    ['answers with an HTTP error', async () => 503, /HTTP status 503/],
    ['answers without end', async () => Buffer.alloc(2 << 20), /exceeds/],
    [
      'has a certificate for something else',
      (request) => {
        const other = issue(pki.root, {
          name: '用途違い',
          extensions: [purposeExtension(OID.ocspSigning, true)],
        });
        return timestampReply(request, credentialOf(other), new Date());
      },
      /key-usage/,
    ],
    [
      'has a certificate from elsewhere',
      (request) => {
        const other = issue(issueRoot(), { name: '他所', extensions: timestampExtensions() });
        return timestampReply(request, credentialOf(other), new Date());
      },
      /untrusted/,
    ],
    [
      'has a certificate that ran out',
      (request) => {
        const other = issue(pki.root, {
          name: '期限切れ',
          notAfter: fromNow(-DAY / 2),
          extensions: timestampExtensions(),
        });
        return timestampReply(request, credentialOf(other), new Date());
      },
      /validity/,
    ],
    [
      'was tampered with on the way',
      async (request) => {
        const reply = Uint8Array.from(await timestampReply(request, honest, new Date()));
        reply[reply.length - 1]! ^= 1;
        return reply;
      },
      /signature-mismatch/,
    ],
  ];
  for (const [what, answer, reason] of wrongs)
    it(`asks for another try when the authority ${what}`, async () => {
      expectFailure(await outcomeOf(answer), reason);
    });

  it('asks for another try when the authority says nothing in time', async () => {
    expectFailure(await outcomeOf(async () => null, { timeoutMs: 50 }), /too slow/);
  });

  it('asks for another try when nobody listens', async () => {
    const server = await serve(() => 404);
    await server.close();
    const client = httpTimestampAuthority({ url: server.url, trust: [pki.root.certificate] });
    expectFailure(await client.timestamp(digest).catch((error) => error), /unreachable/);
  });

  it('asks anew each time, with a nonce of its own and for the certificates', async () => {
    const requests: Uint8Array[] = [];
    const answer: Answer = (request) => {
      requests.push(Uint8Array.from(request));
      return timestampReply(request, honest, new Date());
    };
    await outcomeOf(answer);
    await outcomeOf(answer);
    const [first, second] = requests.map((request) => Buffer.from(nonceOf(request)).toString('hex'));
    expect(first).to.match(/^[4-7][0-9a-f]{15}$/);
    expect(first).to.not.equal(second);
    expect(fields(readDer(requests[0]!)).at(-1)!.bytes).to.deep.equal(Buffer.from([1, 1, 0xff]));
  });

  it('sends user and password as Basic authentication, and shows neither', async () => {
    const expected = `Basic ${Buffer.from('user:秘密').toString('base64')}`;
    const server = await serve((_path, _body, { authorization }) => (authorization === expected ? 402 : 401));
    const client = httpTimestampAuthority({
      url: server.url,
      trust: [pki.root.certificate],
      basic: { user: 'user', password: '秘密' },
    });
    const error = await client.timestamp(digest).catch((reason) => reason);
    await server.close();
    expectFailure(error, /HTTP status 402/);
    expect(error.message).to.not.contain('秘密');
  });
});
