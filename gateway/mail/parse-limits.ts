// How much of a mail is read into memory, and how often it may have been sent on; a mail beyond it is kept unread.

export interface ParseLimits {
  /** Octets of a message's or a part's header section. */
  readonly headOctets: number;
  /** Octets of all attachments after decoding. */
  readonly contentOctets: number;
  /** Characters of one text part, and of what is read of all; three octets to each. */
  readonly textCharacters: number;
  /** Received headers with which a mail is not yet a loop (RFC 5321 §6.3). */
  readonly received: number;
  /** DKIM signatures up to which a mail's proof is looked at: each asks DNS, and may have the whole body hashed once more (RFC 6376 §8.4). */
  readonly signatures: number;
}

/** What holds where nobody says otherwise. */
export const PARSE_LIMITS: ParseLimits = {
  // As much as mail systems pass on.
  headOctets: 256 * 1024,
  contentOctets: 256 * 1024 * 1024,
  textCharacters: 2_000_000,
  // The least that RFC 5321 §6.3 lets a server take for a loop.
  received: 100,
  signatures: 20,
};
