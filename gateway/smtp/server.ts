// Takes mail in: greets, judges client, envelope and size, and answers 250 only once the message is stored (RFC 5321).

import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { InboundTransport } from '../mail/transport.ts';
import type { Account } from './accounts.ts';
import { findDotLinesQuickly } from './dot-lines.ts';
import { disciplined } from './line-discipline.ts';
import { type LoginLimits, limitedLogins } from './login-limits.ts';
import { type Relay, relayLookup } from './relays.ts';
import { type ReplyCode, replyError, replyForStoreFailure } from './replies.ts';

export interface SmtpLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface SmtpServerOptions extends LoginLimits {
  host: string;
  /** 0 lets the system choose; listen() returns the port. */
  port: number;
  /** The name in our greeting. */
  hostname: string;
  /** PEM; without it there is neither STARTTLS nor AUTH. */
  tls?: { key: string | Buffer; cert: string | Buffer } | undefined;
  /** Octets of one message, announced with SIZE (RFC 1870). */
  maxSize: number;
  maxClients: number;
  /** In one envelope; at least 100 (RFC 5321 §4.5.3.1.8). */
  maxRecipients: number;
  /** Without a command or an octet of a mail; at least 300 (RFC 5321 §4.5.3.2.7). */
  idleSeconds: number;
  /** How long close() waits for sessions under way. */
  closeSeconds: number;
  relays: readonly Relay[];
  accounts: readonly Account[];
  /** Whether an envelope recipient is ours; 'postmaster' may come without a domain (RFC 5321 §4.5.1). */
  accepts(address: string): boolean | Promise<boolean>;
  /** Whether the envelope's domain forbids a client of kind `direct` to send for it. */
  forbidden(envelope: Pick<InboundTransport, 'remoteAddress' | 'heloName' | 'mailFrom'>): Promise<boolean>;
  /** Makes the message durable. The octets fail on a disconnect or a line fault; store must then reject and clean up. */
  store(input: InboundTransport, data: AsyncIterable<Uint8Array>): Promise<{ id: string }>;
  log: SmtpLog;
}

export interface RunningSmtpServer {
  listen(): Promise<{ port: number }>;
  /** For STARTTLS from now on; what goes on under the former certificate stays. */
  renew(tls: { key: string; cert: string }): void;
  close(): Promise<void>;
}

const NEVER_WANTED = ['WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'];

/** Throws at once when a relay's network cannot be read. */
export function createSmtpServer(options: SmtpServerOptions): RunningSmtpServer {
  const findRelay = relayLookup(options.relays);
  const logIn = limitedLogins(options.accounts, options);
  findDotLinesQuickly();
  const server = new SMTPServer({
    name: options.hostname,
    heloResponse: '%s',
    ...(options.tls ?? {}),
    size: options.maxSize,
    rejectOversized: true,
    maxClients: options.maxClients,
    maxRecipients: options.maxRecipients,
    authOptional: true,
    authMethods: ['PLAIN', 'LOGIN'],
    disabledCommands: disabledCommands(options, false),
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    lenientAddressParsing: true, // foo..bar@docomo.ne.jp exists
    socketTimeout: options.idleSeconds * 1000,
    closeTimeout: options.closeSeconds * 1000,
    logger: false,
    onSecure: (_socket, session, done) => {
      session.disabledCommands = disabledCommands(options, true);
      done();
    },
    onAuth: (login, session, done) => {
      const { remoteAddress: ip } = session;
      logIn(login.username ?? '', login.password ?? '', ip).then(
        (outcome) => {
          if (outcome.result === 'right') return done(null, { user: outcome.account });
          if (outcome.result === 'too-many') {
            const { of, account } = outcome;
            options.log.warn({ ip, account }, `smtp login not checked: too many of this ${of} were wrong`);
            return done(replyError('too-many-logins'));
          }
          // Not the name: people type their password into the wrong field.
          options.log.warn({ ip }, 'smtp login refused');
          return done(replyError('bad-credentials'));
        },
        (error: unknown) => {
          options.log.error({ err: error }, 'smtp login could not be checked');
          done(replyError('credentials-unchecked'));
        },
      );
    },
    onMailFrom: ({ address }, session, done) => {
      if (session.user !== undefined && session.user !== false) return done();
      const relay = findRelay(session.remoteAddress);
      if (relay?.kind === 'direct') {
        spfVerdictOn(address, session, options).then((refusal) => done(refusal && replyError(refusal)));
        return;
      }
      if (relay !== null) return done();
      options.log.warn({ ip: session.remoteAddress }, 'smtp client is neither relay nor account');
      return done(replyError('not-a-relay'));
    },
    onRcptTo: (recipient, _session, done) => {
      verdictOn(recipient.address, options).then((refusal) => done(refusal && replyError(refusal)));
    },
    onData: (stream, session, done) => {
      receive(stream, transportOf(session, findRelay), options).then(
        ({ id }) => done(null, `OK: stored as ${id}`),
        (error: unknown) => {
          options.log.warn({ err: error, ip: session.remoteAddress }, 'smtp message not taken');
          done(replyForStoreFailure(error));
        },
      );
    },
  });

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.server.once('error', reject);
        server.listen(options.port, options.host, () => {
          server.server.off('error', reject);
          server.on('error', (error: Error) => options.log.warn({ err: error }, 'smtp connection failed'));
          const address = server.server.address();
          resolve({ port: typeof address === 'object' && address !== null ? address.port : options.port });
        });
      }),
    renew: (tls) => server.updateSecureContext(tls),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** AUTH is neither offered nor taken before TLS: a client must not be lured into sending its password in the clear. */
function disabledCommands(options: SmtpServerOptions, secure: boolean): string[] {
  return [
    ...NEVER_WANTED,
    ...(options.tls === undefined ? ['STARTTLS'] : []),
    ...(secure && options.accounts.length > 0 ? [] : ['AUTH']),
  ];
}

async function spfVerdictOn(
  mailFrom: string,
  { remoteAddress, hostNameAppearsAs }: SMTPServerSession,
  { forbidden, log }: SmtpServerOptions,
): Promise<ReplyCode | null> {
  try {
    if (!(await forbidden({ remoteAddress, heloName: hostNameAppearsAs || '', mailFrom }))) return null;
    log.warn({ ip: remoteAddress }, 'smtp client is forbidden by the SPF record of its envelope domain');
    return 'spf-fail';
  } catch (error) {
    log.error({ err: error }, 'SPF could not be checked; the mail is judged once it is here');
    return null;
  }
}

async function verdictOn(address: string, options: SmtpServerOptions): Promise<ReplyCode | null> {
  try {
    return (await options.accepts(address)) ? null : 'unknown-recipient';
  } catch (error) {
    options.log.error({ err: error }, 'smtp recipient could not be checked');
    return 'recipient-unchecked';
  }
}

async function receive(
  stream: SMTPServerDataStream,
  transport: InboundTransport,
  options: SmtpServerOptions,
): Promise<{ id: string }> {
  // A client may be gone before store() begins to read: without a listener its failure would end the process. Whoever
  // reads a failed stream is told of the failure all the same.
  stream.on('error', () => {});
  try {
    return await options.store(transport, disciplined(stream, options.maxSize));
  } finally {
    // When store() gives up early the rest is drained, so that the reply follows the final dot and not overtakes it.
    stream.resume();
  }
}

function transportOf(
  session: SMTPServerSession,
  findRelay: (remoteAddress: string) => Relay | null,
): InboundTransport {
  const relay = findRelay(session.remoteAddress);
  const account = (session.user || null) as Account | null;
  const { mailFrom, rcptTo } = session.envelope;
  return {
    remoteAddress: session.remoteAddress,
    heloName: session.hostNameAppearsAs || '',
    relay: relay && { name: relay.name, kind: relay.kind, authservId: relay.authservId },
    smtpUser: account && { username: account.username, addresses: account.addresses },
    mailFrom: mailFrom === false ? '' : mailFrom.address,
    rcptTo: rcptTo.map((recipient) => recipient.address),
    tls: session.secure,
  };
}
