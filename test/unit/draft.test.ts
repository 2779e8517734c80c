// From fields and files to a draft: what the register and earlier contracts say of them (R3, R7b, R17).

import { expect } from 'chai';
import { resolveDraft } from '../../gateway/app/draft.ts';
import type { DraftDependencies, DraftInput } from '../../gateway/app/draft-input.ts';
import type { Registered } from '../../gateway/app/registration-types.ts';
import { sampleMunicipality } from '../../gateway/config/municipality.ts';
import type { Box } from '../../gateway/contract/boxes.ts';
import { readContractMail } from '../../gateway/mail/contract-mail.ts';
import { sampleDraft } from '../support/contract.ts';

const YAMADA = {
  receipt_number: '12345',
  company: '株式会社サンプル',
  signatory_title: '代表取締役',
  signatory_name: '山田太郎',
  signatory_address: 'yamada@sample.example.jp',
  checker_name: null,
  checker_address: null,
  phone: null,
  declared_version: '1',
  confirmed_at: '2026-11-18T00:00:00.000Z',
  unusable_at: null,
} as Registered;
const MAIL = [
  '契約件名：市道1号線舗装工事',
  '契約相手方：株式会社サンプル',
  '承認者：鈴木一郎 <suzuki@mihon.example.jp>',
];
const DOCUMENTS = sampleDraft().documents;
const BOX: Box = {
  ...{ name: '欄', kind: 'text', label: '備考', required: false, multiline: false, maxLength: null },
  ...{ options: [], value: '', page: 1, rect: [0, 0, 100, 20] },
};

/** The draft's warnings, or the problems; the register holds `registered`, and 2026-0001 is in `state`. */
async function outcome(
  lines: readonly string[],
  registered: readonly Registered[],
  { state }: { state?: string } = {},
): Promise<string[]> {
  const resolved = await resolve(lines, registered, { state });
  const found = 'draft' in resolved ? resolved.draft.warnings : resolved.problems;
  return found.map(({ code, args }) => [code, args.choices ?? args.value].filter(Boolean).join(' '));
}

async function deadlineOf(daysOff: readonly string[]): Promise<string | null> {
  const resolved = await resolve(MAIL, [YAMADA], { daysOff });
  return 'draft' in resolved ? resolved.draft.deadline : null;
}

function resolve(
  lines: readonly string[],
  registered: readonly Registered[],
  {
    state,
    daysOff = [],
    kept = DOCUMENTS,
  }: { state?: string | undefined; daysOff?: readonly string[]; kept?: DraftInput['kept'] },
): ReturnType<typeof resolveDraft> {
  const rows = { where: () => rows, first: async () => (state === undefined ? undefined : { state }) };
  const dependencies = {
    tx: () => rows,
    registry: { standing: async () => ({ inForce: registered, pending: [] }) },
    blobs: {
      open: async () => ({ size: 0, read: async () => new Uint8Array(), close: async () => {} }),
    },
    missingGlyphs: () => [],
    readPdfText: async () => null,
    isDayOff: (date: string) => daysOff.includes(date),
    settings: {
      deadlineDays: 30,
      maxDocuments: 20,
      maxTotalOctets: 1e6,
      maxBoxes: 2,
      readableOctets: 1000,
      approverMustDiffer: true,
      staffBoxPrefix: '市_',
      freeMailDomains: [],
      requireConfirmation: true,
    },
  } as unknown as DraftDependencies;
  const input: DraftInput = {
    municipality: sampleMunicipality,
    fields: readContractMail('', lines.join('\n')).fields,
    initiator: sampleDraft().initiator,
    attachments: [],
    kept,
    owner: { id: 'c1', dataKey: Buffer.alloc(32) },
    now: '2026-11-20T01:00:00.000Z',
  };
  return resolveDraft(dependencies, input);
}

describe('a draft', () => {
  it('of works is not made without the vendor’s agreement to electronic contracting; of anything else it is', async () => {
    const silent = { ...YAMADA, declared_version: null };
    expect(await outcome(MAIL, [YAMADA])).to.deep.equal([]);
    expect(await outcome(MAIL, [silent])).to.deep.equal(['check:no-declaration 株式会社サンプル']);
    expect(await outcome([...MAIL.slice(1), '契約件名：事務机の購入'], [silent])).to.deep.equal([]);
  });

  it('has a deadline on a working day where none is written', async () => {
    expect(await deadlineOf(['2026-12-20', '2026-12-21'])).to.equal('2026-12-22');
    expect(await deadlineOf([])).to.equal('2026-12-20');
  });

  it('may have so many boxes to fill in and no more', async () => {
    const withBoxes = (count: number): DraftInput['kept'] => {
      const boxes = Array.from({ length: count }, (_, number) => ({ ...BOX, name: `欄${number}` }));
      return [{ ...DOCUMENTS[0]!, boxes }];
    };
    const [filled, over] = [await resolve(MAIL, [YAMADA], { kept: withBoxes(2) }), withBoxes(3)];
    expect(filled).to.have.property('draft');
    expect(await resolve(MAIL, [YAMADA], { kept: over })).to.deep.include({
      problems: [{ code: 'too-many-boxes', args: { limit: '2' } }],
    });
  });

  it('asks back which of a company’s addresses is meant, and shows enough of each to tell', async () => {
    const other = {
      ...YAMADA,
      receipt_number: '12346',
      signatory_name: '木村三郎',
      signatory_address: 'k@b.example.jp',
    };
    expect(await outcome(MAIL, [YAMADA, other])).to.deep.equal([
      'ambiguous-registration 整理番号12345 山田太郎 ya…@sample.example.jp、整理番号12346 木村三郎 k…@b.example.jp',
    ]);
    expect(
      await outcome(MAIL, [YAMADA, { ...YAMADA, receipt_number: '12346' }]),
      'one address twice',
    ).to.deep.equal([]);
  });

  it('of an amendment is held against the contract that it names by number', async () => {
    const amends = (original: string, state?: string): Promise<string[]> =>
      outcome(
        [...MAIL, '種別：変更契約', `元契約：${original}`],
        [YAMADA],
        state === undefined ? {} : { state },
      );
    expect(await amends('2026-0001')).to.deep.equal(['original-not-found 2026-0001']);
    expect(await amends('受付2026-0001', 'awaiting')).to.deep.equal(['original-not-concluded 2026-0001']);
    expect(await amends('2026-0001', 'concluded')).to.deep.equal([]);
    expect(await amends('令和7年度 道路改良工事請負契約（紙）')).to.deep.equal([]);
  });
});
