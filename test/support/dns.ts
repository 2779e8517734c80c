/** A DNS that says what a test wrote down, and mails signed for it (RFC 1035, RFC 6376). */
import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';
import type { DnsResolver } from '../../gateway/mail/direct-proof.ts';

export interface ScriptedDns {
  readonly resolver: DnsResolver;
  /** 'name TYPE' → TXT texts or addresses; what is missing does not exist. */
  readonly records: Map<string, readonly string[]>;
  /** Names whose servers do not answer. */
  readonly silent: Set<string>;
}

export function scriptedDns(records: Readonly<Record<string, readonly string[]>> = {}): ScriptedDns {
  const dns = { records: new Map(Object.entries(records)), silent: new Set<string>() };
  return {
    ...dns,
    async resolver(name, type) {
      if (dns.silent.has(name))
        throw Object.assign(new Error(`queryTxt ETIMEOUT ${name}`), { code: 'ETIMEOUT' });
      const found = dns.records.get(`${name} ${type}`);
      if (!found) throw Object.assign(new Error(`queryTxt ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
      return type === 'TXT' ? found.map((text) => [text]) : [...found];
    },
  };
}

/** A domain's signing key, with the record that publishes it as `selector`. */
export function dkimKey(domain: string, selector = 'k1') {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return {
    record: [`${selector}._domainkey.${domain} TXT`, [`v=DKIM1; k=rsa; p=${p}`]] as const,
    /** Puts the signature above the mail; `bodyLength` signs so many octets of the body only (l=). */
    async sign(raw: string, bodyLength?: number): Promise<string> {
      const own = { signingDomain: domain, selector, privateKey: pem };
      const data = { ...own, ...(bodyLength === undefined ? {} : { maxBodyLength: bodyLength }) };
      const { signatures } = await dkimSign(raw, {
        ...own,
        canonicalization: 'relaxed/relaxed',
        signTime: new Date(),
        signatureData: [data],
      });
      return signatures + raw;
    },
  };
}
