/** The master key and what is derived from it or wrapped by it: HKDF (RFC 5869), AES-256-GCM (NIST SP 800-38D). */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Tx } from './database.ts';

const KEY_OCTETS = 32;
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;
/** Grows when the derivation changes; old values stay readable by their leading octet. */
const VERSION = 1;
const CHECK = 'master_key_check';

/** A wrong, missing or badly kept master key: the start stops with this sentence. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
}

export interface MasterKey {
  /** 32 octets for one purpose; purposes never share a key. */
  derive(purpose: string): Buffer;
  /** Wraps a data key for the owner named by `context`. */
  wrap(dataKey: Uint8Array, context: string): Buffer;
  unwrap(wrapped: Uint8Array, context: string): Buffer;
}

/** Reads the key file (base64, mode 0600); makes it when neither it nor any data exists. */
export function loadMasterKey(source: {
  file: string;
  base64?: string | undefined;
  mayCreate: boolean;
}): MasterKey {
  if (source.base64 !== undefined) return masterKey(decodeKey(source.base64, 'the environment'));
  try {
    const mode = statSync(source.file).mode & 0o077;
    if (mode !== 0) throw new MasterKeyError(`${source.file} must be readable by its owner only (chmod 600)`);
    return masterKey(decodeKey(readFileSync(source.file, 'utf8'), source.file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (!source.mayCreate) {
    throw new MasterKeyError(
      `${source.file} is missing, but the data folder holds data that was encrypted with it`,
    );
  }
  createKeyFile(source.file);
  return masterKey(decodeKey(readFileSync(source.file, 'utf8'), source.file));
}

/** Whole or not at all, never over another process's, and on disk before anything is encrypted with it. */
function createKeyFile(file: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(KEY_OCTETS).toString('base64')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    // A link, unlike a rename, fails when another process was first: then its key is everybody's.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function decodeKey(text: string, where: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_OCTETS)
    throw new MasterKeyError(`the master key in ${where} is not ${KEY_OCTETS} octets of base64`);
  return key;
}

export function masterKey(key: Uint8Array): MasterKey {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', key, 'keiyakubin', `${purpose}/v${VERSION}`, KEY_OCTETS));
  const wrapping = derive('wrap');
  return {
    derive,
    wrap: (dataKey, context) => seal(wrapping, dataKey, context),
    unwrap: (wrapped, context) => unseal(wrapping, wrapped, context),
  };
}

export function newDataKey(): Buffer {
  return randomBytes(KEY_OCTETS);
}

/** Encrypts a short value: version ‖ nonce ‖ ciphertext ‖ tag, bound to `context`. */
export function seal(key: Uint8Array, plaintext: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_OCTETS);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([
    Buffer.of(VERSION),
    nonce,
    cipher.update(plaintext),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** Throws when the value was made with another key, for another context, or was altered. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  const bytes = Buffer.from(sealed);
  if (bytes[0] !== VERSION) throw new Error(`sealed value of unknown version ${bytes[0]}`);
  const nonce = bytes.subarray(1, 1 + NONCE_OCTETS);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_OCTETS })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-TAG_OCTETS));
  return Buffer.concat([decipher.update(bytes.subarray(1 + NONCE_OCTETS, -TAG_OCTETS)), decipher.final()]);
}

/** Whether anything was ever encrypted here: then the key must be there, and a new one would be a wrong one. */
async function expectsMasterKey(tx: Tx): Promise<boolean> {
  return (await tx('meta').where({ name: CHECK }).first('name')) !== undefined;
}

/** Stores a check value with the first start and compares it with every later one: a wrong master key stops the start. */
async function assertMasterKey(tx: Tx, master: MasterKey): Promise<void> {
  const value = createHmac('sha256', master.derive('check')).update('keiyakubin').digest('hex');
  await tx('meta').insert({ name: CHECK, value }).onConflict('name').ignore();
  const stored = await tx('meta').where({ name: CHECK }).first('value');
  if (stored?.value !== value)
    throw new MasterKeyError('this master key is not the one the stored data was encrypted with');
}

/**
 * The master key that the data of this database is encrypted with, made where there is none yet.
 * Rejects with MasterKeyError where it is missing, badly kept or another.
 */
export async function openMasterKey(
  tx: Tx,
  {
    masterKeyFile: file,
    masterKey: base64,
  }: { readonly masterKeyFile: string; readonly masterKey: string | null },
): Promise<MasterKey> {
  const mayCreate = !(await expectsMasterKey(tx));
  const master = loadMasterKey({ file, base64: base64 ?? undefined, mayCreate });
  await assertMasterKey(tx, master);
  return master;
}
