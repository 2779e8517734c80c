/** R37, R38: which completion mails carry documents and certificate. */
import { expect } from 'chai';
import type { ContractDocument } from '../../gateway/contract/documents.ts';
import { mayAttach } from '../../gateway/jobs/attachments.ts';

const MB = 1_048_576;
const RULE = {
  limitOctets: 6 * MB,
  carrierLimitOctets: 2 * MB,
  carrierDomains: ['docomo.ne.jp'],
  maxDocuments: 20,
};

function executed(sizes: readonly number[], certificate: number) {
  const part = (size: number) => ({ blob: 'b', size, sha256: 'f'.repeat(64) });
  const documents = sizes.map((size, index): ContractDocument => {
    const revision = { ...part(size), purpose: 'conclude', step: null } as const;
    return {
      id: `d${index}`,
      name: 'n',
      fileName: 'n.pdf',
      pages: 1,
      upload: part(1),
      decided: false,
      boxes: [],
      revisions: [revision],
    };
  });
  return { documents, certificate: part(certificate) };
}

describe('attaching the executed documents', () => {
  // 6 MB and 2 MB are binary and strict: the last octet that is attached is the one before the limit.
  for (const [address, limit] of [
    ['a@sample.example.jp', 6 * MB],
    ['a@notdocomo.ne.jp', 6 * MB],
    ['a@docomo.ne.jp.example.jp', 6 * MB],
    ['a@docomo.ne.jp', 2 * MB],
    ['a@DOCOMO.NE.JP', 2 * MB],
    ['a@mail.docomo.ne.jp', 2 * MB],
    ['"a@b"@docomo.ne.jp', 2 * MB],
  ] as const) {
    it(`stays strictly under ${limit / MB} MB for ${address}, certificate included`, () => {
      expect(mayAttach(executed([limit - 1001], 1000), address, RULE, 0)).to.equal(true);
      expect(mayAttach(executed([limit - 1000], 1000), address, RULE, 0)).to.equal(false);
      expect(mayAttach(executed([limit - 1002, 1], 1000), address, RULE, 0)).to.equal(true);
      expect(mayAttach(executed([limit - 1001, 1], 1000), address, RULE, 0)).to.equal(false);
    });
  }

  it('counts what renewals have appended', () => {
    const { documents, certificate } = executed([6 * MB - 1001], 1000);
    const part = { blob: 'r', size: 1001, sha256: 'a'.repeat(64) };
    const renewed = { documents, certificate: { ...certificate, renewals: [part] } };
    expect(mayAttach(renewed, 'a@sample.example.jp', RULE, 0)).to.equal(false);
  });

  it('counts the signature that the mail itself carries', () => {
    const fits = executed([6 * MB - 5001], 1000);
    expect(mayAttach(fits, 'a@sample.example.jp', RULE, 4000)).to.equal(true);
    expect(mayAttach(fits, 'a@sample.example.jp', RULE, 4001)).to.equal(false);
  });

  it('does not take the certificate for one of the twenty documents', () => {
    expect(mayAttach(executed(Array(20).fill(1000), 1000), 'a@sample.example.jp', RULE, 0)).to.equal(true);
    expect(mayAttach(executed(Array(21).fill(1000), 1000), 'a@sample.example.jp', RULE, 0)).to.equal(false);
  });
});
