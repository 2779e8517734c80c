/** An HSM in software (SoftHSM2) with a folder of its own, for tests of PKCS#11. */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pkcs11js from 'pkcs11js';
import type { Identity } from '../../signing/credentials/test-authority-pki.ts';
import { keyPemOf } from './pki.ts';
import { runTool } from './system.ts';

export const PIN = '4821-4821';
export const SOFTHSM_MODULE = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
].find((path) => existsSync(path))!;

export interface SoftHsm {
  /** Value of SOFTHSM2_CONF, set for this process while the HSM exists. */
  readonly configuration: string;
  initToken(label: string): Promise<void>;
  /** Key and public key, as the maker's tool imports them. */
  importKey(
    token: string,
    identity: Identity,
    label: string,
    id: string,
    options?: readonly string[],
  ): Promise<void>;
  /** Certificates as objects that anybody may read. */
  importCertificates(token: string, ...identities: readonly Identity[]): void;
  /** A session of somebody else in this process: what it closes or counts is the library's, not only its own. */
  beside<T>(token: string, work: (pkcs11: pkcs11js.PKCS11, slot: pkcs11js.Handle) => T): T;
  /** Takes every token away, and with them the library's state; puts them back. */
  unplug(): void;
  plug(): void;
  close(): void;
}

export function openSoftHsm(): SoftHsm {
  const folder = mkdtempSync(join(tmpdir(), 'softhsm-'));
  const tokens = join(folder, 'tokens');
  const away = join(folder, 'away');
  mkdirSync(tokens);
  mkdirSync(away);
  const configuration = join(folder, 'softhsm2.conf');
  writeFileSync(
    configuration,
    `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  const before = process.env.SOFTHSM2_CONF;
  process.env.SOFTHSM2_CONF = configuration;

  const util = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await runTool('softhsm2-util', args);
    if (code !== 0) throw new Error(`softhsm2-util: ${stderr}`);
  };
  const beside: SoftHsm['beside'] = (token, work) => {
    const pkcs11 = new pkcs11js.PKCS11();
    pkcs11.load(SOFTHSM_MODULE);
    let ours = true;
    try {
      pkcs11.C_Initialize();
    } catch {
      ours = false;
    }
    try {
      const slot = pkcs11
        .C_GetSlotList(true)
        .find((one) => pkcs11.C_GetTokenInfo(one).label.trimEnd() === token);
      return work(pkcs11, slot!);
    } finally {
      if (ours) pkcs11.C_Finalize();
    }
  };
  return {
    configuration,
    initToken: (label) =>
      util('--init-token', '--free', '--label', label, '--so-pin', '12345678', '--pin', PIN),
    async importKey(token, identity, label, id, options = []) {
      const file = join(folder, 'key.pem');
      writeFileSync(file, keyPemOf(identity));
      await util('--import', file, '--token', token, '--pin', PIN, '--label', label, '--id', id, ...options);
    },
    importCertificates(token, ...identities) {
      beside(token, (pkcs11, slot) => {
        const session = pkcs11.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
        pkcs11.C_Login(session, pkcs11js.CKU_USER, PIN);
        for (const { certificate } of identities) {
          const subject = Buffer.from(new X509Certificate(certificate).subject);
          pkcs11.C_CreateObject(session, [
            { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
            { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: pkcs11js.CKC_X_509 },
            { type: pkcs11js.CKA_TOKEN, value: true },
            { type: pkcs11js.CKA_PRIVATE, value: false },
            { type: pkcs11js.CKA_SUBJECT, value: subject },
            { type: pkcs11js.CKA_VALUE, value: Buffer.from(certificate) },
          ]);
        }
        pkcs11.C_CloseSession(session);
      });
    },
    beside,
    unplug() {
      move(tokens, away);
      const pkcs11 = new pkcs11js.PKCS11();
      pkcs11.load(SOFTHSM_MODULE);
      pkcs11.C_Finalize();
    },
    plug: () => move(away, tokens),
    close() {
      if (before === undefined) delete process.env.SOFTHSM2_CONF;
      else process.env.SOFTHSM2_CONF = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function move(from: string, to: string): void {
  for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
}
