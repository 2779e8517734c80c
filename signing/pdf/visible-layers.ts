/** Which optional contents of a document show, so that a copy hides what the document hides (ISO 32000-2 8.11.4). */
import type { PdfDocument } from './document.ts';
import { isName, type PdfObject, sameRef } from './objects.ts';

export interface VisibleLayers {
  readonly all: readonly PdfObject[];
  readonly off: readonly PdfObject[];
  /** Rules that turn layers on or off for printing or viewing. */
  readonly automatic: readonly PdfObject[];
}

export async function visibleLayers(document: PdfDocument): Promise<VisibleLayers> {
  const properties = await document.dict((await document.catalog()).get('OCProperties'));
  const settings = await document.dict(properties.get('D'));
  const all = await document.array(properties.get('OCGs'));
  const listed = async (key: string): Promise<readonly PdfObject[]> => document.array(settings.get(key));
  const on = await listed('ON');
  const base = await document.resolve(settings.get('BaseState'));
  const hidden = isName(base, 'OFF') ? all.filter((one) => !on.some((other) => sameRef(one, other))) : [];
  return { all, off: [...hidden, ...(await listed('OFF'))], automatic: await listed('AS') };
}
