// Says what an attachment is by its octets, never by its name (ISO 32000-2 §7.5.2, APPNOTE.TXT §4, [MS-OXTNEF] §2.1, RFC 5652 §3).
import { signedContent } from './smime-content.ts';

export type AttachmentKind =
  | 'pdf'
  | 'word'
  | 'zip-encrypted'
  | 'zip'
  | 'winmail'
  | 'signature'
  | 'smime'
  | 'image'
  | 'other';

const PDF_HEADER_WITHIN = 1024;
const OLE = hex('d0cf11e0a1b11ae1');
const TNEF = hex('789f3e22');
const ZIP_LOCAL = hex('504b0304');
const ZIP_CENTRAL = hex('504b0102');
const ZIP_END = hex('504b0506');
const CMS_SIGNED_DATA = hex('06092a864886f70d010702');
/** EnvelopedData, AuthEnvelopedData, CompressedData. */
const CMS_CLOSED = ['06092a864886f70d010703', '060b2a864886f70d0109100117', '060b2a864886f70d0109100109'].map(
  hex,
);
const OFFICE_STREAMS = ['WordDocument', 'Workbook', 'PowerPoint Document', 'EncryptedPackage'].map((name) =>
  Buffer.from(name, 'utf16le'),
);
const IMAGE_MAGIC = [
  hex('89504e47'),
  hex('ffd8ff'),
  Buffer.from('GIF8'),
  Buffer.from('BM'),
  hex('49492a00'),
  hex('4d4d002a'),
];
const TEXT_SIGNATURES = ['-----BEGIN PGP SIGNATURE', 'BEGIN:VCARD'];

/**
 * 'word' stands for every office document (Word, Excel, PowerPoint, RTF); 'signature' for S/MIME, PGP and vCards; 'smime'
 * for S/MIME that holds what nobody here reads: encrypted, or inside a signature.
 */
export function kindOf(content: Buffer): AttachmentKind {
  if (content.subarray(0, PDF_HEADER_WITHIN).includes('%PDF-')) return 'pdf';
  if (starts(content, OLE)) return OFFICE_STREAMS.some((name) => content.includes(name)) ? 'word' : 'other';
  if (starts(content, ZIP_LOCAL)) return kindOfZip(content);
  if (starts(content, TNEF)) return 'winmail';
  if (content.subarray(0, 5).equals(Buffer.from('{\\rtf'))) return 'word';
  if (content[0] === 0x30) {
    const opening = content.subarray(0, 32);
    if (CMS_CLOSED.some((type) => opening.includes(type))) return 'smime';
    if (opening.includes(CMS_SIGNED_DATA)) return signedContent(content) === null ? 'signature' : 'smime';
  }
  if (IMAGE_MAGIC.some((magic) => starts(content, magic)) || isBoxedImage(content)) return 'image';
  const opening = content.subarray(0, 64).toString('latin1').trimStart();
  return TEXT_SIGNATURES.some((text) => opening.startsWith(text)) ? 'signature' : 'other';
}

function kindOfZip(content: Buffer): AttachmentKind {
  const names: string[] = [];
  for (const { encrypted, name } of zipEntries(content)) {
    if (encrypted) return 'zip-encrypted';
    names.push(name);
  }
  const office = names.includes('[Content_Types].xml') && names.some((name) => /^(word|xl|ppt)\//.test(name));
  return office ? 'word' : 'zip';
}

/** Reads the central directory; where there is none (a truncated file) the first local header has to do. */
function* zipEntries(content: Buffer): Generator<{ encrypted: boolean; name: string }> {
  const end = content.lastIndexOf(ZIP_END);
  let at = end === -1 || end + 20 > content.length ? -1 : content.readUInt32LE(end + 16);
  if (at === -1 || at + 46 > content.length || !starts(content.subarray(at), ZIP_CENTRAL)) {
    if (content.length >= 30) yield { encrypted: (content.readUInt16LE(6) & 1) === 1, name: '' };
    return;
  }
  while (at + 46 <= content.length && starts(content.subarray(at), ZIP_CENTRAL)) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      content.readUInt16LE(at + offset),
    );
    const name = content.toString('latin1', at + 46, at + 46 + nameLength!);
    yield { encrypted: (content.readUInt16LE(at + 8) & 1) === 1, name };
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
}

/** WebP (RIFF) and HEIC (ISO base media) name themselves behind a length. */
function isBoxedImage(content: Buffer): boolean {
  const opening = content.toString('latin1', 0, 12);
  return /^RIFF.{4}WEBP$/s.test(opening) || /^.{4}ftyp(heic|heix|mif1|avif)$/s.test(opening);
}

function starts(content: Buffer, magic: Buffer): boolean {
  return content.subarray(0, magic.length).equals(magic);
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}
