/** Attacks on cross-references of signed PDFs: shadowed and freed objects, other roots, hybrids, loops (ISO 32000-2 7.5.4, 7.5.8). */
import { type Attack, attackedFiles, attackedUpload, FORGED, itRefuses } from '../support/attacks.ts';
import { cutBack, numberOf, objectOf, octets, ROOT, startxref, text } from '../support/forging.ts';
import { appendRevision, streamText } from '../support/pdf-build.ts';

describe('signing: attacks on the cross-references', () => {
  const files = attackedFiles();

  const appended =
    (objects: (file: Uint8Array) => Record<number, string>, trailer = ROOT): Attack['make'] =>
    (file) =>
      appendRevision(file, objects(file), { trailer });

  const attacks: Record<string, readonly Attack[]> = {
    'cross-references forged': [
      {
        what: 'another catalog without a form',
        make: appended(() => ({ 900: '<</Type /Catalog /Pages 901 0 R>>' }), '/Root 900 0 R'),
        why: /no-signatures/,
        verdict: 'not-ours',
      },
      {
        what: 'another catalog with the form',
        make: appended((file) => {
          const form = /\/AcroForm <<.*?>>/s.exec(objectOf(file, 1))![0];
          return { 900: `<</Type /Catalog /Pages 2 0 R ${form}>>` };
        }, '/Root 900 0 R'),
        why: /the trailer/,
      },
      {
        what: 'an entry that points back at a dead object in what was signed (shadow)',
        make: (file) =>
          pointing(
            file,
            4,
            `${String(text(attackedUpload()).lastIndexOf('4 0 obj')).padStart(10, '0')} 00000 n `,
          ),
        why: /changed: objects 4/,
      },
      {
        what: 'an entry that frees a note (shadow)',
        make: (file) => pointing(file, 6, '0000000000 00001 f '),
        why: /changed: objects 6/,
      },
      {
        what: 'an entry with another generation',
        make: (file) => {
          const at = text(file).length;
          const body = octets(`${text(file)}4 1 obj\n${FORGED}\nendobj\n`);
          return pointing(body, 4, `${String(at).padStart(10, '0')} 00001 n `, startxref(file));
        },
        why: /changed|unreadable/,
      },
      {
        what: 'a section that leads past a revision',
        make: (file) => {
          const inner = startxref(cutBack(file, 3));
          return pointing(file, 4, entryIn(file, 4), inner);
        },
        why: /stray|revisions/,
      },
      {
        what: 'sections in a loop',
        make: (file) => pointing(file, 4, entryIn(file, 4), file.length),
        why: /unreadable: cross-references in a loop/,
      },
      {
        what: 'objects that only readers of cross-reference streams see (hybrid)',
        make: (file) => {
          const at = file.length;
          const row = Buffer.from([1, (at >> 16) & 255, (at >> 8) & 255, at & 255, 0]).toString('latin1');
          const stream = streamText('/Type /XRef /Size 951 /Index [4 1] /W [1 3 1] /Root 1 0 R', row);
          const body = `${text(file)}4 0 obj\n${FORGED}\nendobj\n`;
          const xref = `950 0 obj\n${stream}\nendobj\n`;
          const table = 'xref\n0 0\n';
          const trailer = `trailer\n<</Size 951 ${ROOT} /Prev ${startxref(file)} /XRefStm ${body.length}>>\n`;
          const end = `startxref\n${body.length + xref.length}\n%%EOF\n`;
          return octets(`${body}${xref}${table}${trailer}${end}`);
        },
        why: /contradictory-xref|hidden/,
      },
    ],
  };

  itRefuses(attacks, files);

  /** Appends a table whose only entry is `entry` for object `num`. */
  function pointing(file: Uint8Array, num: number, entry: string, prev = startxref(file)): Buffer {
    const size = numberOf(files().executed, /\/Size (\d+)/g);
    const table = `xref\n${num} 1\n${entry}\n`;
    const trailer = `trailer\n<</Size ${size} ${ROOT} /Prev ${prev}>>\n`;
    return octets(`${text(file)}${table}${trailer}startxref\n${file.length}\n%%EOF\n`);
  }

  /** The table entry that leads to the upload's object. */
  function entryIn(file: Uint8Array, num: number): string {
    return `${String(text(file).indexOf(`\n${num} 0 obj`) + 1).padStart(10, '0')} 00000 n `;
  }
});
