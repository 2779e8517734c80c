/** Names under which executed files are filed: pattern, whose name, what Windows and file systems forbid (R50, RFC 8187). */
import { expect } from 'chai';
import { type FilingNames, filingNames } from '../../gateway/app/filing-names.ts';
import type { Contract, Terms } from '../../gateway/contract/contract.ts';
import { PLACEHOLDERS, patternProblem } from '../../gateway/mail/file-name-pattern.ts';
import { contentDisposition } from '../../gateway/web/disposition.ts';
import { sampleDraft } from '../support/contract.ts';

const PATTERN = '{契約日}_{相手方または自治体}_{金額}_{件名}';

interface Changes {
  readonly documents?: readonly string[];
  readonly terms?: Partial<Terms>;
  readonly contract?: Partial<Contract>;
  readonly pattern?: string;
  readonly recipient?: string;
}

function named({ documents = ['契約書'], terms, contract, pattern, recipient }: Changes = {}): FilingNames {
  const draft = sampleDraft({ documents: documents.length });
  const concluded = {
    ...draft,
    number: '2026-0123',
    contractDate: '2026-12-01',
    holderChanges: [],
    proposedChange: null,
    terms: { ...draft.terms, ...terms },
    documents: draft.documents.map((document, at) => ({ ...document, name: documents[at]! })),
    ...contract,
  } as unknown as Contract;
  const municipality = { name: '見本村', fileNamePattern: pattern ?? PATTERN };
  return filingNames(concluded, recipient ?? 'step-1', municipality);
}

describe('names of executed files', () => {
  it('have date, municipality, amount and title for the vendor', () => {
    expect(named()).to.deep.equal({
      documents: ['20261201_見本村_1100000_市道1号線舗装工事.pdf'],
      certificate: '20261201_見本村_1100000_市道1号線舗装工事_合意締結証明書.pdf',
      zip: '20261201_見本村_1100000_市道1号線舗装工事.zip',
      print: '20261201_見本村_1100000_市道1号線舗装工事_契約書の写し.pdf',
    });
  });

  for (const recipient of ['initiator', 'step-2', 'auditor']) {
    it(`have the vendor’s company for the municipality’s ${recipient}`, () => {
      expect(named({ recipient }).zip).to.equal('20261201_株式会社サンプル_1100000_市道1号線舗装工事.zip');
    });
  }

  it('have the municipality’s name for a vendor who is no company, and that vendor’s own for the municipality', () => {
    const { steps } = sampleDraft();
    const alone = steps.map((step) => ({ ...step, person: { ...step.person, company: null } }));
    const contract = { steps: alone } as unknown as Partial<Contract>;
    expect(named({ contract }).zip).to.include('_見本村_');
    expect(named({ contract, recipient: 'initiator' }).zip).to.include('_山田太郎_');
  });

  it('leave out what a contract does not have, with its separator', () => {
    expect(named({ terms: { amountYen: null } }).zip).to.equal('20261201_見本村_市道1号線舗装工事.zip');
    expect(named({ contract: { contractDate: null }, terms: { amountYen: null } }).zip).to.equal(
      '見本村_市道1号線舗装工事.zip',
    );
    expect(named({ pattern: '{件名}-{契約番号}' }).zip).to.equal('市道1号線舗装工事.zip');
    expect(named({ pattern: '{契約番号}' }).zip).to.equal('2026-0123.zip');
  });

  it('end in the document’s own name where there are several, and in a number where those were cut to the same', () => {
    const long = '図'.repeat(60);
    const { documents } = named({ documents: ['契約書', `${long}甲`, `${long}乙`] });
    expect(documents[0]).to.equal('20261201_見本村_1100000_市道1号線舗装工事_契約書.pdf');
    expect(new Set(documents).size).to.equal(3);
    expect(documents[2]).to.match(/図 \(2\)\.pdf$/);
  });

  it('hold nothing that Windows forbids, no path and no control or direction character', () => {
    const title = '..\\../a<b>:"c"|d?e*\u0000\r\n\u202Efdp.exe';
    const { zip } = named({ contract: { title }, pattern: '{件名}' });
    expect(zip).to.equal('＼..／a＜b＞：”c”｜d？e＊fdp.exe.zip');
    expect(named({ contract: { title: 'CON' }, pattern: '{件名}' }).zip).to.equal('_CON.zip');
  });

  it('fit into every file system', () => {
    for (const letter of ['a', '髙', '𠮷']) {
      const documents = Array.from({ length: 20 }, () => letter.repeat(200));
      const names = named({ documents, contract: { title: letter.repeat(200) } });
      for (const name of [...names.documents, names.certificate, names.zip]) {
        expect(Buffer.byteLength(name)).to.be.at.most(255);
        expect([...name].length).to.be.at.most(120);
      }
      expect(new Set(names.documents).size).to.equal(20);
    }
  });
});

describe('a pattern for names', () => {
  it('may use every placeholder there is', () => {
    expect(patternProblem(PLACEHOLDERS.map((one) => `{${one}}`).join('_'))).to.equal(null);
  });

  for (const [pattern, problem] of [
    ['{契約曰}_{件名}', '{契約曰} is not known'],
    ['契約書', 'must name at least one'],
    ['{件名', 'must name at least one'],
    ['{件名}}', 'single brace'],
    ['保管/{件名}', 'must not hold'],
    ['{件名}\n', 'must not hold'],
  ] as const) {
    it(`${JSON.stringify(pattern)} is refused`, () => {
      expect(patternProblem(pattern)).to.include(problem);
    });
  }
});

describe('Content-Disposition', () => {
  it('names the file in UTF-8 with an ASCII name before it, and cannot be broken out of', () => {
    expect(contentDisposition('attachment', '契約"書"\r\nX: y (2);%.pdf')).to.equal(
      `attachment; filename="_X: y (2)_.pdf"; filename*=UTF-8''${'%E5%A5%91%E7%B4%84%22%E6%9B%B8%22%0D%0AX%3A%20y%20%282%29%3B%25.pdf'}`,
    );
  });
});
