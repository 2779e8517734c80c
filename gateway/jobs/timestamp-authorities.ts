/** The timestamp authorities of the configuration as one, and whose timestamps are trusted (RFC 3161, R54). */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import {
  firstAvailableAuthority,
  httpTimestampAuthority,
  type TimestampAuthorities,
  type TimestampTls,
} from '../../signing/cms/index.ts';
import type { TestAuthority } from '../../signing/index.ts';
import type { Config } from '../config.ts';
import { certificatesIn } from './certificate-files.ts';

type Settings = Config['signing'];
type AuthoritySettings = Settings['timestampAuthorities'][number];

export interface TimestampAuthoritiesOptions {
  /** DER roots for authorities that name none of their own. */
  readonly trust: readonly Uint8Array[];
  /** Serves where no authority is named. */
  readonly test: TestAuthority | null;
  readonly clock: () => Date;
  readonly log: Logger;
}

/** Roots that only timestamps lead to, DER: every file that is verified needs them too. */
export function timestampTrust({ timestampAuthorities }: Settings): Uint8Array[] {
  return timestampAuthorities.flatMap(rootsOf);
}

/** Throws a permanent SigningError where a client certificate cannot be used. */
export function openTimestampAuthorities(
  settings: Settings,
  { trust, test, clock, log }: TimestampAuthoritiesOptions,
): TimestampAuthorities {
  const { timestampAuthorities, timestampPauseSeconds } = settings;
  const configured = timestampAuthorities.map((authority) => {
    const { url, minIntervalMs, timeoutSeconds, user, password, policies } = authority;
    return httpTimestampAuthority({
      url,
      minIntervalMs,
      policies,
      trust: authority.trustFiles.length > 0 ? rootsOf(authority) : trust,
      timeoutMs: timeoutSeconds * 1000,
      basic: user === null || password === null ? undefined : { user, password },
      tls: tlsOf(authority),
      clock,
    });
  });
  const authorities =
    configured.length > 0 ? configured : [httpTimestampAuthority({ url: test!.timestampUrl, trust, clock })];
  const all = firstAvailableAuthority(authorities, { pauseSeconds: timestampPauseSeconds, clock });
  all.watch((host, failure) => {
    if (failure)
      log.warn({ authority: host, err: failure }, 'timestamp authority fails; asked last for a while');
    else log.info({ authority: host }, 'timestamp authority serves');
  });
  return all;
}

function rootsOf({ trustFiles }: AuthoritySettings): Uint8Array[] {
  return trustFiles.flatMap((file) => certificatesIn(readFileSync(file)));
}

function tlsOf({ clientCertificate: client, caFile }: AuthoritySettings): TimestampTls {
  const ca = caFile === null ? undefined : readFileSync(caFile, 'utf8');
  if (client === null) return { ca };
  return 'file' in client
    ? { ca, pfx: readFileSync(client.file), passphrase: client.passphrase ?? undefined }
    : { ca, key: readFileSync(client.keyFile, 'utf8'), cert: readFileSync(client.certFile, 'utf8') };
}
