// Which declared relay a connecting address belongs to (RFC 4632 CIDR notation).

import ipaddr from 'ipaddr.js';
import type { RelayIdentity } from '../mail/transport.ts';

export interface Relay extends RelayIdentity {
  /** CIDR blocks or single addresses, IPv4 and IPv6. */
  networks: readonly string[];
}

type Address = ReturnType<typeof ipaddr.process>;

/** Builds the lookup; throws on a network that cannot be read. The first relay that contains the address wins. */
export function relayLookup(relays: readonly Relay[]): (remoteAddress: string) => Relay | null {
  const compiled = relays.map((relay) => ({ relay, blocks: relay.networks.map(readNetwork) }));
  return (remoteAddress) => {
    if (!ipaddr.isValid(remoteAddress)) return null;
    const address = ipaddr.process(remoteAddress);
    const found = compiled.find(({ blocks }) => blocks.some((block) => contains(block, address)));
    return found?.relay ?? null;
  };
}

function readNetwork(network: string): [Address, number] {
  try {
    if (network.includes('/')) return ipaddr.parseCIDR(network);
    const address = ipaddr.process(network);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    throw new Error(`relay network "${network}" is neither an address nor a CIDR block`);
  }
}

function contains([network, bits]: [Address, number], address: Address): boolean {
  if (network.kind() !== address.kind()) return false;
  return address.match(network as never, bits);
}
