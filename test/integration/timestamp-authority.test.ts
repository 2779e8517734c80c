/** The built-in test authority: what it issues and answers holds before openssl, and says everywhere that it is for trial. */
import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { sha256 } from '../../signing/cms/algorithms.ts';
import {
  buildSignature,
  collectValidationData,
  describeCertificate,
  httpRevocationProvider,
  httpTimestampAuthority,
  verifySignature,
  verifyTimestamp,
} from '../../signing/cms/index.ts';
import { openTestAuthority, type TestAuthority } from '../../signing/credentials/test-authority.ts';
import { SigningError, type TimestampToken } from '../../signing/ports.ts';
import { runTool } from '../support/system.ts';

const content = Buffer.from('%PDF-1.7 契約書');
const digest = sha256(content);

describe('the test authority', () => {
  let directory: string;
  let authority: TestAuthority;
  const path = (name: string) => join(directory, name);
  const tsa = () => httpTimestampAuthority({ url: authority.timestampUrl, trust: [authority.root] });

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'authority-'));
    authority = await openTestAuthority(path('keys'));
    writeFileSync(path('root.pem'), authority.rootPem);
    writeFileSync(path('content'), content);
    writeFileSync(path('signer.pem'), new X509Certificate(authority.credential.certificate).toString());
  });
  after(async () => {
    await authority.close();
    rmSync(directory, { recursive: true });
  });

  async function expectOpenssl(args: readonly string[], said: RegExp): Promise<void> {
    const { code, stdout, stderr } = await runTool('openssl', args);
    expect(code, stderr).to.equal(0);
    expect(`${stdout}${stderr}`).to.match(said);
  }

  it('keeps its keys for the owner alone and says everywhere that they are for trial', () => {
    expect(statSync(path('keys')).mode & 0o777).to.equal(0o700);
    expect(readdirSync(path('keys'))).to.deep.equal(['authority.json']);
    expect(statSync(path('keys/authority.json')).mode & 0o777).to.equal(0o600);
    const { subject, issuer } = describeCertificate(authority.credential.certificate);
    expect(subject).to.contain('CN=契約便 試験用署名者（法的効力なし）');
    expect(issuer).to.contain('法的効力なし');
  });

  it('makes signatures that openssl accepts as CAdES', async () => {
    const cms = await buildSignature(digest, authority.credential, tsa());
    writeFileSync(path('cms'), cms);
    const verify = [
      'cms',
      '-verify',
      '-cades',
      '-binary',
      '-inform',
      'DER',
      '-in',
      path('cms'),
      '-out',
      '/dev/null',
    ];
    await expectOpenssl(
      [...verify, '-content', path('content'), '-CAfile', path('root.pem')],
      /CAdES Verification successful/,
    );
    writeFileSync(path('other'), '%PDF-1.7 別物');
    const other = await runTool('openssl', [
      ...verify,
      '-content',
      path('other'),
      '-CAfile',
      path('root.pem'),
    ]);
    expect(other.code).to.not.equal(0);
  });

  it('makes tokens that openssl accepts, to our request and to openssl’s own', async () => {
    const { der } = await tsa().timestamp(digest);
    writeFileSync(path('token'), der);
    const trust = ['-CAfile', path('root.pem')];
    await expectOpenssl(
      ['ts', '-verify', '-data', path('content'), '-in', path('token'), '-token_in', ...trust],
      /OK/,
    );
    await runTool('openssl', [
      'ts',
      '-query',
      '-data',
      path('content'),
      '-sha256',
      '-cert',
      '-out',
      path('query'),
    ]);
    const reply = await fetch(authority.timestampUrl, { method: 'POST', body: readFileSync(path('query')) });
    writeFileSync(path('reply'), Buffer.from(await reply.arrayBuffer()));
    await expectOpenssl(['ts', '-verify', '-queryfile', path('query'), '-in', path('reply'), ...trust], /OK/);
  });

  it('answers openssl’s OCSP request and serves a CRL that openssl accepts', async () => {
    const trust = ['-CAfile', path('root.pem')];
    const ask = ['ocsp', '-issuer', path('root.pem'), '-cert', path('signer.pem'), '-no_nonce'];
    await expectOpenssl(
      [...ask, '-url', `${authority.url}/ocsp`, ...trust],
      /Response verify OK[\s\S]*signer\.pem: good|signer\.pem: good[\s\S]*Response verify OK/,
    );
    const crl = await fetch(`${authority.url}/crl`);
    writeFileSync(path('crl'), Buffer.from(await crl.arrayBuffer()));
    await expectOpenssl(['crl', '-inform', 'DER', '-in', path('crl'), '-noout', ...trust], /verify OK/);
  });

  it('answers OCSP over GET as over POST', async () => {
    await runTool('openssl', [
      ...[
        'ocsp',
        '-issuer',
        path('root.pem'),
        '-cert',
        path('signer.pem'),
        '-no_nonce',
        '-reqout',
        path('request'),
      ],
    ]);
    const request = readFileSync(path('request'));
    const answer = await fetch(`${authority.url}/ocsp/${encodeURIComponent(request.toString('base64'))}`);
    writeFileSync(path('response'), Buffer.from(await answer.arrayBuffer()));
    await expectOpenssl(
      [
        'ocsp',
        '-respin',
        path('response'),
        '-issuer',
        path('root.pem'),
        '-cert',
        path('signer.pem'),
        '-CAfile',
        path('root.pem'),
      ],
      /signer\.pem: good/,
    );
  });

  it('turns strangers’ octets and paths away', async () => {
    const junk = await fetch(authority.timestampUrl, { method: 'POST', body: 'junk' });
    const large = await fetch(authority.timestampUrl, { method: 'POST', body: 'x'.repeat(100_000) });
    const elsewhere = await fetch(`${authority.url}/elsewhere`);
    expect([junk.status, large.status, elsewhere.status]).to.deep.equal([400, 413, 404]);
  });

  it('carries a signature to B-LTA', async () => {
    const trust = [authority.root];
    const cms = await buildSignature(digest, authority.credential, tsa());
    const closing = await tsa().timestamp(digest);
    const revocation = httpRevocationProvider({ trust });
    const data = await collectValidationData([cms], [closing.der], { revocation, trust });
    expect([data.certificates.length, data.ocspResponses.length, data.crls.length]).to.deep.equal([4, 2, 0]);
    const ctx = { trust, data, at: closing.time, profile: 'B-LTA' as const };
    expect((await verifySignature(cms, digest, ctx)).problems).to.deep.equal([]);
    expect((await verifyTimestamp(closing.der, digest, { ...ctx, at: new Date() })).problems).to.deep.equal(
      [],
    );
  });
});

describe('several processes with one test authority', () => {
  let directory: string;
  const neighbours: ChildProcess[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'authority-'));
  });
  afterEach(() => {
    for (const neighbour of neighbours.splice(0)) neighbour.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  /** Another process that has opened the authority. */
  async function startNeighbour(): Promise<ChildProcess> {
    const script = fileURLToPath(new URL('../support/pki-neighbour.ts', import.meta.url));
    const neighbour = spawn(process.execPath, ['--import', 'tsx', script, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    neighbours.push(neighbour);
    await once(neighbour.stdout!, 'data');
    return neighbour;
  }

  /** The first token that can be had: while the server changes hands, asking fails transiently. */
  async function timestampAtLast({ timestampUrl, root }: TestAuthority): Promise<TimestampToken> {
    for (;;) {
      try {
        return await httpTimestampAuthority({ url: timestampUrl, trust: [root] }).timestamp(digest);
      } catch (error) {
        if (!(error instanceof SigningError && error.transient)) throw error;
      }
    }
  }

  it('make one authority however many open it at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => openTestAuthority(directory)));
    expect(new Set(all.map(({ rootPem, url }) => rootPem + url)).size).to.equal(1);
    expect(readdirSync(directory)).to.deep.equal(['authority.json']);
    await Promise.all(all.map((authority) => authority.close()));
  });

  it('keep keys and port across restarts', async () => {
    const first = await openTestAuthority(directory);
    await first.close();
    const second = await openTestAuthority(directory);
    expect([second.url, second.rootPem]).to.deep.equal([first.url, first.rootPem]);
    await timestampAtLast(second);
    await second.close();
  });

  it('use the first one’s server, and one takes over when it is killed', async () => {
    const neighbour = await startNeighbour();
    const authority = await openTestAuthority(directory);
    await timestampAtLast(authority);
    neighbour.kill('SIGKILL');
    await once(neighbour, 'exit');
    await timestampAtLast(authority);
    await authority.close();
  });

  it('leave a server behind when they only used it', async () => {
    await startNeighbour();
    const authority = await openTestAuthority(directory);
    await authority.close();
    await timestampAtLast(authority);
  });

  it('say so when another program has the port', async () => {
    const authority = await openTestAuthority(directory);
    await authority.close();
    const stranger = createServer((_request, response) => response.end('hello'));
    stranger.listen(Number(new URL(authority.url).port), '127.0.0.1');
    await once(stranger, 'listening');
    const error = await openTestAuthority(directory).then(
      () => null,
      (reason) => reason,
    );
    stranger.closeAllConnections();
    stranger.close();
    expect(error).to.include({ name: 'SigningError', transient: false });
    expect(error.message).to.contain('taken by another program');
  });
});
