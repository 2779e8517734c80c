/** What Japanese authorities ask of their clients over TLS: a certificate of their own, by PKCS#12 or PEM (RFC 8446 4.4.2). */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { OID, sha256 } from '../../signing/cms/algorithms.ts';
import { contextPrimitive, sequence } from '../../signing/cms/der.ts';
import { httpTimestampAuthority, type TimestampTls } from '../../signing/cms/index.ts';
import { timestampReply } from '../../signing/credentials/test-authority-answers.ts';
import { extension } from '../../signing/credentials/test-authority-pki.ts';
import { SigningError, type TimestampToken } from '../../signing/ports.ts';
import { temporaryFolder } from '../support/folder.ts';
import { credentialOf, issue, issuePki, issueRoot, keyPemOf, pemOf } from '../support/pki.ts';
import { runTool } from '../support/system.ts';

const pki = issuePki();
const tlsRoot = issueRoot('通信ルート');
const loopback = extension(OID.subjectAltName, sequence(contextPrimitive(7, Uint8Array.of(127, 0, 0, 1))));
const serverIdentity = issue(tlsRoot, { name: '時刻局サーバー', extensions: [loopback] });
const client = issue(tlsRoot, { name: '見本市契約便' });
const digest = sha256(Buffer.from('契約書'));

describe('a timestamp authority behind TLS', () => {
  const folder = temporaryFolder();
  let server: Server;
  /** Names of the clients that were let in. */
  let clients: string[];

  before(async () => {
    server = createServer(
      {
        key: keyPemOf(serverIdentity),
        cert: pemOf(serverIdentity),
        ca: pemOf(tlsRoot),
        requestCert: true,
        rejectUnauthorized: true,
      },
      async (request, response) => {
        clients.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        response.end(await timestampReply(Buffer.concat(chunks), credentialOf(pki.tsa), new Date()));
      },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    clients = [];
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  async function ask(tls: TimestampTls): Promise<TimestampToken> {
    const { port } = server.address() as AddressInfo;
    const authority = httpTimestampAuthority({
      url: `https://127.0.0.1:${port}/`,
      trust: [pki.root.certificate],
      tls,
    });
    try {
      return await authority.timestamp(digest);
    } finally {
      authority.close();
    }
  }
  const refusal = (tls: TimestampTls): Promise<SigningError> =>
    ask(tls).then(
      () => expect.fail('was let in'),
      (error) => error,
    );

  it('knows its client by PEM key and certificate', async () => {
    await ask({ ca: pemOf(tlsRoot), key: keyPemOf(client), cert: pemOf(client) });
    expect(clients).to.deep.equal(['見本市契約便']);
  });

  it('knows its client by PKCS#12, whose passphrase has to be right from the start', async () => {
    const path = (name: string): string => join(folder(), name);
    writeFileSync(path('client.pem'), `${keyPemOf(client)}${pemOf(client)}`);
    const made = ['pkcs12', '-export', '-in', path('client.pem'), '-out', path('client.p12')];
    await runTool('openssl', [...made, '-passout', 'pass:himitsu']);
    const pfx = readFileSync(path('client.p12'));
    await ask({ ca: pemOf(tlsRoot), pfx, passphrase: 'himitsu' });
    expect(clients).to.deep.equal(['見本市契約便']);
    const error = await refusal({ pfx, passphrase: 'chigau' });
    expect(error).to.be.instanceOf(SigningError);
    expect(error.transient).to.equal(false);
    expect(error.message).to.include('the client certificate cannot be used').and.not.include('chigau');
  });

  it('is waited for while it does not let us in, or is not the one we know', async () => {
    for (const tls of [
      { ca: pemOf(tlsRoot) },
      { ca: pemOf(issueRoot()), key: keyPemOf(client), cert: pemOf(client) },
    ]) {
      const error = await refusal(tls);
      expect(error).to.include({ transient: true, awaits: 'timestamp' });
    }
    expect(clients).to.deep.equal([]);
  });
});
