/** A draft as the contract mail of the sample municipality leads to. */
import type { Draft } from '../../gateway/contract/contract.ts';

export function sampleDraft(options: { checker?: boolean; documents?: number } = {}): Draft {
  const vendor = (name: string, address: string, title: string | null) => ({
    name,
    address,
    title,
    company: '株式会社サンプル',
  });
  const known = { receiptNumber: '12345', phone: '00-0000-0002', registration: 'registered' } as const;
  const roles = [
    ...(options.checker
      ? [
          {
            role: 'checker' as const,
            person: vendor('高橋次郎', 'takahashi@sample.example.jp', null),
            ...known,
          },
        ]
      : []),
    {
      role: 'signatory' as const,
      person: vendor('山田太郎', 'yamada@sample.example.jp', '代表取締役'),
      ...known,
    },
    {
      role: 'approver' as const,
      person: { name: '鈴木一郎', address: 'suzuki@mihon.example.jp', title: '総務課長', company: null },
      receiptNumber: null,
      phone: null,
      registration: null,
    },
  ];
  return {
    kind: 'contract',
    title: '市道1号線舗装工事',
    terms: {
      amountYen: 1_100_000,
      amountTax: 'included',
      plannedDate: '2026-12-01',
      effectiveDate: null,
      periodFrom: '2026-12-01',
      periodTo: '2027-03-26',
      contractNumber: null,
      approvalNumber: '総管第45号',
      authority: null,
      original: null,
      bond: '免除',
      message: null,
    },
    initiator: {
      name: '佐藤花子',
      address: 'sato@mihon.example.jp',
      title: null,
      company: null,
      section: '総務課管財係',
      phone: '00-0000-0001',
    },
    steps: roles.map((step, index) => ({ participant: `step-${index + 1}`, ...step })),
    observers: [],
    documents: Array.from({ length: options.documents ?? 1 }, (_, index) => ({
      id: `d${index + 1}`,
      name: index === 0 ? '契約書' : `別紙${index}`,
      fileName: `document${index + 1}.pdf`,
      pages: 3,
      decided: false,
      boxes: [],
      upload: { blob: `u${index + 1}`, size: 500, sha256: `upload-${index + 1}` },
    })),
    deadline: '2026-12-01',
    warnings: [],
  };
}
