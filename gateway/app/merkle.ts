/** One hash over the newest event of every contract: a Merkle tree with separated leaves and nodes (RFC 9162 2.1). */
import { createHash } from 'node:crypto';

/** Lower-case hex; the hash of nothing for no contracts. */
export function merkleRoot(heads: readonly { readonly contract: string; readonly hash: string }[]): string {
  const leaves = heads.map(({ contract, hash }) => sha256(Buffer.of(0), Buffer.from(`${contract}:${hash}`)));
  return (leaves.length === 0 ? sha256() : rootOf(leaves)).toString('hex');
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes;
  if (hashes.length === 1) return only!;
  const half = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
  return sha256(Buffer.of(1), rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half)));
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
}
