/** Takes a CMS SignedData apart with node-forge's ASN.1, so that what we wrote is not read by what wrote it (RFC 5652 5.1, 5.3). */
import forge from 'node-forge';

const { asn1 } = forge;
/** id-aa-timeStampToken (RFC 3161, appendix A). */
const SIGNATURE_TIMESTAMP = '1.2.840.113549.1.9.16.2.14';

/** The one DER value at the start, its length in the long form: PDFs pad /Contents with zeros (X.690 8.1.3.5; ISO 32000-2 12.8.1). */
export function withoutPadding(contents: Uint8Array): Uint8Array {
  const octets = contents[1]! & 0x7f;
  return contents.subarray(0, 2 + octets + Buffer.from(contents).readUIntBE(2, octets));
}

/** Signature value of the only signer, and the timestamp on it. */
export function cmsParts(contents: Uint8Array): {
  signatureValue: Uint8Array;
  signatureTimestamp: Uint8Array | undefined;
} {
  const der = Buffer.from(withoutPadding(contents)).toString('latin1');
  const signedData = children(children(children(asn1.fromDer(der))[1]!)[0]!);
  const signerInfo = children(children(signedData.at(-1)!)[0]!);
  // The octet string before the unsigned attributes, which are [1].
  const [signature, unsigned] = signerInfo.slice(-2);
  const attribute = children(unsigned!).find((one) => {
    const [type] = children(one);
    return asn1.derToOid(type!.value as string) === SIGNATURE_TIMESTAMP;
  });
  const value = attribute && children(children(attribute)[1]!)[0];
  return {
    signatureValue: Buffer.from(signature!.value as string, 'latin1'),
    signatureTimestamp: value && Buffer.from(asn1.toDer(value).getBytes(), 'latin1'),
  };
}

function children(node: forge.asn1.Asn1): forge.asn1.Asn1[] {
  return node.value as forge.asn1.Asn1[];
}
