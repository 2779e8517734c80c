/**
 * Makes the PDFs of test/fixtures/pdf anew: `node --import tsx test/support/pdf-fixtures.ts` (needs
 * LibreOffice and qpdf).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildHybrid, buildPdf, onePage } from './pdf-build.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../fixtures/pdf');
const fixture = (name: string): string => join(folder, `${name}.pdf`);

const scratch = mkdtempSync(join(tmpdir(), 'pdf-fixtures-'));
try {
  const page = join(scratch, 'contract.html');
  writeFileSync(
    page,
    `<html lang="ja"><meta charset="utf-8"><title>工事請負契約書</title><h1>工事請負契約書</h1>
     <p>見本市（以下「発注者」という。）と株式会社サンプル（以下「受注者」という。）は、次の条項により請負契約を締結する。</p>
     <p>契約金額 1,100,000円</p><p style="page-break-before:always">第１条 総則</p></html>`,
  );
  const convert = (filter: string): Buffer => {
    const profile = `-env:UserInstallation=file://${scratch}/profile`;
    const args = [profile, '--headless', '--convert-to', filter, '--outdir', scratch, page];
    execFileSync('libreoffice', args, { stdio: 'ignore' });
    return readFileSync(join(scratch, 'contract.pdf'));
  };
  writeFileSync(fixture('libreoffice'), convert('pdf:writer_web_pdf_Export'));
  const tagged = JSON.stringify({
    UseTaggedPDF: { type: 'boolean', value: 'true' },
    SelectPdfVersion: { type: 'long', value: '2' },
  });
  writeFileSync(fixture('pdfa-2-tagged'), convert(`pdf:writer_web_pdf_Export:${tagged}`));
} finally {
  rmSync(scratch, { recursive: true });
}

const qpdf = (name: string, ...options: string[]): void => {
  execFileSync('qpdf', [...options, fixture('libreoffice'), fixture(name)]);
};
qpdf('object-streams', '--object-streams=generate', '--deterministic-id');
qpdf('linearized', '--linearize', '--deterministic-id');
qpdf('encrypted', '--encrypt', '', 'owner', '256', '--');
qpdf('rotated', '--rotate=90:1', '--deterministic-id');
qpdf('attachment', '--deterministic-id', '--add-attachment', fixture('libreoffice'), '--');

const libreoffice = readFileSync(fixture('libreoffice'));
writeFileSync(fixture('truncated'), libreoffice.subarray(0, libreoffice.length - 200));
writeFileSync(fixture('hybrid'), buildHybrid());
writeFileSync(fixture('hybrid-contradictory'), buildHybrid({ contradict: true }));
const cropped = '/MediaBox [0 0 595 842] /CropBox [100 200 400 600] /Rotate 270 /UserUnit 2';
writeFileSync(fixture('cropped-user-unit'), buildPdf(onePage(cropped)).bytes);
