// Rules between settings: each value is well formed, but together they would be wrong or unsafe.
import { accessSync, constants, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { relative, resolve, sep } from 'node:path';
import { createSecureContext } from 'node:tls';
import { dkimProblem } from '../mail/dkim.ts';
import { ESSENTIAL_COLUMNS, foldName } from '../registration/columns.ts';
import type { CredentialSettings } from './credential.ts';
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
    ...credentialFindings(settings),
    ...timestampFindings(settings),
    ...fileFindings(settings),
    ...dkimFindings(settings),
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
export function usesTestAuthority({ signing, municipalities }: SigningSettings): boolean {
  return (
    signing.timestampAuthorities.length === 0 ||
    municipalities.some((one) => (one.signing.credential ?? signing.credential).type === 'test')
  );
}

/** What decides who signs; the frozen configuration fits as well. */
interface SigningSettings {
  readonly signing: {
    readonly credential: { readonly type: string };
    readonly timestampAuthorities: readonly unknown[];
  };
  readonly municipalities: readonly {
    readonly signing: { readonly credential: { readonly type: string } | null };
  }[];
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

function webFindings(settings: Settings): Finding[] {
  const { web } = settings;
  const url = new URL(web.publicUrl);
  const path = ['web', 'publicUrl'];
  if (web.publicUrl !== url.origin) {
    return [{ path, message: `must be scheme and host only, without path or trailing slash: ${url.origin}` }];
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !usesTestAuthority(settings)) {
    return [{ path, message: 'must be https once contracts have legal effect' }];
  }
  return web.tls === null ? [] : webTlsFindings(web.tls, url);
}

/** Files that cannot be read have their own findings. */
function webTlsFindings({ keyFile, certFile }: { keyFile: string; certFile: string }, url: URL): Finding[] {
  if (url.protocol !== 'https:') {
    return [{ path: ['web', 'publicUrl'], message: 'must be https where web.tls is set' }];
  }
  if (!isReadable(keyFile) || !isReadable(certFile)) return [];
  try {
    createSecureContext({ key: readFileSync(keyFile), cert: readFileSync(certFile) });
    return [];
  } catch (error) {
    return [{ path: ['web', 'tls'], message: `key and certificate do not fit: ${(error as Error).message}` }];
  }
}

function relayFindings(settings: Settings): Finding[] {
  const { relay, signing } = settings;
  const findings: Finding[] = [];
  const remote = !isLoopback(relay.host);
  if (remote && usesTestAuthority(settings) && !signing.allowTestAuthority) {
    // Named at signing, so that a signing section with mistakes of its own does not report this one on top.
    findings.push({
      path: ['signing', 'allowTestAuthority'],
      message:
        `must be true for mail to leave this machine through ${relay.host} while the test authority signs or ` +
        'timestamps; for contracts with legal effect set signing.credential and signing.timestampAuthorities',
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
  for (const [
    i,
    { address, aliases, verificationAddress, registrationAddress },
  ] of municipalities.entries()) {
    const places: [string | null, Path][] = [
      [address, ['address']],
      ...aliases.map((alias, j): [string, Path] => [alias, ['aliases', j]]),
      [verificationAddress, ['verificationAddress']],
      [registrationAddress, ['registrationAddress']],
    ];
    for (const [own, place] of places) {
      if (own === null) continue;
      const path = ['municipalities', i, ...place];
      const owner = owners.get(own);
      if (owner === undefined) owners.set(own, i);
      else findings.push({ path, message: `${own} already belongs to municipalities[${owner}]` });
    }
  }
  return [...findings, ...municipalities.flatMap(({ forms }, i) => formFindings(forms, i))];
}

/** A header that is given to two columns would fill both with one value; without an essential one no row can be taken. */
function formFindings(forms: Settings['municipalities'][number]['forms'], municipality: number): Finding[] {
  const path = ['municipalities', municipality, 'forms'];
  const headers = forms.flatMap(({ fields, keep }, i) => {
    const given = [
      ...Object.entries(fields).flatMap(([column, names]) =>
        names.map((header, j) => ({ header, at: ['fields', column, j] })),
      ),
      ...keep.map((header, j) => ({ header, at: ['keep', j] })),
    ];
    const absent = ESSENTIAL_COLUMNS.filter((column) => fields[column]?.length === 0);
    return [
      ...absent.map((column) => ({
        path: [...path, i, 'fields', column],
        message: 'must name a header: without it nobody can be registered',
      })),
      ...repeated(
        given.map(({ header }) => foldName(header)),
        (j) => [...path, i, ...given[j]!.at],
      ),
    ];
  });
  const names = forms.map(({ name }) => name.normalize('NFKC').toLowerCase());
  return [...repeated(names, (i) => [...path, i, 'name']), ...headers];
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

/** Each `signing.credential` that counts, with the place it stands at. */
function credentialsOf({ signing, municipalities }: Settings): [Path, CredentialSettings][] {
  const own = municipalities.flatMap((one, i): [Path, CredentialSettings][] =>
    one.signing.credential === null
      ? []
      : [[['municipalities', i, 'signing', 'credential'], one.signing.credential]],
  );
  // The installation's own is put to use only where a municipality has none.
  return own.length === municipalities.length
    ? own
    : [[['signing', 'credential'], signing.credential], ...own];
}

function credentialFindings(settings: Settings): Finding[] {
  const credentials = credentialsOf(settings);
  const forTrial = credentials.filter(([, { type }]) => type === 'test');
  // What is for trial says so everywhere, on the pages and mails of all: real contracts would deny themselves.
  const mixed = settings.signing.timestampAuthorities.length > 0 && forTrial.length < credentials.length;
  const trials = (mixed ? forTrial : []).map(([path]) => ({
    path: [...path, 'type'],
    message: "must not be 'test' beside keys with legal effect",
  }));
  const choices = credentials.flatMap(([path, credential]) => {
    if (credential.type !== 'pkcs11') return [];
    const findings: Finding[] = [];
    if (credential.pin === null) {
      findings.push({ path: [...path, 'pinFile'], message: 'or pin (in the environment) must be given' });
    }
    if (credential.tokenLabel !== null && credential.slot !== null) {
      findings.push({ path: [...path, 'slot'], message: 'and tokenLabel must not both be given' });
    }
    return findings;
  });
  return [...trials, ...choices];
}

function timestampFindings({ signing }: Settings): Finding[] {
  return signing.timestampAuthorities.flatMap(({ url, user, password, clientCertificate }, i) => {
    const { protocol, hostname } = new URL(url);
    const path = ['signing', 'timestampAuthorities', i];
    const findings: Finding[] = [];
    if ((user === null) !== (password === null)) {
      findings.push({ path: [...path, 'user'], message: 'and password must be given together' });
    }
    if (protocol === 'http:' && clientCertificate !== null) {
      findings.push({ path: [...path, 'url'], message: 'must be https for a client certificate' });
    }
    if (protocol === 'http:' && password !== null && !isLoopback(hostname)) {
      findings.push({ path: [...path, 'url'], message: 'must be https where a password is sent' });
    }
    return findings;
  });
}

function timestampFiles({ signing }: Settings): [Path, string][] {
  return signing.timestampAuthorities.flatMap(({ clientCertificate, caFile, trustFiles }, i) => {
    const path = ['signing', 'timestampAuthorities', i];
    const client = Object.entries(clientCertificate ?? {}).flatMap(([key, file]): [Path, string][] =>
      typeof file === 'string' && /^(file|keyFile|certFile)$/.test(key)
        ? [[[...path, 'clientCertificate', key], file]]
        : [],
    );
    const roots = trustFiles.map((file, j): [Path, string] => [[...path, 'trustFiles', j], file]);
    return [
      ...client,
      ...(caFile === null ? [] : [[[...path, 'caFile'], caFile] as [Path, string]]),
      ...roots,
    ];
  });
}

/** Files that must be there at the start; the master key's is made when missing. */
function fileFindings(settings: Settings): Finding[] {
  const { smtp, web, signing } = settings;
  const files: [Path, string][] = signing.trustFiles.map((file, i) => [['signing', 'trustFiles', i], file]);
  if (smtp.tls) {
    files.push(
      [['smtp', 'tls', 'keyFile'], smtp.tls.keyFile],
      [['smtp', 'tls', 'certFile'], smtp.tls.certFile],
    );
  }
  if (web.tls) {
    files.push([['web', 'tls', 'keyFile'], web.tls.keyFile], [['web', 'tls', 'certFile'], web.tls.certFile]);
  }
  files.push(...timestampFiles(settings));
  files.push(...signing.fontFiles.map((file, i): [Path, string] => [['signing', 'fontFiles', i], file]));
  for (const [path, credential] of credentialsOf(settings)) {
    for (const key of ['file', 'keyFile', 'certificatesFile', 'module']) {
      const file = (credential as Readonly<Record<string, unknown>>)[key];
      if (typeof file === 'string') files.push([[...path, key], file]);
    }
  }
  for (const [i, { dkim }] of settings.municipalities.entries()) {
    if (dkim !== null) files.push([['municipalities', i, 'dkim', 'keyFile'], dkim.keyFile]);
  }
  return files.flatMap(([path, file]) =>
    isReadable(file) ? [] : [{ path, message: `cannot be read: ${file}` }],
  );
}

/** A file that cannot be read has its own finding. */
function dkimFindings({ municipalities }: Settings): Finding[] {
  return municipalities.flatMap(({ address, dkim }, i) => {
    if (dkim === null || !isReadable(dkim.keyFile)) return [];
    const message = dkimProblem(address, dkim);
    return message === null ? [] : [{ path: ['municipalities', i, 'dkim'], message }];
  });
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function repeated(values: readonly string[], pathOf: (index: number) => Path): Finding[] {
  return values.flatMap((value, i) =>
    values.indexOf(value) < i ? [{ path: pathOf(i), message: `'${value}' is given twice` }] : [],
  );
}
