/** PDFs with forms of many shapes, put together by hand (ISO 32000-2 12.7). */
import { buildPdf, streamText } from './pdf-build.ts';

/** An object's text between `<<` and `>>`, or all of it. */
export type Entries = Readonly<Record<number, string>>;

const FIRST = 10;

/** `text` as a UTF-16BE string object. */
export function unicode(text: string): string {
  return `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;
}

/** Entries of a widget that is its own field, 200 points wide from x 100, at height `y`. */
export function widget(y: number, more: string, size: readonly [number, number] = [200, 24]): string {
  const rect = `[100 ${y} ${100 + size[0]} ${y + size[1]}]`;
  return `/Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect ${rect} ${more}`;
}

/** A check box's two appearances: a black square for `state`, nothing else. */
export function states(state: string): string {
  return `/AP <</N <</${state} 6 0 R /Off 7 0 R>>>>`;
}

export interface FormOptions {
  /** Further entries of the form's dictionary. */
  readonly form?: string;
  /** Further entries of the catalog. */
  readonly catalog?: string;
  /** Further entries of the page. */
  readonly page?: string;
  /** Objects that stand in no list: kids of fields. */
  readonly others?: Entries;
  /** Annotations of the page besides the fields themselves. */
  readonly annotations?: readonly number[];
  /** Keeps the form's dictionary within the catalog instead of an object of its own. */
  readonly direct?: boolean;
}

/** One page with the fields (entries of each), numbered from 10. */
export function formPdf(fields: readonly string[], options: FormOptions = {}): Buffer {
  const numbers = fields.map((_, index) => FIRST + index);
  const refs = (list: readonly number[]): string => list.map((number) => `${number} 0 R`).join(' ');
  const own = fields.flatMap((entries, index) => (entries.includes('/Widget') ? [numbers[index]!] : []));
  const form = `<</Fields [${refs(numbers)}] /DA (/Helv 0 Tf 0 g) ${options.form ?? ''}>>`;
  const annotations = refs([...own, ...(options.annotations ?? [])]);
  return buildPdf({
    1: `<</Type /Catalog /Pages 2 0 R /AcroForm ${options.direct === true ? form : '8 0 R'} ${options.catalog ?? ''}>>`,
    2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
    3: `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<>> /Annots [${annotations}] ${options.page ?? ''}>>`,
    4: streamText('', '0.5 w 90 690 300 100 re S'),
    6: streamText('/Type /XObject /Subtype /Form /BBox [0 0 12 12]', '0 g 2 2 8 8 re f'),
    7: streamText('/Type /XObject /Subtype /Form /BBox [0 0 12 12]', ''),
    ...(options.direct === true ? {} : { 8: form }),
    ...Object.fromEntries(fields.map((entries, index) => [numbers[index]!, `<<${entries}>>`])),
    ...Object.fromEntries(
      Object.entries(options.others ?? {}).map(([number, entries]) => [number, `<<${entries}>>`]),
    ),
  }).bytes;
}
