// Rules between settings: each value is well formed, but together they would be wrong or unsafe.
import { relative, resolve, sep } from 'node:path';
import { dkimFindings, fileFindings, logoFindings, webTlsFindings } from './file-rules.ts';
import { type Finding, isLoopback, repeated } from './finding.ts';
import { municipalityFindings } from './municipality-rules.ts';
import type { Settings } from './schema.ts';
import { credentialFindings, timestampFindings, usesTestAuthority } from './signing-rules.ts';

/** Every broken rule at once, in the schema's order. */
export function crossCheck(settings: Settings): Finding[] {
  return [
    ...keyFindings(settings),
    ...blobFindings(settings),
    ...smtpFindings(settings),
    ...webFindings(settings),
    ...relayFindings(settings),
    ...municipalityFindings(settings),
    ...limitFindings(settings),
    ...credentialFindings(settings),
    ...timestampFindings(settings),
    ...fileFindings(settings),
    ...dkimFindings(settings),
    ...logoFindings(settings),
  ];
}

function keyFindings(settings: Settings): Finding[] {
  const findings: Finding[] = [];
  if (settings.masterKey !== null && Buffer.from(settings.masterKey, 'base64').length !== 32) {
    findings.push({ path: ['masterKey'], message: 'must be base64 of exactly 32 octets' });
  }
  const below = relative(resolve(settings.dataDirectory), resolve(settings.masterKeyFile));
  if (below === '' || (below !== '..' && !below.startsWith(`..${sep}`))) {
    findings.push({
      path: ['masterKeyFile'],
      message: 'must lie outside dataDirectory, or a backup of the data carries its own key',
    });
  }
  return findings;
}

function blobFindings({ blobUrl, blobAccessKeyId, blobSecretAccessKey }: Settings): Finding[] {
  const wanted = blobUrl !== null;
  if ((blobAccessKeyId !== null) === wanted && (blobSecretAccessKey !== null) === wanted) return [];
  const message = 'blobAccessKeyId and blobSecretAccessKey must be given together';
  return [{ path: ['blobUrl'], message }];
}

function smtpFindings({ smtp }: Settings): Finding[] {
  const findings: Finding[] = [];
  for (const [i, relay] of smtp.relays.entries()) {
    if (relay.kind === 'mx' && relay.authservId === undefined) {
      findings.push({
        path: ['smtp', 'relays', i, 'authservId'],
        message:
          "is required for kind 'mx': without it no Authentication-Results can be told from a forged one",
      });
    }
    if (relay.kind === 'submission' && relay.networks.some((network) => network.endsWith('/0'))) {
      findings.push({
        path: ['smtp', 'relays', i, 'networks'],
        message: "must not be the whole Internet for kind 'submission': everyone would pass as staff",
      });
    }
  }
  findings.push(
    ...repeated(
      smtp.relays.map((relay) => relay.name),
      (i) => ['smtp', 'relays', i, 'name'],
    ),
    ...repeated(
      smtp.accounts.map((account) => account.username),
      (i) => ['smtp', 'accounts', i, 'username'],
    ),
  );
  if (smtp.accounts.length > 0 && smtp.tls === null) {
    findings.push({
      path: ['smtp', 'tls'],
      message: 'is needed for accounts: no password is taken without TLS',
    });
  }
  return findings;
}

function webFindings(settings: Settings): Finding[] {
  const { web } = settings;
  const url = new URL(web.publicUrl);
  const path = ['web', 'publicUrl'];
  if (web.publicUrl !== url.origin) {
    return [{ path, message: `must be scheme and host only, without path or trailing slash: ${url.origin}` }];
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !usesTestAuthority(settings)) {
    return [{ path, message: 'must be https once contracts have legal effect' }];
  }
  return web.tls === null ? [] : webTlsFindings(web.tls, url);
}

function relayFindings(settings: Settings): Finding[] {
  const { relay, signing } = settings;
  const findings: Finding[] = [];
  const remote = !isLoopback(relay.host);
  if (remote && usesTestAuthority(settings) && !signing.allowTestAuthority) {
    // Named at signing, so that a signing section with mistakes of its own does not report this one on top.
    findings.push({
      path: ['signing', 'allowTestAuthority'],
      message:
        `must be true for mail to leave this machine through ${relay.host} while the test authority signs or ` +
        'timestamps; for contracts with legal effect set signing.credential and signing.timestampAuthorities',
    });
  }
  if ((relay.user === null) !== (relay.password === null)) {
    findings.push({ path: ['relay', 'user'], message: 'and relay.password must be given together' });
  }
  if (remote && relay.password !== null && !relay.secure && !relay.requireTls) {
    findings.push({
      path: ['relay', 'requireTls'],
      message: 'or relay.secure must be true where a password is sent',
    });
  }
  if (relay.retry.firstSeconds > relay.retry.maxSeconds) {
    findings.push({
      path: ['relay', 'retry', 'firstSeconds'],
      message: 'must not exceed relay.retry.maxSeconds',
    });
  }
  return findings;
}

function limitFindings({ attachments, contract }: Settings): Finding[] {
  const findings: Finding[] = [];
  if (attachments.carrierLimitOctets > attachments.limitOctets) {
    findings.push({
      path: ['attachments', 'carrierLimitOctets'],
      message: 'must not exceed attachments.limitOctets',
    });
  }
  if (attachments.limitOctets > contract.maxTotalOctets) {
    findings.push({
      path: ['attachments', 'limitOctets'],
      message: 'must not exceed contract.maxTotalOctets',
    });
  }
  return findings;
}
