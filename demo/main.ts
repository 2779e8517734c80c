/** `npm run demo`: contracts from mail to sealed PDF, for real, over SMTP and HTTP on loopback; leaves everything in demo-out/. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contractStore } from '../gateway/app/contract-store.ts';
import { feedImport } from '../gateway/cli/feed-import.ts';
import { verifyFile } from '../gateway/cli/verify.ts';
import { type Config, isConfigProblems, loadConfig } from '../gateway/config.ts';
import type { Contract } from '../gateway/contract/contract.ts';
import { createLog } from '../gateway/log.ts';
import { type Gateway, startGateway } from '../gateway/main.ts';
import { openDatabase } from '../storage/database.ts';
import { loadMasterKey } from '../storage/keys.ts';
import { openMailboxWeb } from './mailbox-web.ts';
import { openMailboxes } from './mailboxes.ts';
import { executedFiles, freePort, HANAKO, SATO, SUZUKI, YAMADA } from './people.ts';
import {
  acknowledgement,
  confirmed,
  jointVenture,
  NotTaken,
  type Stage,
  worksContract,
  worksContractLetter,
} from './stories.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'demo-out' },
    pdf: { type: 'string', multiple: true },
    hold: { type: 'boolean', default: false },
  },
});
const { out, pdf: ownPdfs } = values;

const steps = { count: 0 };
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const step = (line: string): void => print(`${String(++steps.count).padStart(2)}. ${line}`);

// From the start, so that Ctrl-C during a story leaves neither data nor keys behind either; npm may pass a signal on twice.
const interrupted = new Promise<'interrupted'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve('interrupted'));
});
const data = await mkdtemp(join(tmpdir(), 'keiyakubin-demo-'));
const mailboxes = await openMailboxes();
const config = demoConfig(data, { relay: mailboxes.port, web: await freePort() });
const log = createLog('warn', { write: (line) => void process.stderr.write(line) });
try {
  await rm(out, { recursive: true, force: true });
  await mkdir(join(out, 'mails'), { recursive: true });
  await feedImport(
    { file: join(import.meta.dirname, 'touroku.csv'), form: '標準', config },
    { out: (line) => print(`    ${line}`), err: print },
  );
  step('The vendors 株式会社サンプル and 有限会社見本建設 are registered from an e-application CSV.');
  const gateway = await startGateway(config, log);
  try {
    const outcome = await Promise.race([playAndJudge(gateway), interrupted]);
    if (outcome === 'interrupted') process.exitCode = 130;
    else if (values.hold) await hold(gateway);
  } finally {
    await gateway.close();
  }
} catch (error) {
  if (!(error instanceof NotTaken)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
} finally {
  await mailboxes.close();
  await rm(data, { recursive: true, force: true });
}
// An interrupted story would still wait for its next mail.
if (process.exitCode === 130) process.exit();

async function playAndJudge({ smtpPort, testRoot }: Gateway): Promise<void> {
  await play({ smtpPort, mailboxes, step });
  await leaveResults(testRoot!);
}

async function play(stage: Stage): Promise<void> {
  print('\nThe registered vendors confirm that mail reaches them.');
  await confirmed(stage);
  print('\nA works contract: the vendor consents by link, the municipality by reply.');
  await worksContract(stage, ownPdfs);
  if (ownPdfs) return;
  print('\nA 請書: the vendor alone consents.');
  await acknowledgement(stage);
  print('\nThree documents and a joint venture: both members consent, then the municipality.');
  await jointVenture(stage);
}

/** Mails, executed PDFs, trust root and result.json; everything is verified from the files, as a third party would. */
async function leaveResults(testRoot: string): Promise<void> {
  await writeFile(join(out, 'trust-root.pem'), testRoot);
  const contracts = [];
  let valid = true;
  for (const contract of await storedContracts()) {
    const executed = await leaveExecuted(contract);
    for (const name of executed) valid = (await verifies(name)) && valid;
    const certificate = executed.pop()!;
    const { id, kind, state, certificateId } = contract;
    contracts.push({ id, kind, state, certificateId, executed, certificate });
  }
  const mails = await leaveMails();
  const result = { trustRoot: 'trust-root.pem', mails, contracts };
  await writeFile(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  const pdfs = contracts.flatMap(({ executed }) => executed).length;
  print(
    `\n${valid ? 'Concluded and verified' : 'NOT VALID'}. Everything is in ${out}/ (${contracts.length} contracts, ${pdfs} executed PDFs, a certificate for each contract, ${mails.length} mails).`,
  );
  if (!valid) process.exitCode = 1;
}

/** File names, the certificate's last. */
async function leaveExecuted({ number }: Contract): Promise<string[]> {
  const completion = mailboxes.mails.find(
    ({ subject, text }) => /完了のお知らせ/.test(subject) && text.includes(`封筒：${number} `),
  );
  const files = await executedFiles(completion!);
  const names = files.map((_, at) =>
    at + 1 < files.length ? `${number}-${at + 1}.pdf` : `${number}-certificate.pdf`,
  );
  for (const [at, name] of names.entries()) await writeFile(join(out, name), files[at]!);
  return names;
}

async function verifies(name: string): Promise<boolean> {
  print(`\n${name}`);
  const options = { file: join(out, name), trust: [join(out, 'trust-root.pem')], json: false };
  return (await verifyFile(options, { out: print, err: print })) === 0;
}

async function leaveMails(): Promise<string[]> {
  const names: string[] = [];
  for (const [index, mail] of mailboxes.mails.entries()) {
    const name = `mails/${String(index + 1).padStart(2, '0')}-${mail.to.replace(/[^a-z0-9.@-]/g, '_')}.eml`;
    await writeFile(join(out, name), mail.raw);
    names.push(name);
  }
  return names;
}

/** In the order of their numbers. */
async function storedContracts(): Promise<Contract[]> {
  const master = loadMasterKey({ file: config.masterKeyFile, mayCreate: false });
  const database = await openDatabase(config);
  try {
    const store = contractStore(master);
    const rows: { id: string }[] = await database.knex('contracts').select('id').orderBy('number');
    const loaded = await Promise.all(rows.map(({ id }) => store.load(database.knex, id)));
    return loaded.map((one) => one!.contract);
  } finally {
    await database.close();
  }
}

/** Keeps everything running, with a web mailbox for each person, until SIGINT or SIGTERM. */
async function hold({ smtpPort }: Gateway): Promise<void> {
  const web = await openMailboxWeb({
    mailboxes,
    residents: [SATO, YAMADA, HANAKO, SUZUKI],
    smtpPort,
    letter: await worksContractLetter(ownPdfs),
  });
  print(`\nEverybody's mailbox is open: ${web.url} (Ctrl-C ends)`);
  await interrupted;
  await web.close();
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
