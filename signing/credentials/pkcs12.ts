/** A signing identity from a PKCS#12 file, opened once (RFC 7292). */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { type Credential, SigningError } from '../ports.ts';
import { keyCredential } from './pem.ts';

/** Throws a permanent SigningError on a wrong passphrase or when it holds no signing identity. */
export function pkcs12Credential(bytes: Uint8Array, passphrase: string): Credential {
  const safe = open(bytes, passphrase);
  return keyCredential(
    () => {
      const { oids } = forge.pki;
      const [key] = [...bagsOf(safe, oids.pkcs8ShroudedKeyBag!), ...bagsOf(safe, oids.keyBag!)];
      if (key === undefined) throw new Error('there is none');
      return createPrivateKey({ key: derOf(privateKeyInfo(key)), format: 'der', type: 'pkcs8' });
    },
    () => bagsOf(safe, forge.pki.oids.certBag!).map((bag) => new X509Certificate(derOf(certificate(bag)))),
  );
}

function open(bytes: Uint8Array, passphrase: string): forge.pkcs12.Pkcs12Pfx {
  // Makers of PKCS#12 files disagree on how other characters become octets.
  if (!/^[ -~]*$/.test(passphrase))
    throw new SigningError('the passphrase of a PKCS#12 file has to be ASCII', { transient: false });
  try {
    const asn1 = forge.asn1.fromDer(Buffer.from(bytes).toString('latin1'));
    return forge.pkcs12.pkcs12FromAsn1(asn1, false, passphrase);
  } catch (cause) {
    const why = /MAC could not be verified/.test(String(cause))
      ? 'the passphrase is wrong'
      : 'damaged, or protected in a way not supported (AES, 3DES or RC2 with an SHA-1 or SHA-2 MAC is)';
    throw new SigningError(`the PKCS#12 file cannot be opened: ${why}`, { transient: false, cause });
  }
}

function bagsOf(safe: forge.pkcs12.Pkcs12Pfx, bagType: string): forge.pkcs12.Bag[] {
  return safe.getBags({ bagType })[bagType] ?? [];
}

/** forge understands RSA and hands everything else over as plain ASN.1. */
function privateKeyInfo(bag: forge.pkcs12.Bag): forge.asn1.Asn1 {
  return bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1;
}

function certificate(bag: forge.pkcs12.Bag): forge.asn1.Asn1 {
  return bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1;
}

function derOf(asn1: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
}
