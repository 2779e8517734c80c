// Where a signing key lies: with the built-in test authority, in a file, or in an HSM (R32, R52).
import { z } from 'zod';
import { name } from './values.ts';

const pkcs12 = z.strictObject({
  type: z.literal('pkcs12'),
  file: name,
  /** Only from the environment or `passphraseFile`. */
  passphrase: name.nullable().default(null),
  /** File whose first line is the passphrase. */
  passphraseFile: name.nullable().default(null),
});

const pem = z.strictObject({
  type: z.literal('pem'),
  keyFile: name,
  /** PEM certificates in any order: the key's own and those above it. */
  certificatesFile: name,
  /** Of an encrypted key; only from the environment or `passphraseFile`. */
  passphrase: name.nullable().default(null),
  passphraseFile: name.nullable().default(null),
});

/** The `signing.credential` of the installation or of one municipality. */
export const credential = z.discriminatedUnion('type', [
  /** The built-in test authority: without legal effect. */
  z.strictObject({ type: z.literal('test') }),
  pkcs12,
  pem,
  z.strictObject({
    type: z.literal('pkcs11'),
    /** The HSM maker's PKCS#11 library (.so). */
    module: name,
    /** CKA_LABEL of the token; null: of `slot`, else the only token there is. */
    tokenLabel: name.nullable().default(null),
    /** Slot number as the library counts; labels survive a reboot better. */
    slot: z.int().min(0).nullable().default(null),
    /** CKA_LABEL of the private key; null with `keyId` null too: the only private key. */
    keyLabel: name.nullable().default(null),
    /** CKA_ID of the private key, hexadecimal. */
    keyId: z
      .string()
      .regex(/^([0-9a-f]{2})+$/i, 'must be hexadecimal, two digits for each octet')
      .toLowerCase()
      .nullable()
      .default(null),
    /** Only from the environment or `pinFile`. */
    pin: name.nullable().default(null),
    /** File whose first line is the PIN. */
    pinFile: name.nullable().default(null),
    /** PEM certificates; null takes those on the token. */
    certificatesFile: name.nullable().default(null),
  }),
]);

/** A key in a file, for what needs no HSM: `municipalities[].smime`. */
export const fileCredential = z.discriminatedUnion('type', [pkcs12, pem]);

/** One signing key's settings. */
export type CredentialSettings = z.output<typeof credential>;
