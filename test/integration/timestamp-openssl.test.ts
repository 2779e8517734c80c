/** Timestamps, OCSP answers and CRLs made by openssl carry a signature of ours to B-LTA. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { sha256 } from '../../signing/cms/algorithms.ts';
import {
  buildSignature,
  collectValidationData,
  httpRevocationProvider,
  httpTimestampAuthority,
  verifySignature,
} from '../../signing/cms/index.ts';
import { type Identity, revocationExtensions } from '../../signing/credentials/test-authority-pki.ts';
import {
  credentialOf,
  issue,
  issueRoot,
  keyPemOf,
  type Loopback,
  pemOf,
  serve,
  timestampExtensions,
} from '../support/pki.ts';
import { runTool } from '../support/system.ts';

/** Authorities whose answers openssl makes: what we read is then not only what we wrote. */
describe('authorities run by openssl', () => {
  const digest = sha256(Buffer.from('契約書'));
  const root = issueRoot();
  let directory: string;
  let server: Loopback;
  let tsa: Identity;
  let signer: Identity;
  const path = (name: string) => join(directory, name);

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'openssl-'));
    server = await serve(async (url, body) => {
      if (url === '/crl') return crl();
      return url.startsWith('/tsa') ? timestamp(url.slice('/tsa/'.length), body) : ocsp(body);
    });
    tsa = issue(root, {
      name: '試験時刻局',
      extensions: [...timestampExtensions(), ...revocationExtensions({ crl: `${server.url}/crl` })],
    });
    signer = issue(root, {
      name: '試験署名者',
      extensions: revocationExtensions({ ocsp: `${server.url}/ocsp` }),
    });
    for (const [name, identity] of Object.entries({ root, tsa, signer })) {
      writeFileSync(path(`${name}.pem`), pemOf(identity));
      writeFileSync(path(`${name}.key`), keyPemOf(identity));
    }
  });
  after(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });

  async function openssl(...args: string[]): Promise<void> {
    const { code, stderr } = await runTool('openssl', args);
    expect(code, stderr).to.equal(0);
  }

  /** TimeStampResp, its ESS attribute made with `essHash` (RFC 2634 with SHA-1, else RFC 5035). */
  async function timestamp(essHash: string, request: Uint8Array): Promise<Uint8Array> {
    writeFileSync(
      path('tsa.cnf'),
      [
        '[tsa]',
        `serial = ${path('serial')}`,
        'default_policy = 2.999.1',
        'digests = sha256',
        'accuracy = secs:1, millisecs:500',
        'clock_precision_digits = 3',
        'ordering = yes',
        'tsa_name = yes',
        'ess_cert_id_chain = yes',
        `ess_cert_id_alg = ${essHash}`,
        'signer_digest = sha384',
        'crypto_device = builtin',
      ].join('\n'),
    );
    writeFileSync(path('request'), request);
    const files = ['-queryfile', path('request'), '-out', path('reply'), '-config', path('tsa.cnf')];
    const signing = ['-signer', path('tsa.pem'), '-inkey', path('tsa.key'), '-chain', path('root.pem')];
    await openssl('ts', '-reply', '-section', 'tsa', ...files, ...signing);
    return readFileSync(path('reply'));
  }

  /** OCSPResponse signed by the issuer itself, naming itself by its subject. */
  async function ocsp(request: Uint8Array): Promise<Uint8Array> {
    const { serialNumber } = new X509Certificate(signer.certificate);
    writeFileSync(path('index'), `V\t361121000000Z\t\t${serialNumber}\tunknown\t/CN=signer\n`);
    writeFileSync(path('ocsp-request'), request);
    const files = [
      '-reqin',
      path('ocsp-request'),
      '-respout',
      path('ocsp-response'),
      '-index',
      path('index'),
    ];
    const signing = [
      '-CA',
      path('root.pem'),
      '-rsigner',
      path('root.pem'),
      '-rkey',
      path('root.key'),
      '-nmin',
      '5',
    ];
    await openssl('ocsp', ...files, ...signing);
    return readFileSync(path('ocsp-response'));
  }

  async function crl(): Promise<Uint8Array> {
    writeFileSync(path('database'), '');
    writeFileSync(path('crlnumber'), '01\n');
    writeFileSync(
      path('ca.cnf'),
      `[ca]\ndatabase = ${path('database')}\ncrlnumber = ${path('crlnumber')}\ndefault_md = sha384\ndefault_crl_days = 1\n`,
    );
    const signing = ['-cert', path('root.pem'), '-keyfile', path('root.key')];
    await openssl(
      'ca',
      '-gencrl',
      '-name',
      'ca',
      '-config',
      path('ca.cnf'),
      ...signing,
      '-out',
      path('crl.pem'),
    );
    await openssl('crl', '-in', path('crl.pem'), '-outform', 'DER', '-out', path('crl'));
    return readFileSync(path('crl'));
  }

  for (const essHash of ['sha1', 'sha256', 'sha512'])
    it(`carry a signature to B-LTA, the ESS attribute of the token in ${essHash}`, async () => {
      const trust = [root.certificate];
      const authority = httpTimestampAuthority({ url: `${server.url}/tsa/${essHash}`, trust });
      const cms = await buildSignature(digest, credentialOf(signer), authority);
      const revocation = httpRevocationProvider({ trust });
      const data = await collectValidationData([cms], [], { revocation, trust });
      expect([data.ocspResponses.length, data.crls.length]).to.deep.equal([1, 1]);
      const check = await verifySignature(cms, digest, { trust, data, at: new Date(), profile: 'B-LTA' });
      expect(check.problems).to.deep.equal([]);
      expect(check.timestamp?.signer).to.equal('試験時刻局');
    });
});
