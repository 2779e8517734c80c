/** R37, R38: which completion mails carry documents and certificate. */
import { expect } from 'chai';
import type { ContractDocument } from '../../gateway/contract/contract.ts';
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
  it('counts the certificate in, and stays strictly under the limit', () => {
    expect(mayAttach(executed([5 * MB], MB - 1), 'a@sample.example.jp', RULE)).to.equal(true);
    expect(mayAttach(executed([5 * MB], MB), 'a@sample.example.jp', RULE)).to.equal(false);
  });

  it('holds carrier addresses to their own limit, subdomains included', () => {
    const set = executed([MB], MB);
    expect(mayAttach(set, 'a@sample.example.jp', RULE)).to.equal(true);
    expect(mayAttach(set, 'a@docomo.ne.jp', RULE)).to.equal(false);
    expect(mayAttach(set, 'a@mail.docomo.ne.jp', RULE)).to.equal(false);
    expect(mayAttach(set, 'a@notdocomo.ne.jp', RULE)).to.equal(true);
  });

  it('does not take the certificate for one of the twenty documents', () => {
    expect(mayAttach(executed(Array(20).fill(1000), 1000), 'a@sample.example.jp', RULE)).to.equal(true);
    expect(mayAttach(executed(Array(21).fill(1000), 1000), 'a@sample.example.jp', RULE)).to.equal(false);
  });
});
