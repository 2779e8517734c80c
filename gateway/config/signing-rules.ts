// Rules about who signs and timestamps: keys with legal effect stand alone, and no secret goes in the clear.
import type { CredentialSettings } from './credential.ts';
import type { Path } from './environment.ts';
import { type Finding, isLoopback } from './finding.ts';
import type { Settings } from './schema.ts';

/** True when the built-in test authority signs or timestamps: nothing it seals has legal effect. */
export function usesTestAuthority({ signing, municipalities }: SigningSettings): boolean {
  return (
    signing.timestampAuthorities.length === 0 ||
    municipalities.some((one) => (one.signing.credential ?? signing.credential).type === 'test')
  );
}

/** What decides who signs; the frozen configuration fits as well. */
interface SigningSettings {
  readonly signing: {
    readonly credential: { readonly type: string };
    readonly timestampAuthorities: readonly unknown[];
  };
  readonly municipalities: readonly {
    readonly signing: { readonly credential: { readonly type: string } | null };
  }[];
}

/** Each `signing.credential` that counts, with the place it stands at. */
export function credentialsOf({ signing, municipalities }: Settings): [Path, CredentialSettings][] {
  const own = municipalities.flatMap((one, i): [Path, CredentialSettings][] =>
    one.signing.credential === null
      ? []
      : [[['municipalities', i, 'signing', 'credential'], one.signing.credential]],
  );
  // The installation's own is put to use only where a municipality has none.
  return own.length === municipalities.length
    ? own
    : [[['signing', 'credential'], signing.credential], ...own];
}

/** Each `smime` with the place it stands at. */
export function mailCredentialsOf({ municipalities }: Settings): [Path, CredentialSettings][] {
  return municipalities.flatMap(({ smime }, i): [Path, CredentialSettings][] =>
    smime === null ? [] : [[['municipalities', i, 'smime'], smime]],
  );
}

export function credentialFindings(settings: Settings): Finding[] {
  const credentials = credentialsOf(settings);
  const forTrial = credentials.filter(([, { type }]) => type === 'test');
  // What is for trial says so everywhere, on the pages and mails of all: real contracts would deny themselves.
  const mixed = settings.signing.timestampAuthorities.length > 0 && forTrial.length < credentials.length;
  const trials = (mixed ? forTrial : []).map(([path]) => ({
    path: [...path, 'type'],
    message: "must not be 'test' beside keys with legal effect",
  }));
  const choices = credentials.flatMap(([path, credential]) => {
    if (credential.type !== 'pkcs11') return [];
    const findings: Finding[] = [];
    if (credential.pin === null) {
      findings.push({ path: [...path, 'pinFile'], message: 'or pin (in the environment) must be given' });
    }
    if (credential.tokenLabel !== null && credential.slot !== null) {
      findings.push({ path: [...path, 'slot'], message: 'and tokenLabel must not both be given' });
    }
    return findings;
  });
  return [...trials, ...choices];
}

/** Whether the file of a key that signs contracts or mails, or of its passphrase, is not there or does not serve. */
export function isAboutKeyFile({ path }: Finding): boolean {
  const place = path.filter((step) => typeof step === 'string').join('.');
  const key = /^((municipalities\.)?signing\.credential|municipalities\.(smime|dkim))\./;
  return key.test(place) && /\.(file|keyFile|certificatesFile|module|passphraseFile|pinFile)$/.test(place);
}

export function timestampFindings({ signing }: Settings): Finding[] {
  return signing.timestampAuthorities.flatMap(({ url, user, password, clientCertificate }, i) => {
    const { protocol, hostname } = new URL(url);
    const path = ['signing', 'timestampAuthorities', i];
    const findings: Finding[] = [];
    if ((user === null) !== (password === null)) {
      findings.push({ path: [...path, 'user'], message: 'and password must be given together' });
    }
    if (protocol === 'http:' && clientCertificate !== null) {
      findings.push({ path: [...path, 'url'], message: 'must be https for a client certificate' });
    }
    if (protocol === 'http:' && password !== null && !isLoopback(hostname)) {
      findings.push({ path: [...path, 'url'], message: 'must be https where a password is sent' });
    }
    return findings;
  });
}
