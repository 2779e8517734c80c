/** A TLS key and certificate in files that are renewed while we run (RFC 8446 4.4.2): taken on without a stop. */
import { readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { createSecureContext } from 'node:tls';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

export interface TlsLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export function readTlsPair({ certFile, keyFile }: TlsFiles): TlsPair {
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

/** Gives a new pair to `take` when the files change or SIGHUP comes; returns what ends that. `of` names the port in the log. */
export function followRenewals(
  files: TlsFiles,
  of: 'pages' | 'mail',
  take: (pair: TlsPair) => void,
  log: TlsLog,
): () => void {
  const { certFile, keyFile } = files;
  let taken = JSON.stringify(readTlsPair(files));
  const renew = (asked: boolean): void => {
    try {
      const next = readTlsPair(files);
      if (JSON.stringify(next) === taken) {
        if (asked) log.info({ certFile }, `certificate of the ${of} is still the same`);
        return;
      }
      createSecureContext(next);
      take(next);
      taken = JSON.stringify(next);
      log.info({ certFile }, `new certificate of the ${of} taken on`);
    } catch (error) {
      // Between the writing of the two files they do not fit; whatever comes next is looked at again.
      log.warn({ err: error, certFile }, `certificate of the ${of} cannot be taken on: the former one stays`);
    }
  };
  // Folders, since certificates are renewed by putting other files or links in their places.
  const watchers = [...new Set([dirname(certFile), dirname(keyFile)])].map((folder) =>
    watch(folder, { persistent: false }, () => renew(false)).on('error', (error) =>
      log.warn({ err: error, folder }, 'certificate folder cannot be watched: send SIGHUP after a renewal'),
    ),
  );
  const onHangup = (): void => renew(true);
  process.on('SIGHUP', onHangup);
  return () => {
    process.off('SIGHUP', onHangup);
    for (const watcher of watchers) watcher.close();
  };
}
