/** S/MIME as another program writes and judges it: OpenSSL's cms command (RFC 8551). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '../../signing/credentials/test-authority-pki.ts';
import { keyPemOf, pemOf } from './pki.ts';

export interface Judgement {
  readonly holds: boolean;
  /** The signed part, one char an octet. */
  readonly content: string;
  readonly words: string;
}

/** What OpenSSL says of a mail's signature, with `address` for its author and `root` alone trusted. */
export function judgedByOpenssl(raw: Buffer, root: Identity, address: string): Judgement {
  return inFolder((written) => {
    const mail = ['-in', written('mail.eml', raw), '-CAfile', written('root.pem', pemOf(root))];
    const use = ['-purpose', 'smimesign', '-verify_email', address];
    const { status, stdout, stderr } = spawnSync('openssl', ['cms', '-verify', ...mail, ...use]);
    return { holds: status === 0, content: stdout.toString('latin1'), words: stderr.toString() };
  });
}

/** What `openssl cms` makes of a MIME part: `-sign` by `own` or `-encrypt` to it, with further options. */
export function madeByOpenssl(
  act: '-sign' | '-encrypt',
  part: string,
  own: Identity,
  ...options: readonly string[]
): Buffer {
  return inFolder((written) => {
    const certificate = written('own.pem', pemOf(own));
    const input = ['-binary', '-in', written('part', part)];
    const identity =
      act === '-sign' ? ['-signer', certificate, '-inkey', written('own.key', keyPemOf(own))] : ['-aes128'];
    const recipient = act === '-encrypt' ? [certificate] : [];
    return execFileSync('openssl', ['cms', act, ...options, ...input, ...identity, ...recipient]);
  });
}

function inFolder<T>(work: (written: (name: string, content: string | Buffer) => string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'keiyakubin-smime-'));
  try {
    return work((name, content) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
