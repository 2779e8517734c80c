/** 合意締結証明書 in words: the golden text, what stands in it only at times, and foreign text kept to its line (R42, R43). */
import { expect } from 'chai';
import {
  type CertificateParams,
  certificateReason,
  certificateSample,
  certificateText,
  sealReason,
} from '../../templates/index.ts';
import { expectGolden } from '../support/golden.ts';

function asText(params: CertificateParams): string {
  const { title, notice, lead, sections, footer } = certificateText(params);
  const blocks = sections.map(({ heading, rows, paragraphs }) =>
    [
      `■ ${heading}`,
      ...rows.map(({ label, value }) => `${label}：${value.join('\n　')}`),
      ...paragraphs,
    ].join('\n'),
  );
  return `${[title, notice ?? '', ...lead, ...blocks, footer].join('\n')}\n`;
}

describe('certificate of agreement', () => {
  it('says who agreed to what, when, how and with which authority', () => {
    expectGolden('certificate.txt', asText(certificateSample));
  });

  it('names every signatory of a joint venture in the order of their consents', () => {
    const [, signatory, approver] = certificateSample.people;
    const second = {
      ...signatory!,
      person: { ...signatory!.person, organisation: '有限会社見本', name: '木村三郎' },
    };
    const { sections } = certificateText({ ...certificateSample, people: [signatory!, second, approver!] });
    expect(sections.slice(1, 4).map(({ heading }) => heading)).to.deep.equal([
      '1　契約相手方',
      '2　契約相手方',
      '3　市側署名者',
    ]);
    expect(JSON.stringify(sections[2])).to.include('有限会社見本').and.to.include('木村三郎');
  });

  it('says on the title and at every foot that a trial signature has no legal effect', () => {
    const text = certificateText({ ...certificateSample, testAuthority: true });
    expect(text.notice).to.equal('試験用・法的効力なし');
    expect(text.footer).to.equal('合意締結証明書ID：ABCD-EFGH-IJKL-MNOP（試験用・法的効力なし）');
    expect(asText(certificateSample)).to.not.include('試験用');
  });

  it('names every change of an address: from, to, on whose word, and who agreed', () => {
    const { person } = certificateSample.people[1]!;
    const change = {
      at: '2026-11-27T02:00:00Z',
      role: 'signatory',
      former: person,
      holder: { ...person, address: 'yamada@new.example.jp' },
    } as const;
    const agreedBy = certificateSample.people[2]!.person;
    const said = (agreed: typeof agreedBy | null): string =>
      asText({ ...certificateSample, addressChanges: [{ ...change, agreedBy: agreed }] });
    expect(asText(certificateSample)).to.include('アドレスの変更はありません');
    expectGolden('certificate-address-change.txt', said(agreedBy));
    expect(said(agreedBy)).to.not.include('アドレスの変更はありません');
    expect(said(null)).to.include('新しいアドレスは電子申請で登録されたものです');
  });

  it('leaves out what the contract does not have', () => {
    const lacking = { original: null, authority: null, effectiveDate: null };
    for (const words of ['元契約', '代決', '効力発生日']) {
      expect(asText(certificateSample)).to.include(words);
      expect(asText({ ...certificateSample, ...lacking })).to.not.include(words);
    }
  });

  it('says how the date came about for each kind of contract', () => {
    const dated = (kind: CertificateParams['kind']): string =>
      certificateText({ ...certificateSample, kind }).sections[0]!.rows.find(
        ({ label }) => label === '契約日',
      )!.value[0]!;
    expect(dated('contract')).to.equal(
      '令和8年11月30日（月）（双方の電子署名がそろった日。最後の電子署名のタイムスタンプによる）',
    );
    expect(dated('acknowledgement')).to.include('（契約相手方の電子署名のタイムスタンプの日）');
    expect(dated('provisional')).to.include('（仮契約の日');
  });

  it('leaves out an address for checks where there is none, observers and boxes where nobody had any', () => {
    const people = certificateSample.people.map((person) => ({ ...person, filled: [], userAgent: null }));
    const text = asText({ ...certificateSample, people, observers: [], verificationAddress: null });
    for (const word of ['記入した内容', '共有先', 'メールで：', '使用したソフト']) {
      expect(asText(certificateSample)).to.include(word);
      expect(text).to.not.include(word);
    }
  });

  it('lets no line break of a title forge a line of ours', () => {
    const forged = { ...certificateSample, title: '工事\n契約日：令和元年5月1日' };
    const [contract] = certificateText(forged).sections;
    expect(contract!.rows.flatMap(({ value }) => value)).to.include('工事 契約日：令和元年5月1日');
  });

  it('keeps the reasons in the PDF: the authority of a consent, and what the certificate’s own signature means', () => {
    const params = {
      name: '高橋花子',
      address: 'takahashi@mihon.example.jp',
      consentedAt: new Date('2026-11-28T01:15:00Z'),
      nameHolder: '見本市長',
      authority: 'standIn' as const,
      decisionNumber: '総管第45号',
      certificateId: null,
      testAuthority: false,
    };
    expect(sealReason(params)).to.equal(
      '高橋花子様 takahashi@mihon.example.jp が2026-11-28 10:15:00 +09:00 JSTに承認しました（見本市長名義、代決、決裁番号 総管第45号）',
    );
    expect(sealReason({ ...params, certificateId: 'ABCD' })).to.match(
      /総管第45号、合意締結証明書ID：ABCD）$/,
    );
    const certificate = { certificateId: 'ABCD', municipality: '見本市', testAuthority: false };
    expect(certificateReason(certificate)).to.equal(
      '合意締結証明書ID：ABCD を見本市の電子契約の記録から発行しました',
    );
  });
});
