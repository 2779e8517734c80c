#!/usr/bin/env node
/** The command line: one file per command beside this one. */
import { cac } from 'cac';
import { type Config, isConfigProblems, loadConfig } from '../config.ts';
import { readRoles } from '../roles.ts';
import { feedImport } from './feed-import.ts';
import { feedMap } from './feed-map.ts';
import { printPasswordHash } from './hash-password.ts';
import { terminal as io } from './io.ts';
import { parked } from './parked.ts';
import { preview } from './preview.ts';
import { quarantine } from './quarantine.ts';
import { renewProofs } from './renew.ts';
import { sealFile } from './seal.ts';
import { serve } from './serve.ts';
import { showStatus } from './status.ts';
import { configuredTrust, verifyFile } from './verify.ts';

/** Wrong use, or settings that do not let the process start. */
const USAGE_ERROR = 2;

const cli = cac('keiyakubin');
cli.option('--config <file>', 'YAML file with settings (else KEIYAKUBIN_CONFIG, else built-in defaults)');
cli
  .command('serve', 'Run the gateway: mail in, mail out, pages and jobs')
  .option('--role <roles>', 'Of smtp,web,worker,scheduler those this process has; all by default')
  .action((options) => run(async () => serve(configFrom(options), io, options.role)));
cli
  .command('verify <file>', 'Verify the signatures of a PDF, offline')
  .option('--trust <pem>', 'PEM file with the roots to trust instead of the configured ones; may be repeated')
  .option('--at <date>', 'Judge as of this moment (a day in Japan, or ISO 8601 with zone) instead of now')
  .option('--json', 'Print the report as JSON')
  .action((file, options) =>
    run(() => {
      const trust =
        options.trust === undefined ? configuredTrust(configFrom(options)) : [options.trust].flat();
      const at = options.at === undefined ? undefined : String(options.at);
      return verifyFile({ file, trust, at, json: options.json === true }, io);
    }),
  );
cli
  .command(
    'seal <file>',
    'Seal a PDF with a test authority: for scripts and measurements, without legal effect',
  )
  .option('--out <pdf>', 'File to write; must not exist yet')
  .option('--authority <dir>', 'Folder of the test authority, made when missing; its root is DIR/root.pem')
  .option('--consent <consent>', '"name;role;mail;time with zone" of one consent; may be repeated')
  .action((file, { out, authority, consent }) =>
    run(() => sealFile({ file, out, authority, consents: [consent ?? []].flat() }, io)),
  );
cli
  .command('feed <action> <file>', '"feed import": register vendors from a CSV; "feed map": propose a form')
  .option('--form <name>', 'Name of the form', { default: '標準' })
  .option('--municipality <id>', 'Municipality, where there are several (import)')
  .option('--rows <count>', 'Rows shown as read (map)', { default: 3 })
  .action((action, file, { form, municipality, rows, ...options }) =>
    run(async () => {
      if (action === 'map') return feedMap({ file, form: String(form), rows }, io);
      if (action !== 'import') throw new Error(`keiyakubin feed: import or map, not ${action}`);
      return feedImport({ file, form: String(form), municipality, config: configFrom(options) }, io);
    }),
  );
cli
  .command('renew', 'Renew the proof of executed files before it ends; a running gateway does the work')
  .option('--dry-run', 'Only say what is due')
  .option('--within <days>', 'Days to look ahead instead of signing.renewal.withinDays')
  .option('--municipality <id>', 'Only the files of this municipality')
  .option('--limit <files>', 'Files at most, those whose proof ends first')
  .option('--wait', 'Follow the run to its end')
  .option('--json', 'Print the figures as JSON')
  .action((options) =>
    run(async () => {
      const { within, municipality, limit } = options;
      const flags = {
        dryRun: options.dryRun === true,
        wait: options.wait === true,
        json: options.json === true,
      };
      return renewProofs({ config: configFrom(options), within, municipality, limit, ...flags }, io);
    }),
  );
cli
  .command('parked', 'List the work that was set aside, or have it done after all')
  .option('--retry', 'Try all of it again')
  .action((options) =>
    run(async () => parked({ config: configFrom(options), retry: options.retry === true }, io)),
  );
cli
  .command('quarantine', 'List the mails that are held back because nobody proved who wrote them')
  .option('--release <id>', 'Have this mail read after all; it cannot give a consent')
  .action((options) =>
    run(async () => {
      const id = options.release === undefined ? undefined : String(options.release);
      return quarantine({ config: configFrom(options), id }, io);
    }),
  );
cli
  .command(
    'preview',
    "Write every page and mail with sample values and a municipality's face and words, as files for a browser",
  )
  .option('--municipality <id>', 'Whose face; the first municipality by default')
  .option('--out <dir>', 'Folder to write to', { default: 'preview' })
  .action((options) =>
    run(async () => {
      const { municipality, out } = options;
      return preview({ config: configFrom(options), municipality, out: String(out) }, io);
    }),
  );
cli
  .command('status', 'Show contracts by state, what waits for whom, what was set aside')
  .option('--json', 'Print it as JSON')
  .action((options) =>
    run(async () =>
      showStatus({ config: configFrom(options), json: options.json === true, now: new Date() }, io),
    ),
  );
cli
  .command('hash-password', 'Hash the password on standard input for smtp.accounts')
  .action(() => run(() => printPasswordHash(process.stdin, io)));
cli.help();

/** Settings that stop the process before it starts; each problem has been printed. */
class BadSettings extends Error {}

function configFrom(options: { config?: string; role?: string }): Config {
  const source = options.config === undefined ? {} : { file: options.config };
  // Who only takes mail or shows pages may stand on a machine where no key is.
  const keysElsewhere = !readRoles(options.role).has('worker');
  const outcome = loadConfig({ ...source, env: process.env, keysElsewhere });
  if (!isConfigProblems(outcome)) return outcome;
  for (const problem of outcome.problems) io.err(problem);
  throw new BadSettings(`keiyakubin does not start: ${outcome.problems.length} problem(s) in the settings`);
}

async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    io.err(error instanceof Error ? error.message : String(error));
    process.exitCode = USAGE_ERROR;
  }
}

// Who reads no further, as `| head` does, has what it wanted; the work is done to its end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  cli.parse();
  if (!cli.matchedCommand && !cli.options.help) {
    cli.outputHelp();
    process.exitCode = USAGE_ERROR;
  }
} catch (error) {
  io.err(error instanceof Error ? error.message : String(error));
  process.exitCode = USAGE_ERROR;
}
