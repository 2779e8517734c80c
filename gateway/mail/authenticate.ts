// Decides how far the author of a message is proven (RFC 8601 §5, RFC 7489 §3.1; decision 7 of the design).

import { domainOf, normaliseAddress } from './address.ts';
import { readAuthenticationResults } from './authentication-results.ts';
import type { DirectProof } from './direct-proof.ts';
import type { ParsedMessage } from './parse.ts';
import { isStaff, type Staff } from './rights.ts';
import type { InboundTransport } from './transport.ts';

export interface Authentication {
  /** unproven: never answered; aligned: may be answered, capped; staff: may command. */
  level: 'unproven' | 'aligned' | 'staff';
  /** The author's address, normalised; '' when there is no single author. */
  address: string;
  means: 'submission-relay' | 'smtp-auth' | 'authentication-results' | 'direct' | 'released' | 'none';
  /** For the log, in English. */
  detail: string;
}

/**
 * Believes a login for its own addresses only, a submission relay for every From, an mx relay for nothing but its own
 * aligned dmarc=pass, the Internet for nothing but the proof found in the mail itself. Anything else, and any message
 * without exactly one author, is unproven.
 */
export function authenticate(
  message: ParsedMessage,
  transport: InboundTransport,
  staff: Staff,
  direct: DirectProof | null = null,
): Authentication {
  if (message.from === null) return unproven('', `From is ${message.fromProblem}`);
  const address = normaliseAddress(message.from.address);
  const level = isStaff(address, staff) ? 'staff' : 'aligned';

  // A login says who is there, wherever the connection comes from: it binds before the relay does.
  if (transport.smtpUser !== null) {
    const { username, addresses } = transport.smtpUser;
    if (!addresses.some((own) => normaliseAddress(own) === address)) {
      return unproven(address, `account ${username} may not write as this address`);
    }
    return { level, address, means: 'smtp-auth', detail: `account ${username}` };
  }
  const { relay } = transport;
  if (relay === null) return unproven(address, 'neither relay nor account');
  if (relay.kind === 'submission') {
    return { level, address, means: 'submission-relay', detail: `relay ${relay.name}` };
  }
  if (relay.kind === 'direct') {
    if (direct === null) return unproven(address, 'nothing was proven');
    if (!direct.passed) return unproven(address, direct.detail);
    // Two readings of one From must not differ: whichever domain was proven is the only one believed.
    if (direct.fromDomain !== domainOf(address)) {
      return unproven(address, `proven is "${direct.fromDomain}", not the domain of From`);
    }
    return { level, address, means: 'direct', detail: direct.detail };
  }
  const problem = dmarcProblem(message.authenticationResults, relay.authservId, domainOf(address));
  if (problem !== null) return unproven(address, problem);
  return { level, address, means: 'authentication-results', detail: `dmarc=pass by ${relay.authservId}` };
}

/**
 * Only the topmost header with the relay's own authserv-id counts: the relay puts its verdict above everything it
 * received, so a forged copy can only stand below and is never looked at.
 */
function dmarcProblem(headers: string[], authservId: string | undefined, fromDomain: string): string | null {
  if (authservId === undefined) return 'the relay has no authserv-id';
  const trusted = headers
    .map(readAuthenticationResults)
    .find((header) => header?.authservId === authservId.toLowerCase());
  if (trusted == null) return `no Authentication-Results by ${authservId}`;
  const verdicts = trusted.results.filter(({ method }) => method === 'dmarc');
  if (verdicts.length !== 1) return `${verdicts.length} dmarc verdicts by ${authservId}`;
  const { result, properties } = verdicts[0]!;
  if (result !== 'pass') return `dmarc=${result} by ${authservId}`;
  const proven =
    domainOf(properties.get('header.from') ?? '') || normaliseAddress(properties.get('header.from') ?? '');
  return proven === fromDomain ? null : `dmarc=pass is for "${proven}", not for the domain of From`;
}

/** What the operator vouches for: an author is still needed, and how it was proven stays known. */
export function released(message: ParsedMessage, staff: Staff): Authentication {
  if (message.from === null) return unproven('', `From is ${message.fromProblem}`);
  const address = normaliseAddress(message.from.address);
  const level = isStaff(address, staff) ? 'staff' : 'aligned';
  return { level, address, means: 'released', detail: 'released from quarantine by the operator' };
}

function unproven(address: string, detail: string): Authentication {
  return { level: 'unproven', address, means: 'none', detail };
}
