/** Link, reply and bounce secrets (decided 3): derived from the master key, never stored; local parts fit RFC 5321 4.5.3.1.1. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { MasterKey } from '../../storage/keys.ts';
import type { SecretPurpose } from '../../storage/secrets.ts';

/** Mails about a registration carry secrets of their own: whoever holds one holds nothing of a contract. */
export type DerivedPurpose = SecretPurpose | 'registration' | 'registrationReply' | 'registrationBounce';

const ID_LENGTH = 16;
/** 26 characters of base32 are 130 bits. */
const MAC_LENGTH = 26;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base32, lower case, without padding: survives case-folding mail systems and can be typed. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      text += BASE32[(buffer >>> (bits - 5)) & 31];
      bits -= 5;
    }
  }
  return bits > 0 ? text + BASE32[(buffer << (5 - bits)) & 31] : text;
}

/** Whose turn a code belongs to. */
export interface CodeHolder {
  readonly contract: string;
  readonly participant: string;
  readonly generation: number;
}

export interface Secrets {
  /** The row id that the secret of one mail and purpose has; a retried mail gets the same. */
  idFor(purpose: DerivedPurpose, mailKey: string): string;
  /** id ‖ MAC, 42 characters. */
  textOf(purpose: DerivedPurpose, id: string): string;
  /** The id when `text` is a secret of this purpose, else undefined. Constant time in the MAC. */
  open(purpose: DerivedPurpose, text: string): string | undefined;
  /** Four digits to be typed beside 「承認」: the same in every mail to this participant while their secrets have force. */
  codeOf(holder: CodeHolder): string;
  /** Eight digits for a contract's page, told by another way than mail, e.g. 1234-5678. */
  accessCodeOf(contract: string): string;
}

export function secrets(master: MasterKey): Secrets {
  const key = (purpose: string): Buffer => master.derive(`secret-${purpose}`);
  const mac = (purpose: DerivedPurpose, id: string): string =>
    base32(createHmac('sha256', key(purpose)).update(id).digest()).slice(0, MAC_LENGTH);
  const textOf = (purpose: DerivedPurpose, id: string): string => id + mac(purpose, id);
  return {
    textOf,
    idFor: (purpose, mailKey) =>
      base32(createHash('sha256').update(`${purpose}:${mailKey}`).digest()).slice(0, ID_LENGTH),
    open(purpose, text) {
      const lower = text.toLowerCase();
      if (!/^[a-z2-7]{42}$/.test(lower)) return undefined;
      const id = lower.slice(0, ID_LENGTH);
      return timingSafeEqual(Buffer.from(textOf(purpose, id)), Buffer.from(lower)) ? id : undefined;
    },
    codeOf: ({ contract, participant, generation }) =>
      String(
        createHmac('sha256', key('code'))
          .update(`${contract}:${participant}:${generation}`)
          .digest()
          .readUInt32BE(0) % 10_000,
      ).padStart(4, '0'),
    accessCodeOf(contract) {
      const octets = createHmac('sha256', key('access-code')).update(contract).digest();
      const digits = String(octets.readUIntBE(0, 6) % 100_000_000).padStart(8, '0');
      return `${digits.slice(0, 4)}-${digits.slice(4)}`;
    },
  };
}

/** Message-ID (RFC 5322 3.6.4) of the mail with this outbox key: a retry repeats it. */
export function messageIdOf(mailKey: string, domain: string): string {
  return `<${base32(createHash('sha256').update(mailKey).digest()).slice(0, 32)}@${domain}>`;
}

/** The synthetic message that all mails of a contract refer to, so that they make one thread (decided 13). */
export function threadRoot(contract: string, domain: string): string {
  return `<${contract}.contract@${domain}>`;
}

/** The contract whose thread root this is. */
export function contractOfRoot(messageId: string): string | undefined {
  return /^<([a-z2-7]{16})\.contract@/.exec(messageId)?.[1];
}
