/** Reads a ZIP whose members are stored uncompressed, from its central directory (APPNOTE 4.3.12, 4.3.16). */
export interface ZipMember {
  readonly name: string;
  /** Whether the name is marked as UTF-8 (general purpose bit 11). */
  readonly utf8: boolean;
  readonly content: Buffer;
}

export function unzip(zip: Buffer): ZipMember[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('no end of central directory');
  const members: ZipMember[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.toString('latin1', at, at + 4) !== 'PK\x01\x02') throw new Error('no central file header');
    if (zip.readUInt16LE(at + 10) !== 0) throw new Error('member is compressed');
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    members.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength!),
      utf8: (zip.readUInt16LE(at + 8) & 0x800) !== 0,
      content: zip.subarray(start, start + zip.readUInt32LE(at + 20)),
    });
    at += 46 + nameLength! + extra! + comment!;
  }
  return members;
}
