/** How this system's signature fields are named, which is how its documents are told from others (ISO 32000-2 12.7.5.5). */
import type { ByteSource } from '../ports.ts';

/** Name of the certificate's own field. */
export const CERTIFICATE_FIELD = 'keiyakubin-certificate';

const CONSENT = /^keiyakubin-[1-9]\d{0,3}$/;
/** The names as our writers put them down: hexadecimal UTF-16BE with its mark, or a literal. */
const MARKS = [
  Buffer.from(`feff${Buffer.from('keiyakubin-', 'utf16le').swap16().toString('hex')}`, 'latin1'),
  Buffer.from(`(${CERTIFICATE_FIELD})`, 'latin1'),
];
const LONGEST_MARK = Math.max(...MARKS.map(({ length }) => length));
const CHUNK = 1 << 20;

/** Name of the field that the consent of step `number` (from 1) is sealed into. */
export function consentField(number: number): string {
  return `keiyakubin-${number}`;
}

/** Whether a field of this fully qualified name is one that this system prepares. */
export function isOurField(name: string): boolean {
  return name === CERTIFICATE_FIELD || CONSENT.test(name);
}

/** From the first signature of ours on; what others had signed before is in the upload (decided 14). */
export function fromOurs<T extends { readonly field: { readonly name: string } }>(
  innermostFirst: readonly T[],
): readonly T[] {
  const first = innermostFirst.findIndex(({ field }) => isOurField(field.name));
  return first < 0 ? [] : innermostFirst.slice(first);
}

/**
 * Whether a file too broken to be read once was one of ours: one pass over its octets. It only decides between two
 * ways of saying no, so a stranger who plants the mark gains nothing.
 */
export async function carriesOurMark(source: ByteSource): Promise<boolean> {
  for (let offset = 0; offset < source.size; offset += CHUNK) {
    const length = Math.min(CHUNK + LONGEST_MARK, source.size - offset);
    const octets = Buffer.from(await source.read(offset, length));
    if (MARKS.some((mark) => octets.includes(mark))) return true;
  }
  return false;
}
