/** Hashes of what people choose and must not be known from a copy of the database: passwords and PINs (scrypt, RFC 7914, in PHC string form). */
//
// Format: $scrypt$ln=15,r=8,p=1$<salt>$<hash>, salt and hash in base64 without padding; ln is log2 of the cost N.

import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

const COST_LOG2 = 15;
const BLOCK_SIZE = 8;
const PARALLEL = 1;
const SALT_OCTETS = 16;
const HASH_OCTETS = 32;
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{8,})\$([A-Za-z0-9+/]{16,})$/;

/** Hashes a password into the format above with a fresh salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_OCTETS);
  const hash = await derive(password, salt, HASH_OCTETS, COST_LOG2, BLOCK_SIZE, PARALLEL);
  return `$scrypt$ln=${COST_LOG2},r=${BLOCK_SIZE},p=${PARALLEL}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** True when the password made this hash; throws when the hash is not in the format above. */
export async function verifyPassword(password: string, passwordHash: string): Promise<boolean> {
  const match = PHC.exec(passwordHash);
  if (match === null) throw new Error('password hash is not in the form $scrypt$ln=..,r=..,p=..$salt$hash');
  const [, ln, r, p, salt, hash] = match as unknown as [string, string, string, string, string, string];
  const expected = Buffer.from(hash, 'base64');
  const actual = await derive(password, Buffer.from(salt, 'base64'), expected.length, +ln, +r, +p);
  return timingSafeEqual(actual, expected);
}

function derive(
  password: string,
  salt: Buffer,
  octets: number,
  ln: number,
  r: number,
  p: number,
): Promise<Buffer> {
  const cost = 2 ** ln;
  const options: ScryptOptions = { N: cost, r, p, maxmem: 256 * cost * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, octets, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function unpadded(octets: Buffer): string {
  return octets.toString('base64').replace(/=+$/, '');
}
