/** `npm run demo`: one contract from mail to sealed PDF, for real, over SMTP and HTTP on loopback; leaves everything in demo-out/. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { contractStore } from '../gateway/app/contract-store.ts';
import { feedImport } from '../gateway/cli/feed-import.ts';
import { verifyFile } from '../gateway/cli/verify.ts';
import { type Config, isConfigProblems, loadConfig } from '../gateway/config.ts';
import { createLog } from '../gateway/log.ts';
import { startGateway } from '../gateway/main.ts';
import { openDatabase } from '../storage/database.ts';
import { loadMasterKey } from '../storage/keys.ts';
import { CERTIFICATE_FILE_NAME } from '../templates/index.ts';
import { linkIn, openMailboxes, type ReceivedMail } from './mailboxes.ts';
import { consentByLink, freePort, mailIn, reply } from './people.ts';

const SATO = { name: '佐藤花子', address: 'sato@mihon.example.jp' };
const SUZUKI = { name: '鈴木一郎', address: 'suzuki@mihon.example.jp' };
const YAMADA = { name: '山田太郎', address: 'yamada@sample.example.jp' };
const GATEWAY = 'keiyaku@mihon.example.jp';
const here = import.meta.dirname;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'demo-out' },
    pdf: { type: 'string', multiple: true },
  },
});
const files = values.pdf ?? [join(here, 'contract/keiyakusho.pdf')];

const steps = { count: 0 };
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const step = (line: string): void => print(`${String(++steps.count).padStart(2)}. ${line}`);

const data = await mkdtemp(join(tmpdir(), 'keiyakubin-demo-'));
const mailboxes = await openMailboxes();
const config = demoConfig(data, { relay: mailboxes.port, web: await freePort() });
const log = createLog('warn', { write: (line) => void process.stderr.write(line) });
try {
  await rm(values.out, { recursive: true, force: true });
  await mkdir(join(values.out, 'mails'), { recursive: true });

  await feedImport(
    { file: join(here, 'touroku.csv'), form: '標準', config },
    { out: (line) => print(`    ${line}`), err: print },
  );
  step('The vendor 株式会社サンプル is registered from an e-application CSV.');

  const gateway = await startGateway(config, log);
  let concluded = false;
  try {
    concluded = await oneContract(gateway.smtpPort);
  } finally {
    await gateway.close();
  }
  if (concluded) await leaveResults(gateway.testRoot!);
  else process.exitCode = 1;
} finally {
  await mailboxes.close();
  await rm(data, { recursive: true, force: true });
}

/** False where the gateway does not take the contract. */
async function oneContract(smtpPort: number): Promise<boolean> {
  const attachments = await Promise.all(
    files.map(async (file) => ({ filename: basename(file), content: await readFile(file) })),
  );
  const written = await readFile(join(here, 'contract-mail.txt'), 'utf8');
  // The sample's own file gets its proper name; a file of yours keeps the name it has.
  const contractText = values.pdf ? written.replace(/^文書1.*\n/m, '') : written;
  const answer = await mailIn(smtpPort, {
    from: SATO,
    to: GATEWAY,
    subject: '市道1号線舗装工事の契約について',
    text: contractText,
    attachments,
  });
  step(`${SATO.name} mails the contract in; the gateway answers ${answer}`);

  const receipt = await arrived(SATO.address, /受付|受け付けていません/);
  if (/受け付けていません/.test(receipt.subject)) {
    process.stderr.write(`\n${receipt.text}\n`);
    return false;
  }
  await reply(smtpPort, SATO, receipt, /「依頼 確認済」/.test(receipt.text) ? '依頼 確認済' : '依頼');
  step(`${SATO.name} replies 「依頼」.`);
  await arrived(SATO.address, /に送ります/);

  const request = await arrived(YAMADA.address, /署名依頼が届いています/);
  const { status } = await consentByLink(request);
  step(
    `${YAMADA.name} opens ${new URL(linkIn(request)).origin}/c/…, reads, presses 「署名手続きを完了する」 (HTTP ${status}).`,
  );
  await arrived(YAMADA.address, /同意を記録しました/);

  const approval = await arrived(SUZUKI.address, /承認のお願い/);
  await reply(smtpPort, SUZUKI, approval, '承認');
  step(`${SUZUKI.name} replies 「承認」.`);

  for (const { address } of [SATO, YAMADA, SUZUKI]) await arrived(address, /電子署名完了のお知らせ/);
  return true;
}

async function arrived(address: string, subject: RegExp): Promise<ReceivedMail> {
  const mail = await mailboxes.next(address, subject);
  step(`Mail to ${address}: ${mail.subject}`);
  return mail;
}

/** Mails, executed PDFs, trust root and result.json; everything is verified from the files, as a third party would. */
async function leaveResults(testRoot: string): Promise<void> {
  const { out } = values;
  await writeFile(join(out, 'trust-root.pem'), testRoot);

  const mails: string[] = [];
  for (const [index, mail] of mailboxes.mails.entries()) {
    const name = `mails/${String(index + 1).padStart(2, '0')}-${mail.to.replace(/[^a-z0-9.@-]/g, '_')}.eml`;
    await writeFile(join(out, name), mail.raw);
    mails.push(name);
  }

  const completion = mailboxes.mails.find(
    (mail) => mail.to === YAMADA.address && /完了のお知らせ/.test(mail.subject),
  );
  // A set too large for mail would be fetched by the link, which runs 14 days.
  const executed: string[] = [];
  const certificate = 'certificate.pdf';
  for (const { fileName, content } of completion!.attachments) {
    const isCertificate = fileName === CERTIFICATE_FILE_NAME;
    const name = isCertificate ? certificate : `executed-${executed.length + 1}.pdf`;
    await writeFile(join(out, name), content);
    if (!isCertificate) executed.push(name);
  }
  let valid = true;
  for (const name of [...executed, certificate]) {
    print(`\n${name}`);
    const options = { file: join(out, name), trust: [join(out, 'trust-root.pem')], json: false };
    valid = (await verifyFile(options, { out: (text) => print(text), err: print })) === 0 && valid;
  }
  const contracts = (await storedContracts()).map(({ id, kind, state, certificateId }) => ({
    id,
    kind,
    state,
    certificateId,
    executed,
    certificate,
  }));
  const result = { trustRoot: 'trust-root.pem', mails, contracts };
  await writeFile(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  print(
    `\n${valid ? 'Concluded and verified' : 'NOT VALID'}. Everything is in ${out}/ (${mails.length} mails, ${executed.length} executed PDF, ${certificate}).`,
  );
  if (!valid) process.exitCode = 1;
}

async function storedContracts(): Promise<
  { id: string; kind: string; state: string; certificateId: string }[]
> {
  const master = loadMasterKey({ file: config.masterKeyFile, mayCreate: false });
  const database = await openDatabase(config);
  try {
    const store = contractStore(master);
    const rows = await database.knex('contracts').select('id');
    const loaded = await Promise.all(rows.map(({ id }: { id: string }) => store.load(database.knex, id)));
    return loaded.map((one) => one!.contract);
  } finally {
    await database.close();
  }
}

function demoConfig(folder: string, ports: { relay: number; web: number }): Config {
  const outcome = loadConfig({
    env: {
      KEIYAKUBIN_DATA_DIRECTORY: join(folder, 'data'),
      KEIYAKUBIN_MASTER_KEY_FILE: join(folder, 'master.key'),
      KEIYAKUBIN_SMTP__PORT: '0',
      KEIYAKUBIN_WEB__PORT: String(ports.web),
      KEIYAKUBIN_WEB__PUBLIC_URL: `http://127.0.0.1:${ports.web}`,
      KEIYAKUBIN_RELAY__PORT: String(ports.relay),
      KEIYAKUBIN_CONTRACT__GO_AHEAD_DELAY_SECONDS: '1',
    },
  });
  if (isConfigProblems(outcome)) throw new Error(outcome.problems.join('\n'));
  return outcome;
}
