/** Corpus files that come out of other people's programs: LibreOffice, qpdf, Ghostscript, mutool, poppler, pdf-lib, Chromium, openssl. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { chromiumPath } from '../system.ts';
import { bitmapFile, jbig2File } from './scans.ts';
import { signedFile } from './signed.ts';
import { CONTRACT, FORM, GREETING, VERTICAL } from './sources.ts';

const DEMO = join(import.meta.dirname, '../../../demo/contract');
const RESTRICTIONS = ['--print=none', '--modify=none', '--extract=n'];

type Make = (out: string) => void | Promise<void>;

/** Makes every file that `asked` for, in `folder`; the later ones are made from the earlier. */
export async function byTools(folder: string, asked: (name: string) => boolean): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'pdf-corpus-'));
  try {
    const fixture = (name: string): string => join(folder, `${name}.pdf`);
    for (const [name, make] of Object.entries(recipes(scratch, fixture))) {
      if (!asked(name)) continue;
      console.log(name);
      await make(fixture(name));
    }
  } finally {
    rmSync(scratch, { recursive: true, maxRetries: 5 });
  }
}

function recipes(scratch: string, fixture: (name: string) => string): Record<string, Make> {
  const run = (program: string, ...args: string[]): void => {
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  const base = fixture('libreoffice');
  const qpdf =
    (...options: string[]): Make =>
    (out) =>
      run('qpdf', '--deterministic-id', ...options, base, out);
  const encrypted =
    (user: string, ...options: string[]): Make =>
    (out) =>
      run('qpdf', '--allow-weak-crypto', '--encrypt', user, 'owner', ...options, '--', base, out);
  const office =
    (source: string, filter: string, settings: Record<string, string | number | boolean> = {}): Make =>
    (out) => {
      const typed = Object.entries(settings).map(([key, value]) => {
        const type = { string: 'string', number: 'long', boolean: 'boolean' }[typeof value as 'string'];
        return [key, { type, value: String(value) }] as const;
      });
      const options = JSON.stringify(Object.fromEntries(typed));
      const profile = `-env:UserInstallation=file://${scratch}/profile`;
      const target = join(scratch, 'office');
      run(
        'libreoffice',
        profile,
        '--headless',
        '--convert-to',
        `pdf:${filter}:${options}`,
        '--outdir',
        target,
        source,
      );
      const made = join(target, readdirSync(target).find((name) => name.endsWith('.pdf'))!);
      writeFileSync(out, readFileSync(made));
      rmSync(target, { recursive: true });
    };
  const source = (name: string, content: string): string => {
    const path = join(scratch, name);
    writeFileSync(path, content);
    return path;
  };
  const contract = source('contract.html', CONTRACT);
  const web = (settings?: Record<string, string | number | boolean>): Make =>
    office(contract, 'writer_web_pdf_Export', settings);
  const ghostscript =
    (level: string, ...options: string[]): Make =>
    (out) =>
      run(
        'gs',
        '-q',
        '-dBATCH',
        '-dNOPAUSE',
        '-sDEVICE=pdfwrite',
        `-dCompatibilityLevel=${level}`,
        `-sOutputFile=${out}`,
        ...options,
        base,
      );
  const archival = (part: number): Make => {
    const profile = '/usr/share/color/icc/ghostscript/srgb.icc';
    const definition = source(
      'pdfa.ps',
      `[/_objdef {icc} /type /stream /OBJ pdfmark [{icc} <</N 3>> /PUT pdfmark
       [{icc} (${profile}) (r) file /PUT pdfmark [/_objdef {intent} /type /dict /OBJ pdfmark
       [{intent} <</Type /OutputIntent /S /GTS_PDFA1 /DestOutputProfile {icc} /OutputConditionIdentifier (sRGB)>> /PUT pdfmark
       [{Catalog} <</OutputIntents [{intent}]>> /PUT pdfmark`,
    );
    const policy = [
      '-dPDFACompatibilityPolicy=1',
      '-sColorConversionStrategy=RGB',
      `--permit-file-read=${profile}`,
    ];
    return ghostscript(part === 1 ? '1.4' : '1.7', `-dPDFA=${part}`, ...policy, definition);
  };
  const mutool =
    (...options: string[]): Make =>
    (out) =>
      run('mutool', 'clean', ...options, base, out);
  const chromium =
    (html: string, ...options: string[]): Make =>
    (out) => {
      const page = source('page.html', html);
      const args = ['--headless', '--no-sandbox', '--disable-gpu', '--no-pdf-header-footer', ...options];
      execFileSync(chromiumPath(), [...args, `--print-to-pdf=${out}`, `file://${page}`], { stdio: 'ignore' });
    };

  return {
    libreoffice: web(),
    'pdfa-2-tagged': web({ UseTaggedPDF: true, SelectPdfVersion: 2 }),
    'libreoffice-pdfa-1b': web({ SelectPdfVersion: 1 }),
    'libreoffice-pdfa-3b': web({ SelectPdfVersion: 3 }),
    'libreoffice-pdf-ua': web({ PDFUACompliance: true }),
    'libreoffice-outline': office(join(DEMO, 'ukesho.fodt'), 'writer_pdf_Export', {
      ExportBookmarks: true,
      InitialView: 1,
    }),
    'libreoffice-vertical': office(source('vertical.fodt', VERTICAL), 'writer_pdf_Export'),
    'libreoffice-calc': office(join(DEMO, 'kinnuki-sekkeisho.fods'), 'calc_pdf_Export'),
    'libreoffice-form': office(source('form.html', FORM), 'writer_web_pdf_Export', {
      ExportFormFields: true,
    }),
    'libreoffice-with-odf': web({ IsAddStream: true }),
    'libreoffice-password': web({ EncryptFile: true, DocumentOpenPassword: 'himitsu' }),
    'libreoffice-restricted': web({
      RestrictPermissions: true,
      PermissionPassword: 'himitsu',
      Printing: 0,
      Changes: 0,
    }),
    'object-streams': qpdf('--object-streams=generate'),
    linearized: qpdf('--linearize'),
    'linearized-object-streams': qpdf('--linearize', '--object-streams=generate'),
    rotated: qpdf('--rotate=90:1'),
    'qpdf-qdf': qpdf('--qdf'),
    'qpdf-uncompressed': qpdf('--stream-data=uncompress', '--object-streams=disable'),
    'qpdf-header-1.3': qpdf('--force-version=1.3', '--object-streams=disable'),
    'qpdf-newline-before-endstream': qpdf('--newline-before-endstream', '--coalesce-contents'),
    'qpdf-two-merged': (out) =>
      run(
        'qpdf',
        '--deterministic-id',
        '--empty',
        '--pages',
        base,
        '1',
        fixture('form-field-tree'),
        '1',
        '--',
        out,
      ),
    attachment: qpdf('--add-attachment', base, '--'),
    encrypted: encrypted('', '256'),
    'encrypted-password': encrypted('himitsu', '256'),
    'encrypted-rc4-40': encrypted('', '40'),
    'encrypted-restricted': encrypted('', '128', '--use-aes=y', ...RESTRICTIONS),
    'ghostscript-1.3': ghostscript('1.3'),
    'ghostscript-1.4': ghostscript('1.4'),
    'ghostscript-1.7': ghostscript('1.7'),
    'ghostscript-2.0': ghostscript('2.0'),
    'ghostscript-linearized': ghostscript('1.6', '-dFastWebView=true'),
    'ghostscript-ascii85': ghostscript('1.4', '-dASCII85EncodePages=true'),
    'ghostscript-lzw': ghostscript('1.4', '-dUseFlateCompression=false'),
    'ghostscript-pdfa-1b': (out) => archival(1)(out),
    'ghostscript-pdfa-2b': (out) => archival(2)(out),
    'ghostscript-pdfa-3b': (out) => archival(3)(out),
    'ghostscript-images': (out) =>
      run('gs', '-q', '-dBATCH', '-dNOPAUSE', '-sDEVICE=pdfimage8', '-r72', `-sOutputFile=${out}`, base),
    'scan-ccitt': (out) => {
      const page = source('scan.pdf', bitmapFile(base).toString('latin1'));
      writeFileSync(page, bitmapFile(base));
      run(
        'gs',
        '-q',
        '-dBATCH',
        '-dNOPAUSE',
        '-sDEVICE=pdfwrite',
        '-dMonoImageFilter=/CCITTFaxEncode',
        `-sOutputFile=${out}`,
        page,
      );
    },
    'scan-jbig2': (out) => writeFileSync(out, jbig2File(fixture('scan-ccitt'), scratch)),
    'mutool-clean': mutool('-gggg', '-z', '-f', '-i'),
    'mutool-ascii': mutool('-a', '-d'),
    'mutool-sanitized': mutool('-s', '-ggg'),
    'mutool-linearized': mutool('-l', '-gg'),
    'mutool-create': (out) => run('mutool', 'create', '-o', out, source('page.txt', GREETING)),
    'poppler-separate': (out) => run('pdfseparate', '-f', '2', '-l', '2', base, out),
    cairo: (out) => run('pdftocairo', '-pdf', base, out),
    chromium: chromium(CONTRACT),
    'chromium-untagged': chromium(CONTRACT, '--disable-pdf-tagging'),
    'chromium-a3': chromium(
      `<style>@page{size:A3 landscape}</style><svg width="1400" height="900"><path d="M9 9H1390V890H9Z" fill="none" stroke="#000"/></svg>`,
    ),
    'poppler-unite': (out) => run('pdfunite', base, fixture('chromium'), out),
    'pdf-lib': async (out) => writeFileSync(out, await (await drawn()).save()),
    'pdf-lib-table': async (out) =>
      writeFileSync(out, await (await drawn()).save({ useObjectStreams: false })),
    'pdf-lib-form': async (out) => writeFileSync(out, await (await withForm()).save()),
    'signed-by-other': (out) => writeFileSync(out, signedFile({ scratch })),
    'signed-certified': (out) => writeFileSync(out, signedFile({ scratch, docMdp: 2 })),
    'signed-one-field-locked': (out) =>
      writeFileSync(out, signedFile({ scratch, locks: '/Action /Include /Fields [(amount)]' })),
    truncated: (out) => writeFileSync(out, readFileSync(base).subarray(0, -200)),
    'truncated-linearized': (out) =>
      writeFileSync(out, readFileSync(fixture('linearized')).subarray(0, 9000)),
  };
}

async function drawn(): Promise<PDFDocument> {
  const document = await PDFDocument.create();
  document.setTitle('工事請負契約書');
  document.addPage([595, 842]).drawText('Contract 1,100,000 yen', { x: 72, y: 700 });
  return document;
}

async function withForm(): Promise<PDFDocument> {
  const document = await drawn();
  const form = document.getForm();
  const [page] = document.getPages();
  form.createTextField('amount').addToPage(page!, { x: 72, y: 600, width: 200, height: 20 });
  form.createCheckBox('agree').addToPage(page!, { x: 72, y: 560, width: 18, height: 18 });
  return document;
}
