/** Whom a limit for each address counts: an IPv4 address, or an IPv6 network of 64 bits, which one client has to itself (RFC 4291 2.5.4). */
import ipaddr from 'ipaddr.js';

/** `address` as a socket gives it; an IPv4 address within IPv6 counts as what it is, text that is no address as itself. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address.toLowerCase();
  const read = ipaddr.process(address);
  return read instanceof ipaddr.IPv6
    ? `${read.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`
    : read.toString();
}
