/** Debian's Postfix as a peer of `bench intake`: a queue and a configuration of its own; every mail is queued and held. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../demo/people.ts';

export interface Postfix {
  readonly port: number;
  /** Of the master; its children do the work. */
  readonly pid: number;
  stop(): void;
}

/** Null where Postfix is not installed or this is not root, without whom it does not start. */
export async function startPostfix(folder: string): Promise<Postfix | null> {
  if (!existsSync('/usr/sbin/postfix') || process.getuid?.() !== 0) return null;
  const port = await freePort();
  const [config, queue, data] = ['etc', 'queue', 'data'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [config, queue, data]) await mkdir(path, { recursive: true });
  // Its daemons run as the user postfix and have to reach their files.
  for (const path of [folder, config, queue, data]) await chmod(path, 0o755);
  execFileSync('chown', ['postfix', data]);
  await writeFile(
    join(config, 'main.cf'),
    `compatibility_level = 3.6
queue_directory = ${queue}
data_directory = ${data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = postfix.mihon.example.jp
mynetworks = 127.0.0.0/8
mydestination =
relay_domains = mihon.example.jp
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_end_of_data_restrictions = check_client_access static:HOLD
message_size_limit = 268435456
mailbox_size_limit = 0
alias_maps =
smtpd_client_connection_count_limit = 0
`,
  );
  await writeFile(
    join(config, 'master.cf'),
    `127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`,
  );
  const postfix = (verb: string): unknown =>
    execFileSync('/usr/sbin/postfix', ['-c', config, verb], { stdio: ['ignore', 'ignore', 'inherit'] });
  postfix('start');
  const pid = Number((await readFile(join(queue, 'pid', 'master.pid'), 'utf8')).trim());
  return { port, pid, stop: () => void postfix('stop') };
}
