/** The document security store: reading it, and adding what it lacks (ISO 32000-2 12.8.4.3, ETSI EN 319 142-1 5.4.2). */
import { deflateSync } from 'node:zlib';
import type { ValidationData } from '../ports.ts';
import type { PdfDocument } from './document.ts';
import { dictOf, isArray, PdfDict, PdfName, PdfStream } from './objects.ts';
import { unreadable } from './problem.ts';
import type { RevisionWriter } from './writer.ts';

const KEYS = { certificates: 'Certs', ocspResponses: 'OCSPs', crls: 'CRLs' } as const;
const PARTS = ['certificates', 'ocspResponses', 'crls'] as const;
/** Certificates and OCSP answers hardly shrink, and each one costs a tenth of a millisecond; a CRL of some size is worth it. */
const WORTH_DEFLATING = 16_384;

/** Everything in the file's DSS; empty lists without one. */
export async function readDss(document: PdfDocument): Promise<ValidationData> {
  const dss = await document.dict((await document.catalog()).get('DSS'));
  const read = async (key: string): Promise<Uint8Array[]> => {
    const list: Uint8Array[] = [];
    for (const item of await document.array(dss.get(key))) {
      const stream = await document.resolve(item);
      if (!(stream instanceof PdfStream)) throw unreadable(`/DSS /${key} holds something else than streams`);
      list.push(await document.data(stream));
    }
    return list;
  };
  return {
    certificates: await read(KEYS.certificates),
    ocspResponses: await read(KEYS.ocspResponses),
    crls: await read(KEYS.crls),
  };
}

/** Adds to the DSS what it does not hold yet. */
export async function extendDss(
  document: PdfDocument,
  writer: RevisionWriter,
  data: ValidationData,
): Promise<void> {
  const present = await readDss(document);
  await writer.editDict(document.rootRef, (catalog) =>
    catalog.get('DSS') === null
      ? catalog.with('DSS', writer.add(dictOf({ Type: new PdfName('DSS') })))
      : catalog,
  );
  for (const part of PARTS) {
    const known = new Set(present[part].map(fingerprint));
    const missing = data[part].filter((der) => !known.has(fingerprint(der)));
    if (missing.length === 0) continue;
    const refs = missing.map((der) =>
      der.length < WORTH_DEFLATING
        ? writer.addStream(new PdfDict(), der)
        : writer.addStream(dictOf({ Filter: new PdfName('FlateDecode') }), deflateSync(der)),
    );
    await writer.edit(document.rootRef, ['DSS', KEYS[part]], (list) => [
      ...(isArray(list) ? list : []),
      ...refs,
    ]);
  }
}

function fingerprint(der: Uint8Array): string {
  return Buffer.from(der).toString('latin1');
}
