// Rules between settings: each value is well formed, but together they would be wrong or unsafe.
import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import { relative, resolve, sep } from 'node:path';
import type { Path } from './environment.ts';
import type { Settings } from './schema.ts';

/** A rule that does not hold, at the setting that an operator would change. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
}

/** Every broken rule at once, in the schema's order. */
export function crossCheck(settings: Settings): Finding[] {
  return [
    ...keyFindings(settings),
    ...blobFindings(settings),
    ...smtpFindings(settings),
    ...webFindings(settings),
    ...relayFindings(settings),
    ...municipalityFindings(settings),
    ...limitFindings(settings),
    ...fileFindings(settings),
  ];
}

/** True when nothing sent to `host` leaves this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '::1' ||
    host === '[::1]' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** True when the built-in test authority signs or timestamps: nothing it seals has legal effect. */
export function usesTestAuthority(signing: {
  readonly credential: { readonly type: string };
  readonly timestampUrl: string | null;
}): boolean {
  return signing.credential.type === 'test' || signing.timestampUrl === null;
}

function keyFindings(settings: Settings): Finding[] {
  const findings: Finding[] = [];
  if (settings.masterKey !== null && Buffer.from(settings.masterKey, 'base64').length !== 32) {
    findings.push({ path: ['masterKey'], message: 'must be base64 of exactly 32 octets' });
  }
  const below = relative(resolve(settings.dataDirectory), resolve(settings.masterKeyFile));
  if (below === '' || (below !== '..' && !below.startsWith(`..${sep}`))) {
    findings.push({
      path: ['masterKeyFile'],
      message: 'must lie outside dataDirectory, or a backup of the data carries its own key',
    });
  }
  return findings;
}

function blobFindings({ blobUrl, blobAccessKeyId, blobSecretAccessKey }: Settings): Finding[] {
  const wanted = blobUrl !== null;
  if ((blobAccessKeyId !== null) === wanted && (blobSecretAccessKey !== null) === wanted) return [];
  const message = 'blobAccessKeyId and blobSecretAccessKey must be given together';
  return [{ path: ['blobUrl'], message }];
}

function smtpFindings({ smtp }: Settings): Finding[] {
  const findings: Finding[] = [];
  for (const [i, relay] of smtp.relays.entries()) {
    if (relay.kind === 'mx' && relay.authservId === undefined) {
      findings.push({
        path: ['smtp', 'relays', i, 'authservId'],
        message:
          "is required for kind 'mx': without it no Authentication-Results can be told from a forged one",
      });
    }
    if (relay.kind === 'submission' && relay.networks.some((network) => network.endsWith('/0'))) {
      findings.push({
        path: ['smtp', 'relays', i, 'networks'],
        message: "must not be the whole Internet for kind 'submission': everyone would pass as staff",
      });
    }
  }
  findings.push(
    ...repeated(
      smtp.relays.map((relay) => relay.name),
      (i) => ['smtp', 'relays', i, 'name'],
    ),
    ...repeated(
      smtp.accounts.map((account) => account.username),
      (i) => ['smtp', 'accounts', i, 'username'],
    ),
  );
  if (smtp.accounts.length > 0 && smtp.tls === null) {
    findings.push({
      path: ['smtp', 'tls'],
      message: 'is needed for accounts: no password is taken without TLS',
    });
  }
  return findings;
}

function webFindings({ web, signing }: Settings): Finding[] {
  const url = new URL(web.publicUrl);
  const path = ['web', 'publicUrl'];
  if (web.publicUrl !== url.origin) {
    return [{ path, message: `must be scheme and host only, without path or trailing slash: ${url.origin}` }];
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !usesTestAuthority(signing)) {
    return [{ path, message: 'must be https once contracts have legal effect' }];
  }
  return [];
}

function relayFindings({ relay, signing }: Settings): Finding[] {
  const findings: Finding[] = [];
  const remote = !isLoopback(relay.host);
  if (remote && usesTestAuthority(signing) && !signing.allowTestAuthority) {
    // Named at signing, so that a signing section with mistakes of its own does not report this one on top.
    findings.push({
      path: ['signing', 'allowTestAuthority'],
      message:
        `must be true for mail to leave this machine through ${relay.host} while the test authority signs or ` +
        'timestamps; for contracts with legal effect set signing.credential and signing.timestampUrl',
    });
  }
  if ((relay.user === null) !== (relay.password === null)) {
    findings.push({ path: ['relay', 'user'], message: 'and relay.password must be given together' });
  }
  if (remote && relay.password !== null && !relay.secure && !relay.requireTls) {
    findings.push({
      path: ['relay', 'requireTls'],
      message: 'or relay.secure must be true where a password is sent',
    });
  }
  if (relay.retry.firstSeconds > relay.retry.maxSeconds) {
    findings.push({
      path: ['relay', 'retry', 'firstSeconds'],
      message: 'must not exceed relay.retry.maxSeconds',
    });
  }
  return findings;
}

function municipalityFindings({ municipalities }: Settings): Finding[] {
  const findings = repeated(
    municipalities.map((municipality) => municipality.id),
    (i) => ['municipalities', i, 'id'],
  );
  const owners = new Map<string, number>();
  for (const [i, { address, aliases }] of municipalities.entries()) {
    for (const [j, own] of [address, ...aliases].entries()) {
      const path = j === 0 ? ['municipalities', i, 'address'] : ['municipalities', i, 'aliases', j - 1];
      const owner = owners.get(own);
      if (owner === undefined) owners.set(own, i);
      else findings.push({ path, message: `${own} already belongs to municipalities[${owner}]` });
    }
  }
  return findings;
}

function limitFindings({ attachments, contract }: Settings): Finding[] {
  const findings: Finding[] = [];
  if (attachments.carrierLimitOctets > attachments.limitOctets) {
    findings.push({
      path: ['attachments', 'carrierLimitOctets'],
      message: 'must not exceed attachments.limitOctets',
    });
  }
  if (attachments.limitOctets > contract.maxTotalOctets) {
    findings.push({
      path: ['attachments', 'limitOctets'],
      message: 'must not exceed contract.maxTotalOctets',
    });
  }
  return findings;
}

/** Files that must be there at the start; the master key's is made when missing. */
function fileFindings({ smtp, signing }: Settings): Finding[] {
  const files: [Path, string][] = signing.trustFiles.map((file, i) => [['signing', 'trustFiles', i], file]);
  if (smtp.tls) {
    files.push(
      [['smtp', 'tls', 'keyFile'], smtp.tls.keyFile],
      [['smtp', 'tls', 'certFile'], smtp.tls.certFile],
    );
  }
  if (signing.fontFile !== null) files.push([['signing', 'fontFile'], signing.fontFile]);
  const { credential } = signing;
  if (credential.type === 'pkcs12') files.push([['signing', 'credential', 'file'], credential.file]);
  if (credential.type === 'pem') {
    files.push([['signing', 'credential', 'keyFile'], credential.keyFile]);
    files.push([['signing', 'credential', 'certificatesFile'], credential.certificatesFile]);
  }
  return files.flatMap(([path, file]) => {
    try {
      accessSync(file, constants.R_OK);
      return [];
    } catch {
      return [{ path, message: `cannot be read: ${file}` }];
    }
  });
}

function repeated(values: readonly string[], pathOf: (index: number) => Path): Finding[] {
  return values.flatMap((value, i) =>
    values.indexOf(value) < i ? [{ path: pathOf(i), message: `'${value}' is given twice` }] : [],
  );
}
