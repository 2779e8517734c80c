/** What the municipality's own people do through links can be kept within its networks (R52): the approver's page, their downloads. */
import { BlockList, isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { OpenedLink } from '../app/consent-desk.ts';
import type { WebOptions } from './options.ts';
import { contractStatePage, sendPage } from './pages.ts';

/** Answers staff links from outside with a page; costs nothing where no municipality asks for it. */
export function limitStaff(
  server: FastifyInstance,
  purpose: 'consent' | 'download',
  options: WebOptions,
): void {
  const { staffNetworks, desk, log } = options;
  if (staffNetworks.size === 0) return;
  server.addHook('preHandler', async (request, reply) => {
    const { secret } = request.params as { secret?: string };
    const link = secret === undefined ? undefined : await desk.open(purpose, secret);
    if (!link || !isStaff(link)) return undefined;
    const { id, municipality, title } = link.contract;
    const networks = staffNetworks.get(municipality) ?? [];
    if (networks.length === 0 || isWithin(networks, request.ip)) return undefined;
    const { participant } = link.row;
    log.warn({ contract: id, participant, ip: request.ip }, 'staff link used outside the staff networks');
    return sendPage(
      reply,
      403,
      contractStatePage(options.municipalityOf(municipality), 'staff-network', title),
    );
  });
}

function isStaff({ row, step }: OpenedLink): boolean {
  return row.participant === 'initiator' || step?.role === 'approver';
}

/** Whether `ip` lies in one of `networks` (CIDR); an IPv4 address within IPv6 (RFC 4291 2.5.5.2) counts as what it is. */
export function isWithin(networks: readonly string[], ip: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    list.addSubnet(base, Number(bits), isIPv6(base) ? 'ipv6' : 'ipv4');
  }
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
