/** Turns Word and Excel files into PDFs with LibreOffice, where it can neither see our files, nor a network, nor run on (R12). */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { kindOf } from '../mail/attachment-kind.ts';

export interface OfficeSettings {
  /** LibreOffice, by name or absolute path. */
  readonly program: string;
  /** One file may take so long, seconds. */
  readonly seconds: number;
  /** Largest file that it may write. */
  readonly maxOctets: number;
  /** Memory that it may address. */
  readonly memoryOctets: number;
}

/** A PDF, or null where there is none to be had; never rejects for the file's sake. */
export type ConvertOffice = (fileName: string, content: Uint8Array) => Promise<Buffer | null>;

/**
 * Runs what follows it in a file system of its own: programs and fonts, read-only, and the job's folder as /job;
 * without network, and ended as a whole. Documents name files and addresses that LibreOffice would fetch.
 */
export const SANDBOX: readonly string[] = [
  ...['unshare', '--map-root-user', '--mount', '--net', '--pid', '--ipc', '--fork', '--kill-child', '--'],
  ...['sh', '-euc'],
  `job=$1 program=$2 user=$3; shift 3
root=$(mktemp -d "$job/root.XXXXXX")
mount -t tmpfs tmpfs "$root"
show() {
  [ -e "$1" ] || return 0
  if [ -L "$1" ]; then cp -P "$1" "$root$1"
  elif [ -d "$1" ]; then
    mkdir -p "$root$1"; mount --rbind "$1" "$root$1"
    # Matters to root alone, whom nothing else would keep from writing.
    mount -o remount,bind,ro "$root$1" 2>/dev/null || [ "$user" != 0 ]
  else mkdir -p "$root\${1%/*}"; touch "$root$1"; mount --bind "$1" "$root$1"; fi
}
for place in /usr /bin /sbin /lib /lib64 /opt /etc/fonts /etc/libreoffice /etc/alternatives /etc/ld.so.cache \\
  /etc/passwd /var/lib/libreoffice /var/cache/fontconfig /dev/null /dev/urandom; do show "$place"; done
[ -e "$root$program" ] || show "$program"
mkdir -p "$root/job" "$root/proc" "$root/tmp"
mount --bind "$job" "$root/job"
mount -t proc proc "$root/proc"
exec chroot "$root" "$program" "$@"`,
  'sandbox',
];

/** Macros never run, and nothing that a document links to is loaded. */
const PROFILE = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
`;

/** One file at a time. `sandbox` is given the job's folder, the program, our user id, and the program's
 * arguments, in which /job is that folder. */
export function officeConversion(
  { program, seconds, maxOctets, memoryOctets }: OfficeSettings,
  log: Logger,
  sandbox: readonly string[] = SANDBOX,
): ConvertOffice {
  let last: Promise<unknown> = Promise.resolve();
  return (fileName, content) => {
    const converted = last.then(() => convert(fileName, content));
    last = converted.catch(() => {});
    return converted;
  };

  async function convert(fileName: string, content: Uint8Array): Promise<Buffer | null> {
    const job = await mkdtemp(join(tmpdir(), 'keiyakubin-office-'));
    try {
      const input = `in${/^\.[a-z]{1,5}$/i.exec(extname(fileName))?.[0] ?? ''}`;
      await mkdir(join(job, 'profile', 'user'), { recursive: true });
      await mkdir(join(job, 'out'));
      await writeFile(join(job, 'profile', 'user', 'registrymodifications.xcu'), PROFILE);
      await writeFile(join(job, input), content);
      await run(job, input);
      const [made] = await readdir(join(job, 'out'));
      const pdf = made === undefined ? null : await readFile(join(job, 'out', made));
      if (pdf !== null && kindOf(pdf) === 'pdf') return pdf;
      log.warn('office file was not converted: no PDF came out');
      return null;
    } catch (error) {
      const { message, stderr, killed } = error as Error & { stderr?: string; killed?: boolean };
      const why = killed ? `took more than ${seconds} s` : (stderr ?? message).slice(-300);
      log.warn({ why }, 'office file was not converted');
      return null;
    } finally {
      await rm(job, { recursive: true, force: true });
    }
  }

  /** Nothing of our environment goes along: settings stand there. */
  async function run(job: string, input: string): Promise<void> {
    const limits = [`--fsize=${maxOctets}`, `--as=${memoryOctets}`, `--cpu=${seconds}`, '--core=0'];
    const [command, ...rest] = [
      'prlimit',
      ...limits,
      '--',
      ...sandbox,
      job,
      await located(program),
      String(userInfo().uid),
    ];
    const options = ['--headless', '--norestore', '-env:UserInstallation=file:///job/profile'];
    const work = ['--convert-to', 'pdf', '--outdir', '/job/out', `/job/${input}`];
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: '/job', LANG: 'C.UTF-8' };
    await promisify(execFile)(command!, [...rest, ...options, ...work], {
      env,
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
    });
  }
}

/** The sandbox has no PATH to search: the program goes in by its place. */
async function located(program: string): Promise<string> {
  if (program.startsWith('/')) return program;
  const { stdout } = await promisify(execFile)('sh', ['-c', 'command -v -- "$1"', 'sh', program]);
  return stdout.trim();
}
