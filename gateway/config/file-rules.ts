// Files that settings name: they can be read at the start, and keys among them are ones that serve.
import { accessSync, constants, readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { dkimProblem } from '../mail/dkim.ts';
import type { Path } from './environment.ts';
import { readLogo } from './face.ts';
import type { Finding } from './finding.ts';
import type { Settings } from './schema.ts';
import { credentialsOf, mailCredentialsOf } from './signing-rules.ts';

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
export function fileFindings(settings: Settings): Finding[] {
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
  for (const [path, credential] of [...credentialsOf(settings), ...mailCredentialsOf(settings)]) {
    for (const key of ['file', 'keyFile', 'certificatesFile', 'module']) {
      const file = (credential as Readonly<Record<string, unknown>>)[key];
      if (typeof file === 'string') files.push([[...path, key], file]);
    }
  }
  for (const [i, { dkim, face }] of settings.municipalities.entries()) {
    if (dkim !== null) files.push([['municipalities', i, 'dkim', 'keyFile'], dkim.keyFile]);
    if (face.logoFile !== null) files.push([['municipalities', i, 'face', 'logoFile'], face.logoFile]);
  }
  return files.flatMap(([path, file]) =>
    isReadable(file) ? [] : [{ path, message: `cannot be read: ${file}` }],
  );
}

/** A file that cannot be read has its own finding. */
export function dkimFindings({ municipalities }: Settings): Finding[] {
  return municipalities.flatMap(({ address, dkim }, i) => {
    if (dkim === null || !isReadable(dkim.keyFile)) return [];
    const message = dkimProblem(address, dkim);
    return message === null ? [] : [{ path: ['municipalities', i, 'dkim'], message }];
  });
}

/** A file that cannot be read has its own finding. */
export function logoFindings({ municipalities, web }: Settings): Finding[] {
  return municipalities.flatMap(({ face: { logoFile } }, i) => {
    if (logoFile === null || !isReadable(logoFile)) return [];
    const logo = readLogo(logoFile, web.maxLogoOctets);
    return 'problem' in logo
      ? [{ path: ['municipalities', i, 'face', 'logoFile'], message: logo.problem }]
      : [];
  });
}

/** Files that cannot be read have their own findings. */
export function webTlsFindings(
  { keyFile, certFile }: { keyFile: string; certFile: string },
  url: URL,
): Finding[] {
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

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
