/** The role smtp: takes mail in. */
import { acceptMessages } from '../app/accept-message.ts';
import type { DnsResolver } from '../mail/direct-proof.ts';
import { spfForbids } from '../mail/spf.ts';
import { createSmtpServer } from '../smtp/server.ts';
import { followRenewals, readTlsPair } from '../tls-files.ts';
import { turns } from '../turns.ts';
import type { OnClose, Parts } from './core.ts';
import { portTaken } from './listening.ts';

/** Gives the port. */
export async function startSmtp(
  { config, municipalities, core }: Parts,
  resolver: DnsResolver,
  onClose: OnClose,
): Promise<number> {
  const { tls, maxMessageOctets, hostname, spfSeconds, loginChecksAtOnce } = config.smtp;
  const smtp = createSmtpServer({
    ...config.smtp,
    maxSize: maxMessageOctets,
    tls: tls ? readTlsPair(tls) : undefined,
    accepts: (address) => municipalities.byAddress(address) !== undefined,
    forbidden: (envelope) => spfForbids(envelope, { hostname, resolver, limitMs: spfSeconds * 1000 }),
    store: acceptMessages({ ...core, municipalitiesOf: municipalities.ofRecipients }),
    inTurn: turns(loginChecksAtOnce).take,
    clock: core.clock,
    log: core.log,
  });
  const { port } = await smtp.listen().catch(portTaken('smtp.port', config.smtp));
  onClose(() => smtp.close());
  if (tls) onClose(followRenewals(tls, 'mail', smtp.renew, core.log));
  return port;
}
