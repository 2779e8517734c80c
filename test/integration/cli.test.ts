/** The command line as `npm run build` makes it, run from an empty folder: serve, feed import and map, verify, and what it says of mistakes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import { type Mailboxes, openMailboxes } from '../../demo/mailboxes.ts';
import { confirmByLink, consentByLink, freePort, mailIn, reply } from '../../demo/people.ts';
import { type Ended, ended } from '../support/our-process.ts';
import { issueRoot, keyPemOf, pemOf } from '../support/pki.ts';
import { runTool } from '../support/system.ts';
import { CONTRACT_MAIL, GATEWAY_ADDRESS, SATO, SUZUKI, samplePdf, YAMADA } from '../support/world.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'dist/gateway/cli/keiyakubin.js');
const REGISTRATIONS = join(ROOT, 'demo/touroku.csv');

/** The name in the certificate that a client is shown which asks for STARTTLS. */
async function nameAtStartTls(port: number): Promise<string> {
  const plain = connect(port, '127.0.0.1');
  for (const line of ['EHLO client.example.jp\r\n', 'STARTTLS\r\n']) {
    await once(plain, 'data');
    plain.write(line);
  }
  await once(plain, 'data');
  const secure = connectTls({ socket: plain, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  const { CN } = secure.getPeerCertificate().subject;
  secure.destroy();
  return String(CN);
}

describe('the built command line', () => {
  let folder: string;

  before(async () => {
    const { code, stderr } = await runTool('npm', ['run', 'build', '--prefix', ROOT]);
    expect(code, stderr).to.equal(0);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keiyakubin-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (args: readonly string[], env: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [CLI, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
    ended(start(args, env));
  const written = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return name;
  };

  describe('serve', () => {
    let mailboxes: Mailboxes;
    let gateway: ChildProcess;
    let ports: { smtp: number; web: number };
    let settings: Record<string, string>;
    let logged: (pattern: RegExp) => Promise<void>;

    beforeEach(async () => {
      mailboxes = await openMailboxes();
      ports = { smtp: await freePort(), web: await freePort() };
      settings = {
        KEIYAKUBIN_SMTP__PORT: String(ports.smtp),
        KEIYAKUBIN_WEB__PORT: String(ports.web),
        KEIYAKUBIN_WEB__PUBLIC_URL: `http://127.0.0.1:${ports.web}`,
        KEIYAKUBIN_RELAY__PORT: String(mailboxes.port),
        KEIYAKUBIN_CONTRACT__GO_AHEAD_DELAY_SECONDS: '0',
      };
    });
    afterEach(async () => {
      if (gateway.exitCode === null && gateway.signalCode === null) {
        gateway.kill('SIGKILL');
        await once(gateway, 'exit');
      }
      await mailboxes.close();
    });

    /** Resolves when it listens. */
    async function serve(): Promise<void> {
      gateway = start(['serve'], settings);
      const said: string[] = [];
      gateway.stderr!.on('data', (chunk: Buffer) => said.push(chunk.toString()));
      const log = createInterface({ input: gateway.stdout! });
      const exited = once(gateway, 'exit').then(() => Promise.reject(new Error(said.join(''))));
      exited.catch(() => {});
      logged = (pattern) => {
        const found = new Promise<void>((resolve) => {
          log.on('line', (line) => pattern.test(line) && resolve());
        });
        return Promise.race([found, exited]);
      };
      await logged(/gateway is running/);
    }

    it('finds its assets, keeps its data to itself and ends on SIGTERM', async () => {
      await serve();
      for (const asset of ['keiyakubin.css', 'viewer.js', 'pdf-view.js', 'icon.svg', 'tokens.css']) {
        const { status } = await fetch(`http://127.0.0.1:${ports.web}/assets/${asset}`);
        expect(status, asset).to.equal(200);
      }
      const outside = await fetch(`http://127.0.0.1:${ports.web}/assets/pdfjs/package.json`);
      expect(outside.status).to.equal(404);
      expect(readdirSync(folder).sort()).to.deep.equal(['data', 'keiyakubin-master.key']);
      expect(statSync(join(folder, 'keiyakubin-master.key')).mode & 0o777).to.equal(0o600);
      expect(statSync(join(folder, 'data')).mode & 0o777).to.equal(0o700);
      gateway.kill('SIGTERM');
      expect(await once(gateway, 'exit')).to.deep.equal([0, null]);
    });

    it('goes on at SIGHUP, and says what it read anew', async () => {
      await serve();
      const nothing = logged(/nothing to read anew/);
      gateway.kill('SIGHUP');
      await nothing;
      expect((await fetch(`http://127.0.0.1:${ports.web}/healthz`)).status).to.equal(200);
      gateway.kill('SIGTERM');
      await once(gateway, 'exit');

      const first = issueRoot('初代');
      const certificates = {
        keyFile: written('mail.key', keyPemOf(first)),
        certFile: written('mail.pem', pemOf(first)),
      };
      settings.KEIYAKUBIN_SMTP__TLS__KEY_FILE = certificates.keyFile;
      settings.KEIYAKUBIN_SMTP__TLS__CERT_FILE = certificates.certFile;
      await serve();
      expect(await nameAtStartTls(ports.smtp)).to.equal('初代');
      const [read, same] = [
        logged(/TLS files of smtp are read anew/),
        logged(/certificate of the mail is still the same/),
      ];
      gateway.kill('SIGHUP');
      await Promise.all([read, same]);
      const stays = logged(/certificate of the mail cannot be taken on: the former one stays/);
      const next = issueRoot('二代');
      written('mail.pem', pemOf(next));
      await stays;
      expect(await nameAtStartTls(ports.smtp)).to.equal('初代');
      const taken = logged(/new certificate of the mail taken on/);
      written('mail.key', keyPemOf(next));
      await taken;
      expect(await nameAtStartTls(ports.smtp)).to.equal('二代');
      gateway.kill('SIGTERM');
      expect(await once(gateway, 'exit')).to.deep.equal([0, null]);
    });

    it('does the main job: feed import before it, verify after it', async () => {
      const imported = await run(['feed', 'import', REGISTRATIONS], settings);
      expect(imported.code, imported.stderr).to.equal(0);
      expect(imported.stdout).to.include('新規2件');
      await serve();
      await confirmByLink(await mailboxes.next(YAMADA.address, /登録確認のお願い/));
      const attachments = [{ filename: '契約書.pdf', content: await samplePdf() }];
      const letter = { from: SATO, to: GATEWAY_ADDRESS, subject: '契約のお願い', text: CONTRACT_MAIL };
      await mailIn(ports.smtp, { ...letter, attachments });
      await reply(ports.smtp, SATO, await mailboxes.next(SATO.address, /受付/), '依頼');
      await consentByLink(await mailboxes.next(YAMADA.address, /署名依頼/));
      await reply(ports.smtp, SUZUKI, await mailboxes.next(SUZUKI.address, /承認のお願い/), '承認');
      const completed = await mailboxes.next(YAMADA.address, /^電子署名完了のお知らせ$/);
      expect(completed.html).to.include('ダウンロード');
      const file = written('executed.pdf', completed.attachments[0]!.content);

      const trust = 'data/test-root.pem';
      const { code, stdout, stderr } = await run(['verify', file, '--trust', trust]);
      expect(code, stdout + stderr).to.equal(0);
      expect(stdout).to.include('判定：有効。');
    });
  });

  it('ends as it would where nobody reads to the end', async () => {
    const child = start(['feed', 'map', REGISTRATIONS]);
    child.stdout!.destroy();
    const said: Buffer[] = [];
    child.stderr!.on('data', (chunk: Buffer) => said.push(chunk));
    const [code] = await once(child, 'close');
    expect([code, Buffer.concat(said).toString()]).to.deep.equal([0, '']);
  });

  describe('feed import', () => {
    it('takes rows once, names refused ones, and says what it cannot read', async () => {
      expect((await run(['feed', 'import', REGISTRATIONS])).code).to.equal(0);
      expect((await run(['feed', 'import', REGISTRATIONS])).stdout)
        .to.include('新規0件')
        .and.to.include('変更なし2件');
      const rows = await readFile(REGISTRATIONS, 'utf8');
      const refused = await run(['feed', 'import', written('rows.csv', rows.replaceAll('@', ' at '))]);
      expect(refused.code).to.equal(1);
      expect(refused.stderr).to.include('2行目');
      for (const file of [written('no-feed.csv', 'これはCSVではありません'), 'missing.csv']) {
        const { code, stderr } = await run(['feed', 'import', file]);
        expect(code, stderr).to.equal(2);
        expect(stderr)
          .to.include(file)
          .and.not.to.match(/^\s+at /m);
      }
    });

    it('maps without settings, and knows no third action', async () => {
      const { code, stdout, stderr } = await run(['feed', 'map', REGISTRATIONS, '--rows', '1'], {
        KEIYAKUBIN_SMTP__PORT: 'none',
      });
      expect(code, stderr).to.equal(0);
      expect(stdout).to.include('preset: 標準');
      const other = await run(['feed', 'export', REGISTRATIONS]);
      expect(other.code).to.equal(2);
      expect(other.stderr).to.include('import or map, not export');
    });
  });

  describe('mistakes', () => {
    it('are all named before anything is made, and end with 2', async () => {
      const config = written(
        'settings.yaml',
        'smtp: { port: 70000, colour: blue }\nrelay: { password: secret }\nmunicipalities: []\n',
      );
      const { code, stdout, stderr } = await run(['serve', '--config', config], {
        KEIYAKUBIN_WEB__PORT: 'eighty',
        KEIYAKUBIN_NO__SUCH__SETTING: '1',
      });
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
      for (const named of [
        'smtp.port',
        'smtp.colour',
        'relay.password',
        'municipalities',
        'KEIYAKUBIN_WEB__PORT',
        'KEIYAKUBIN_NO__SUCH__SETTING',
      ]) {
        expect(stderr).to.include(named);
      }
      expect(stderr)
        .not.to.include('secret')
        .and.not.to.match(/^\s+at /m);
      expect(readdirSync(folder)).to.deep.equal(['settings.yaml']);
    });

    for (const args of [
      [],
      ['conclude'],
      ['verify'],
      ['serve', '--prot', '25'],
      ['serve', '--config', 'missing.yaml'],
    ]) {
      it(`${['keiyakubin', ...args].join(' ')} ends with 2 and a sentence`, async () => {
        const { code, stdout, stderr } = await run(args);
        expect(code).to.equal(2);
        expect(stdout + stderr).to.match(/\S/);
        expect(stderr).not.to.match(/^\s+at /m);
        expect(readdirSync(folder)).to.deep.equal([]);
      });
    }

    it('are not made by asking for help', async () => {
      const { code, stdout } = await run(['--help']);
      expect(code).to.equal(0);
      for (const command of ['serve', 'verify <file>', 'seal <file>', 'feed <action> <file>'])
        expect(stdout).to.include(command);
    });
  });
});
