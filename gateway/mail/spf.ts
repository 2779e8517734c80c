// Asks before a mail is taken whether its envelope's domain forbids the client to send it (RFC 7208 §2.6.4, §8.4), with mailauth.

import type { DnsResolver } from './direct-proof.ts';
import type { InboundTransport } from './transport.ts';

/**
 * Only a "fail" that is there within `limitMs` is one: whatever DNS leaves open goes on to be judged with the whole mail.
 * Bounces are judged by the name the client gave (RFC 7208 §2.4).
 */
export async function spfForbids(
  { remoteAddress, heloName, mailFrom }: Pick<InboundTransport, 'remoteAddress' | 'heloName' | 'mailFrom'>,
  { hostname, resolver, limitMs }: { hostname: string; resolver: DnsResolver; limitMs: number },
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, limitMs, false);
  });
  try {
    return await Promise.race([late, fails()]);
  } finally {
    clearTimeout(timer);
  }

  async function fails(): Promise<boolean> {
    const { spf } = await import('mailauth');
    const asked = { ip: remoteAddress, helo: heloName, sender: mailFrom, mta: hostname, resolver };
    return (await spf(asked)).status.result === 'fail';
  }
}
