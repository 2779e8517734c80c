/** What reaches the pages before any route: slow and broken connections, TLS and its renewal, limits, forms of other sites. */
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { get as httpsGet } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import type { ConsentDesk } from '../../gateway/app/consent-desk.ts';
import type { RegistrationDesk } from '../../gateway/app/registration-desk.ts';
import { createLog } from '../../gateway/log.ts';
import type { WebOptions } from '../../gateway/web/options.ts';
import { type RunningWebServer, startWebServer } from '../../gateway/web/server.ts';
import { isWithin } from '../../gateway/web/staff-networks.ts';
import { OID } from '../../signing/cms/algorithms.ts';
import { contextPrimitive, sequence } from '../../signing/cms/der.ts';
import { extension } from '../../signing/credentials/test-authority-pki.ts';
import { statePageSample } from '../../templates/index.ts';
import { temporaryFolder } from '../support/folder.ts';
import { issue, issueRoot, keyPemOf, pemOf } from '../support/pki.ts';

const { municipality, desks } = statePageSample;

describe('the pages under strain', () => {
  let server: RunningWebServer | undefined;
  let lines: string[];
  let onLine: (line: string) => void;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  /** Serves pages that know no link at all. */
  async function start(changes: Partial<WebOptions> = {}): Promise<number> {
    lines = [];
    onLine = () => {};
    const log = createLog('info', {
      write: (line: string) => {
        lines.push(line);
        onLine(line);
      },
    });
    server = await startWebServer({
      host: '127.0.0.1',
      port: 0,
      publicUrl: 'https://keiyaku.mihon.example.jp',
      trustProxy: false,
      rateLimitPerMinute: 1000,
      postsPerLinkPerMinute: 5,
      freshLinksPerAddressPerHour: 3,
      faces: [],
      staffNetworks: new Map(),
      tls: null,
      headersSeconds: 20,
      requestSeconds: 60,
      idleSeconds: 60,
      maxBodyOctets: 1000,
      maxConsentOctets: 2000,
      readsAtOnce: 4,
      retryAfterSeconds: 7,
      closeSeconds: 5,
      desk: { open: async () => undefined } as unknown as ConsentDesk,
      print: { allows: fail, make: fail },
      registrations: { open: async () => undefined } as unknown as RegistrationDesk,
      feed: { forms: [], maxOctets: 1000, take: fail, toldRows: fail, wake: fail, log },
      municipalityOf: fail,
      frame: { municipality, desks, testAuthority: true },
      downloadDays: 14,
      takeBackAllowed: true,
      declineCharacters: 1000,
      questionCharacters: 2000,
      showOtherSignatories: 'none',
      clock: () => new Date(),
      log,
      ...changes,
    });
    return server.port;
  }
  const fail = (): never => expect.fail('not called for here');

  /** Resolves at the first log line, past or to come, that fits. */
  const logged = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const found = lines.find((line) => pattern.test(line));
      if (found !== undefined) resolve(found);
      onLine = (line) => pattern.test(line) && resolve(line);
    });

  async function opened(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  for (const [what, octets] of [
    ['a head', 'GET / HTTP/1.1\r\nHost: keiyaku\r\nX-Slow: '],
    ['a body', 'POST /c/x/consent HTTP/1.1\r\nHost: keiyaku\r\nContent-Length: 100\r\n\r\nhead='],
  ] as const) {
    it(`gives up on ${what} that does not end (408), and says so in the log`, async () => {
      const port = await start({ headersSeconds: 1, requestSeconds: 1 });
      const socket = await opened(port);
      socket.write(octets);
      expect(await text(socket)).to.match(/HTTP\/1\.1 408 /);
      expect(JSON.parse(await logged(/no whole request/))).to.include({ status: 408, ip: '127.0.0.1' });
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 'others are served').to.equal(200);
    });
  }

  it('closes a connection on which nothing moves', async () => {
    const socket = await opened(await start({ idleSeconds: 1 }));
    expect(await text(socket)).to.equal('');
  });

  for (const [what, octets, status] of [
    ['what is not HTTP', 'EHLO keiyaku\r\n\r\n', 400],
    ['a head without end', `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: k\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    [
      'a length beside chunks',
      'POST / HTTP/1.1\r\nHost: k\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ] as const) {
    it(`refuses ${what} (${status})`, async () => {
      const socket = await opened(await start());
      socket.write(octets);
      expect(await text(socket)).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(JSON.parse(await logged(/no whole request/))).to.include({ status });
    });
  }

  const post = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { method: 'POST', headers });

  it('takes no form of another site, whichever way its browser says so', async () => {
    const url = `http://127.0.0.1:${await start()}/c/x/consent`;
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'null' },
      { origin: 'https://boshu.example' },
    ]) {
      const answer = await post(url, headers as Record<string, string>);
      expect(answer.status, JSON.stringify(headers)).to.equal(403);
      expect(await answer.text()).to.include('別のサイトの画面から');
      await logged(/form of another site refused/);
    }
    for (const headers of [
      {},
      { 'sec-fetch-site': 'same-origin', origin: 'null' },
      { origin: 'https://keiyaku.mihon.example.jp' },
      { origin: new URL(url).origin },
    ]) {
      expect((await post(url, headers as Record<string, string>)).status, JSON.stringify(headers)).to.equal(
        404,
      );
    }
  });

  it('takes a form up to its size, the consent page’s up to theirs', async () => {
    const base = `http://127.0.0.1:${await start()}`;
    const statusOf = async (path: string, octets: number): Promise<number> =>
      (await fetch(base + path, { method: 'POST', body: new URLSearchParams({ a: 'x'.repeat(octets - 2) }) }))
        .status;
    expect(await statusOf('/r/x/confirm', 1000)).to.equal(404);
    expect(await statusOf('/r/x/confirm', 1001)).to.equal(413);
    expect(await statusOf('/c/x/consent', 2000)).to.equal(404);
    expect(await statusOf('/c/x/consent', 2001)).to.equal(413);
  });

  it('says how soon another try is worth it when something that it needs is away', async () => {
    const away = async (): Promise<never> => {
      throw Object.assign(new Error('away'), { transient: true });
    };
    const port = await start({ desk: { open: away } as unknown as ConsentDesk });
    const answer = await fetch(`http://127.0.0.1:${port}/c/x`);
    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([503, '7']);
  });

  it('takes only so many forms for one link, and only so many wishes for fresh links from one address', async () => {
    const base = `http://127.0.0.1:${await start()}`;
    const statuses: number[] = [];
    for (let times = 0; times < 6; times += 1) statuses.push((await post(`${base}/c/one/consent`)).status);
    expect(statuses).to.deep.equal([404, 404, 404, 404, 404, 429]);
    expect((await post(`${base}/c/ONE/consent`)).status, 'written another way').to.equal(429);
    expect((await post(`${base}/c/two/consent`)).status, 'another link').to.equal(404);
    const wishes: number[] = [];
    for (const link of ['c/a', 'd/b', 'r/c', 'c/d']) wishes.push((await post(`${base}/${link}/link`)).status);
    expect(wishes).to.deep.equal([404, 404, 404, 429]);
    const last = await post(`${base}/c/e/link`);
    expect(await last.text()).to.include('操作が続きすぎています');
    await logged(/too many fresh links/);
  });

  it('tells the limit of an address with a page', async () => {
    const base = `http://127.0.0.1:${await start({ rateLimitPerMinute: 1 })}`;
    await fetch(`${base}/c/a`);
    const answer = await fetch(`${base}/c/b`);
    expect(answer.status).to.equal(429);
    expect(await answer.text()).to.include('操作が続きすぎています');
  });

  it('believes of the addresses before a proxy only the one that the proxy itself has written', async () => {
    const base = `http://127.0.0.1:${await start({ trustProxy: true, rateLimitPerMinute: 2 })}`;
    const from = async (addresses: string): Promise<number> =>
      (await fetch(`${base}/c/a`, { headers: { 'x-forwarded-for': addresses } })).status;
    const statuses: number[] = [];
    for (const said of ['10.1.0.1', '10.1.0.2', '10.1.0.3']) {
      statuses.push(await from(`${said}, 203.0.113.5`));
    }
    expect(statuses).to.deep.equal([404, 404, 429]);
    expect(await from('203.0.113.6'), 'another address').to.equal(404);
  });

  it('takes the addresses that one line is given (IPv6 /64) for one', async () => {
    const base = `http://127.0.0.1:${await start({ trustProxy: true })}`;
    const wish = async (ip: string): Promise<number> =>
      (await fetch(`${base}/c/a/link`, { method: 'POST', headers: { 'x-forwarded-for': ip } })).status;
    const statuses: number[] = [];
    for (const host of ['1', 'a:b:c:d', 'f', '2'])
      statuses.push(await wish(`2001:db8:0:7::${host}`.replace('::a', ':a')));
    expect(statuses).to.deep.equal([404, 404, 404, 429]);
    expect(await wish('2001:db8:0:8::1'), 'the neighbour').to.equal(404);
  });

  it('keeps search engines and caches out of everything that is no asset', async () => {
    const base = `http://127.0.0.1:${await start()}`;
    expect(await (await fetch(`${base}/robots.txt`)).text()).to.equal('User-agent: *\nDisallow: /\n');
    for (const path of ['/c/x', '/d/x/all.zip', '/r/x', '/nothing', '/feed/x']) {
      const { headers } = await fetch(base + path);
      expect(headers.get('cache-control'), path).to.equal('no-store');
      expect(headers.get('x-robots-tag'), path).to.include('noindex');
      expect(headers.get('strict-transport-security'), path).to.match(/^max-age=\d+/);
    }
    expect((await fetch(`${base}/assets/keiyakubin.css`)).headers.get('cache-control')).to.include('max-age');
  });

  for (const path of [
    '/assets/../server.ts',
    '/assets/%2e%2e/server.ts',
    '/assets/..%2fserver.ts',
    '/assets/pdfjs/package.json',
    '/assets/%00',
  ]) {
    it(`hands out nothing beside its assets: ${path}`, async () => {
      const socket = await opened(await start());
      socket.write(`GET ${path} HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n`);
      expect(await text(socket))
        .to.match(/^HTTP\/1\.1 (400|403|404) /)
        .and.not.include('import ');
    });
  }

  describe('with TLS of its own', () => {
    const folder = temporaryFolder();
    const root = issueRoot('通信ルート');
    const loopback = extension(
      OID.subjectAltName,
      sequence(contextPrimitive(7, Uint8Array.of(127, 0, 0, 1))),
    );
    const certificate = (name: string) => issue(root, { name, extensions: [loopback] });
    const files = () => ({ certFile: join(folder(), 'web.pem'), keyFile: join(folder(), 'web.key') });
    const write = (identity: ReturnType<typeof certificate>): void => {
      writeFileSync(files().keyFile, keyPemOf(identity));
      writeFileSync(files().certFile, pemOf(identity));
    };
    /** The name in the certificate that a fresh connection is shown. */
    const shown = (port: number): Promise<string> =>
      new Promise((resolve, reject) => {
        const options = { port, host: '127.0.0.1', path: '/healthz', ca: pemOf(root), agent: false } as const;
        const request = httpsGet(options, (response) => {
          const { socket } = response as unknown as { socket: import('node:tls').TLSSocket };
          resolve(String(socket.getPeerCertificate().subject.CN));
          response.resume();
        });
        request.on('error', reject);
      });

    it('takes a renewed certificate on without a stop, at a change of the files', async () => {
      write(certificate('初代'));
      const port = await start({ tls: files() });
      expect(await shown(port)).to.equal('初代');
      const taken = logged(/new certificate of the pages taken on/);
      write(certificate('二代'));
      await taken;
      expect(await shown(port)).to.equal('二代');
    });

    it('keeps the former one where key and certificate do not fit, and looks again at SIGHUP', async () => {
      write(certificate('初代'));
      const port = await start({ tls: files() });
      const next = certificate('二代');
      const stays = logged(/the former one stays/);
      writeFileSync(files().certFile, pemOf(next));
      await stays;
      expect(await shown(port)).to.equal('初代');
      const taken = logged(/new certificate of the pages taken on/);
      writeFileSync(join(folder(), 'next.key'), keyPemOf(next));
      copyFileSync(join(folder(), 'next.key'), files().keyFile);
      process.emit('SIGHUP');
      await taken;
      expect(await shown(port)).to.equal('二代');
    });
  });
});

describe('staff networks', () => {
  const networks = ['10.1.0.0/16', '2001:db8:5::/48'];
  for (const [ip, within] of [
    ['10.1.255.255', true],
    ['10.2.0.0', false],
    ['::ffff:10.1.2.3', true],
    ['::ffff:10.2.2.3', false],
    ['2001:db8:5:1::7', true],
    ['2001:db8:6::7', false],
  ] as const) {
    it(`${within ? 'hold' : 'do not hold'} ${ip}`, () => {
      expect(isWithin(networks, ip)).to.equal(within);
    });
  }
});
