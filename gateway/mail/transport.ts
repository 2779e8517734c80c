// How a message reached us: what SMTP itself proved before a single header was read (RFC 5321 §3.3, RFC 4954).

/** Who hands us mail: `submission` takes it from insiders only, `mx` from the whole world; `direct` is that world itself. */
export interface RelayIdentity {
  name: string;
  kind: 'submission' | 'mx' | 'direct';
  /** The relay's own authserv-id (RFC 8601 §2.5); required for `mx`, meaningless for the others. */
  authservId?: string | undefined;
}

/** What one SMTP transaction said and proved; stored beside the raw message. */
export interface InboundTransport {
  /** IPv4 or IPv6 address in text form, an IPv4-mapped prefix already dropped. */
  remoteAddress: string;
  heloName: string;
  relay: RelayIdentity | null;
  smtpUser: { username: string; addresses: readonly string[] } | null;
  /** The reverse path, '' for the null sender of bounces (RFC 5321 §4.5.5). */
  mailFrom: string;
  rcptTo: string[];
  tls: boolean;
}
