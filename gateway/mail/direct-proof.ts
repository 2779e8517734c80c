// Proves the author of a mail that came straight from the Internet (SPF RFC 7208, DKIM RFC 6376, DMARC RFC 7489), with mailauth.

import { Resolver } from 'node:dns/promises';
import type { Readable } from 'node:stream';
import { domainOf } from './address.ts';
import type { ParsedMessage } from './parse.ts';
import type { ParseLimits } from './parse-limits.ts';
import { withoutPartialSignatures } from './partial-signatures.ts';
import type { InboundTransport } from './transport.ts';

/** As node:dns resolves: rejects with `code` ENOTFOUND or ENODATA where there is nothing, with another where nobody answers. */
export type DnsResolver = (name: string, type: string) => Promise<string[][] | string[]>;

export interface DirectProof {
  /** Whether DMARC passes by an aligned SPF or DKIM result that covers the whole mail. */
  readonly passed: boolean;
  /** The domain of the From that was judged, '' where there is none or more than one. */
  readonly fromDomain: string;
  /** For log and evidence, in English. */
  readonly detail: string;
}

/** A name server does not answer: another try may tell more. */
export class DnsUnavailable extends Error {
  override readonly name = 'DnsUnavailable';
  readonly transient = true;
}

/** As resolvers do; what does not answer then is asked again by the worker, for as long as `smtp.dnsHours`. */
const DNS_TIMEOUT_MS = 5000;
const DNS_TRIES = 2;

/** The verdict on a mail with so many signatures that each could keep us busy for minutes; null where they can be looked at. */
export function tooManySignatures(
  { signatures }: Pick<ParsedMessage, 'signatures'>,
  limits: Pick<ParseLimits, 'signatures'>,
): DirectProof | null {
  if (signatures <= limits.signatures) return null;
  return {
    passed: false,
    fromDomain: '',
    detail: `${signatures} DKIM signatures are more than are looked at`,
  };
}

/** Asks the name servers of this machine. */
export function systemResolver(): DnsResolver {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  return (name, type) => resolver.resolve(name, type) as Promise<string[][] | string[]>;
}

/**
 * Judges the raw octets by what the sender's domains publish now. Rejects with DnsUnavailable where an answer is missing
 * that could still prove the author; `final` takes a missing answer for a no.
 */
export async function proveDirect(
  raw: Readable,
  { remoteAddress, heloName, mailFrom }: InboundTransport,
  { hostname, resolver, final }: { hostname: string; resolver: DnsResolver; final: boolean },
): Promise<DirectProof> {
  // A third of a second to load: only who takes mail directly waits for it.
  const { authenticate } = await import('mailauth');
  const { mail, leftOut } = await withoutPartialSignatures(raw);
  const { spf, dkim, dmarc } = await authenticate(mail, {
    ip: remoteAddress,
    helo: heloName,
    sender: mailFrom,
    mta: hostname,
    resolver,
    disableArc: true,
    disableBimi: true,
  });
  const author = [dkim.headerFrom ?? []].flat();
  const fromDomain = author.length === 1 ? domainOf(author[0]!) : '';
  const spfResult = spf ? spf.status.result : 'none';
  const dkimResults = dkim.results.map(({ status }) => status.result);
  const dmarcResult = dmarc ? dmarc.status.result : 'none';
  const partly = leftOut > 0 ? ` (${leftOut} over part of the body not counted)` : '';
  const results = `dmarc=${dmarcResult} spf=${spfResult} dkim=${dkimResults.join(',') || 'none'}${partly}`;
  if (dmarc && dmarc.status.result === 'pass' && dmarc.alignment) {
    const bySpf = isAligned(dmarc.alignment.spf, fromDomain);
    // Should a signature with a length have been read as one only by mailauth.
    const byDkim = isAligned(dmarc.alignment.dkim, fromDomain) && !dmarc.alignment.dkim.underSized;
    if (bySpf || byDkim) {
      return { passed: true, fromDomain, detail: `${results} by ${bySpf ? 'spf' : 'dkim'}` };
    }
    return { passed: false, fromDomain, detail: `${results}, but strictly or wholly aligned is neither` };
  }
  if (!final && [spfResult, dmarcResult, ...dkimResults].includes('temperror')) {
    throw new DnsUnavailable(`the author cannot be proven yet: ${results}`);
  }
  return { passed: false, fromDomain, detail: results };
}

/** mailauth falls back to organisational domains where strict alignment is asked for (RFC 7489 §3.1.1). */
function isAligned(
  { result, strict }: { result: string | false; strict: boolean },
  fromDomain: string,
): boolean {
  return typeof result === 'string' && (!strict || domainOf(`@${result}`) === fromDomain);
}
