/** What the signatures in a file forbid to be added to it: DocMDP, FieldMDP and field locks (ISO 32000-2 12.7.5.5, 12.8.2.2, 12.8.2.4). */
import type { PdfDocument } from './document.ts';
import type { SignatureField } from './fields.ts';
import { isName, type PdfDict, type PdfObject } from './objects.ts';

/** P: no change at all is allowed once the signature is there. */
const NO_CHANGES = 1;

/** Why none of `signed` fields' signatures would survive another signature field being added and filled; null when all would. */
export async function lockAgainstSigning(
  document: PdfDocument,
  signed: readonly SignatureField[],
): Promise<string | null> {
  const rights = await document.dict((await document.catalog()).get('Perms'));
  const certified = await lockOfSignature(document, rights.get('DocMDP'));
  if (certified !== null) return certified;
  for (const field of signed) {
    const found =
      (await lockOfSignature(document, field.value)) ??
      (await lockOf(document, await document.dict(field.dict.get('Lock'))));
    if (found !== null) return `${field.name}: ${found}`;
  }
  return null;
}

async function lockOfSignature(document: PdfDocument, signature: PdfObject): Promise<string | null> {
  for (const item of await document.array((await document.dict(signature)).get('Reference'))) {
    const reference = await document.dict(item);
    const method = await document.resolve(reference.get('TransformMethod'));
    if (!isName(method, 'DocMDP') && !isName(method, 'FieldMDP')) continue;
    const found = await lockOf(document, await document.dict(reference.get('TransformParams')));
    if (found !== null) return found;
  }
  return null;
}

/** Transform parameters and a field's /Lock say the same in the same words. */
async function lockOf(document: PdfDocument, rules: PdfDict): Promise<string | null> {
  if ((await document.resolve(rules.get('P'))) === NO_CHANGES) return 'no changes allowed';
  const action = await document.resolve(rules.get('Action'));
  // A list of exceptions or of locked fields can only name fields that are there; ours are not yet.
  return isName(action, 'All') || isName(action, 'Exclude') ? 'fields to come are locked' : null;
}
