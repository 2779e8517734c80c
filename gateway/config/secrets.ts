// Secrets come from the environment or from a file of their own, never from the YAML file that gets copied around.
import { readFileSync } from 'node:fs';
import type { Path } from './environment.ts';
import type { Finding } from './finding.ts';

interface SecretSetting {
  /** `*` stands for every element of a list. */
  readonly path: Path;
  /** Key beside the secret that names a file with it. */
  readonly fileKey: string;
  /** False where the file belongs to someone else to read or make. */
  readonly readHere: boolean;
}

/** Where a `signing.credential` may stand. */
const CREDENTIALS: readonly Path[] = [
  ['signing', 'credential'],
  ['municipalities', '*', 'signing', 'credential'],
];

/** Below each timestamp authority. */
const TIMESTAMP_SECRETS: readonly (readonly [Path, string])[] = [
  [['password'], 'passwordFile'],
  [['clientCertificate', 'passphrase'], 'passphraseFile'],
];

const SECRETS: readonly SecretSetting[] = [
  { path: ['masterKey'], fileKey: 'masterKeyFile', readHere: false },
  { path: ['blobSecretAccessKey'], fileKey: 'blobSecretAccessKeyFile', readHere: true },
  { path: ['relay', 'password'], fileKey: 'passwordFile', readHere: true },
  { path: ['municipalities', '*', 'forms', '*', 'secret'], fileKey: 'secretFile', readHere: true },
  { path: ['municipalities', '*', 'smime', 'passphrase'], fileKey: 'passphraseFile', readHere: true },
  ...TIMESTAMP_SECRETS.map(([path, fileKey]) => ({
    path: ['signing', 'timestampAuthorities', '*', ...path],
    fileKey,
    readHere: true,
  })),
  ...CREDENTIALS.flatMap((credential) => [
    { path: [...credential, 'passphrase'], fileKey: 'passphraseFile', readHere: true },
    { path: [...credential, 'pin'], fileKey: 'pinFile', readHere: true },
  ]),
];

/** URLs that may carry a password. */
const URLS: readonly Path[] = [['databaseUrl'], ['redisUrl']];

/** Secrets written into the YAML file itself. */
export function secretsInFile(input: unknown): Finding[] {
  const urls = URLS.filter((path) => {
    const url = at(input, path);
    return typeof url === 'string' && URL.canParse(url) && new URL(url).password !== '';
  }).map((path) => ({
    path,
    message: 'must not hold a password in the configuration file: give the URL in the environment',
  }));
  const secrets = secretsOf(input)
    .filter(({ path }) => at(input, path) != null)
    .map(({ path, fileKey }) => ({
      path,
      message: `must not stand in the configuration file: use ${fileKey} or the environment`,
    }));
  return [...urls, ...secrets];
}

/** Puts the first line of each named secret file in its place in `input`; says which file cannot be read. */
export function readSecretFiles(input: unknown): Finding[] {
  return secretsOf(input).flatMap(({ path, fileKey, readHere }) => {
    const parent = at(input, path.slice(0, -1)) as Record<string, unknown> | undefined;
    const file = parent?.[fileKey];
    if (!readHere || !parent || typeof file !== 'string' || file === '') return [];
    const key = String(path.at(-1));
    const filePath = [...path.slice(0, -1), fileKey];
    if (parent[key] != null) return [{ path: filePath, message: `and ${key} must not both be given` }];
    try {
      parent[key] = readFileSync(file, 'utf8').split(/\r?\n/, 1)[0];
      return [];
    } catch {
      return [{ path: filePath, message: `cannot be read: ${file}` }];
    }
  });
}

/** The secrets that `input` has a place for, lists spelt out. */
function secretsOf(input: unknown): SecretSetting[] {
  return SECRETS.flatMap((secret) => spelledOut(input, secret.path).map((path) => ({ ...secret, path })));
}

function spelledOut(input: unknown, path: Path): Path[] {
  const star = path.indexOf('*');
  if (star < 0) return [path];
  const list = at(input, path.slice(0, star));
  if (!Array.isArray(list)) return [];
  return list.flatMap((_, i) => spelledOut(input, path.with(star, i)));
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, step) => (here as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
}
