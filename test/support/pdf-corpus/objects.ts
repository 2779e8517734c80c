/** A file's objects as qpdf reads them, for rules that our own reader must not be the judge of (qpdf's JSON, version 2). */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { withFiles } from '../pdf-tools.ts';

/** `/Key` → value; names keep their slash, strings begin with `u:` or `b:`, references read `7 0 R`. */
export interface Dictionary {
  readonly [key: string]: Value;
}
export type Value = string | number | boolean | null | readonly Value[] | Dictionary;

export interface ReadObject {
  /** A stream's dictionary too. */
  readonly value: Value;
  /** Decoded as far as general filters go; null for what is no stream. */
  readonly data: Buffer | null;
}

export interface ReadFile {
  readonly objects: ReadonlyMap<string, ReadObject>;
  readonly trailer: Dictionary;
  /** What `value` is or refers to, as a dictionary; an empty one for anything else. */
  dict(value: Value | undefined): Dictionary;
  array(value: Value | undefined): readonly Value[];
  readonly catalog: Dictionary;
  readonly firstPage: Dictionary;
}

interface QpdfJson {
  readonly pages: readonly { readonly object: string }[];
  readonly qpdf: readonly [
    unknown,
    Record<string, { value?: Value; stream?: { dict: Dictionary; data?: string } }>,
  ];
}

export function readByQpdf(file: Uint8Array): ReadFile {
  const options = ['--warning-exit-0', '--json', '--json-stream-data=inline', '--decode-level=generalized'];
  const json = withFiles({ 'file.pdf': file }, (folder) =>
    execFileSync('qpdf', [...options, join(folder, 'file.pdf')], { encoding: 'utf8', maxBuffer: 1 << 28 }),
  );
  const { pages, qpdf }: QpdfJson = JSON.parse(json);
  const objects = new Map<string, ReadObject>();
  let trailer: Dictionary = {};
  for (const [key, { value, stream }] of Object.entries(qpdf[1])) {
    if (key === 'trailer') trailer = value as Dictionary;
    else {
      const data = stream === undefined ? null : Buffer.from(stream.data ?? '', 'base64');
      objects.set(key.slice('obj:'.length), { value: stream?.dict ?? value ?? null, data });
    }
  }
  const resolve = (value: Value | undefined): Value =>
    typeof value === 'string' && objects.has(value) ? objects.get(value)!.value : (value ?? null);
  const dict = (value: Value | undefined): Dictionary => {
    const found = resolve(value);
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Dictionary) : {};
  };
  const array = (value: Value | undefined): readonly Value[] => {
    const found = resolve(value);
    return Array.isArray(found) ? found : [];
  };
  return {
    objects,
    trailer,
    dict,
    array,
    catalog: dict(trailer['/Root']),
    firstPage: dict(pages[0]!.object),
  };
}
