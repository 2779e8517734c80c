/** Word and Excel files become PDFs in a box of their own, or nothing: with a stand-in for LibreOffice that does as the file says. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ConvertOffice, officeConversion, SANDBOX } from '../../gateway/jobs/office.ts';
import { officeAsPdf } from '../../gateway/jobs/office-files.ts';
import { kindOf } from '../../gateway/mail/attachment-kind.ts';
import { recordingLog } from '../support/log.ts';
import { PDF, zip } from '../support/mail-corpus/parts.ts';

/** Goes into the job's folder and closes nothing in: /job is then just here. */
const OPEN = ['sh', '-euc', 'cd "$1"; program=$2; shift 3; exec "$program" "$@"', 'open'];
const SECRET = 'what nobody may see';

const BOUNDS = { maxOctets: 1_048_576, memoryOctets: 4 * 1024 ** 3 };

describe('a Word or Excel file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keiyakubin-stand-in-'));
  const program = join(folder, 'soffice');
  writeFileSync(join(folder, 'secret'), SECRET);
  writeFileSync(
    program,
    `#!/bin/sh
cd /job 2>/dev/null || :
case "$(cat in.docx)" in
  pdf) printf '%%PDF-1.7 %s' "$*" > out/in.pdf ;;
  text) echo hello > out/in.pdf ;;
  nothing) ;;
  failure) echo 'no such filter' >&2; exit 1 ;;
  endless) mkfifo pipe; exec cat pipe ;;
  huge) exec dd if=/dev/zero of=out/in.pdf bs=1M count=2 ;;
  environment) { printf '%%PDF-1.7 '; env; } > out/in.pdf ;;
  outside) { printf '%%PDF-1.7 '; cat '${join(folder, 'secret')}' || echo gone; cat /proc/net/dev; } > out/in.pdf ;;
esac
`,
    { mode: 0o755 },
  );
  // Other runs of tests convert, too, and leave their own behind for as long as it takes.
  const temporary = mkdtempSync(join(tmpdir(), 'keiyakubin-jobs-'));
  const { TMPDIR } = process.env;
  // Only while these tests run: other tests start processes in this environment.
  before(() => {
    Object.assign(process.env, { OFFICE_TEST_SECRET: SECRET, TMPDIR: temporary });
  });
  after(() => {
    delete process.env.OFFICE_TEST_SECRET;
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    for (const made of [folder, temporary]) rmSync(made, { recursive: true });
  });

  const { log, lines } = recordingLog();
  const within = (seconds: number): ConvertOffice =>
    officeConversion({ program, seconds, ...BOUNDS }, log, OPEN);
  const convert = within(60);
  const converted = async (what: string, by: ConvertOffice = convert): Promise<string | null> =>
    (await by('契約書.docx', Buffer.from(what)))?.toString() ?? null;

  it('becomes the PDF that comes out, asked for as LibreOffice wants it', async () => {
    const asked = '--headless --norestore -env:UserInstallation=file:///job/profile';
    expect(await converted('pdf')).to.equal(
      `%PDF-1.7 ${asked} --convert-to pdf --outdir /job/out /job/in.docx`,
    );
  });

  for (const [what, why] of [
    ['text', 'no PDF came out'],
    ['nothing', 'no PDF came out'],
    ['failure', 'no such filter'],
    ['endless', 'took more than 1 s'],
    ['huge', ''],
  ] as const) {
    it(`(${what}) is nothing where no PDF comes out, and the log says why`, async () => {
      expect(await converted(what, what === 'endless' ? within(1) : convert)).to.equal(null);
      expect(JSON.stringify(lines.at(-1)))
        .to.include(why)
        .and.to.include('was not converted');
    });
  }

  it('is nothing where there is no LibreOffice', async () => {
    const by = officeConversion({ program: 'no-such-office', seconds: 1, ...BOUNDS }, log, OPEN);
    expect(await converted('pdf', by)).to.equal(null);
  });

  it('waits for the one before it, and leaves nothing behind', async () => {
    const both = [converted('failure'), converted('pdf')];
    expect((await Promise.all(both)).map((pdf) => pdf !== null)).to.deep.equal([false, true]);
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it('sees nothing of our environment, and in the box nothing of our files', async () => {
    expect(await converted('environment'))
      .to.include('HOME=/job')
      .and.not.to.include(SECRET);
    expect(await converted('outside'), 'what the stand-in sees unboxed').to.include(SECRET);
    // Where the system allows no box there is no PDF either.
    const boxed = officeConversion({ program, seconds: 60, ...BOUNDS }, log, SANDBOX);
    const seen = (await converted('outside', boxed)) ?? 'gone lo:';
    expect(seen).to.include('gone').and.not.to.include(SECRET);
    expect(seen.match(/\w+(?=:\s+\d)|lo(?=:)/g)).to.deep.equal(['lo']);
  });

  it('goes back as a PDF of the same name, as long as there is room', async () => {
    const docx = zip(['[Content_Types].xml', 'word/document.xml']);
    const file = (fileName: string, content: Buffer) => ({
      ...{ fileName, content, contentType: 'application/octet-stream', embedded: false },
      kind: kindOf(content),
    });
    const files = [
      file('契約書.docx', docx),
      file('図面.pdf', PDF),
      file('壊れた.xls', docx),
      file('設計書.xlsx', docx),
    ];
    const asPdf: ConvertOffice = async (name) => (name.startsWith('壊れた') ? null : Buffer.alloc(10));
    const names = async (limit: number, most = 5) =>
      (await officeAsPdf(asPdf, files, most, limit)).map(({ fileName }) => fileName);
    expect(await names(100)).to.deep.equal(['契約書.pdf', '設計書.pdf']);
    expect(await names(15)).to.deep.equal(['契約書.pdf']);
    expect(await names(10)).to.deep.equal([]);
    expect(await names(100, 1), 'as many as are allowed').to.deep.equal(['契約書.pdf']);
  });
});
