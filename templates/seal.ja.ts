/** Sentences that stand in the PDF itself: the printed ID (R41) and the Reason of each signature (R31). */
import { TEST_NOTICE } from './mail-content.ts';
import { type Authority, authorityWord } from './words.ts';

/** Bottom left of page 1, e.g. 合意締結証明書ID：ABCD-EFGH-IJKL-MNOP */
export function stampLine({
  certificateId,
  testAuthority,
}: {
  certificateId: string;
  testAuthority: boolean;
}): string {
  return `合意締結証明書ID：${certificateId}${testAuthority ? `（${TEST_NOTICE}）` : ''}`;
}

/** Printed at the top right of every page of the file for printing (R43). */
export const COPY_MARK = '契約書の写し';

export interface SealReasonParams {
  name: string;
  address: string;
  consentedAt: Date;
  /** 名義人, 権限の根拠 and 決裁番号 where the municipality's approver consents. */
  nameHolder: string | null;
  authority: Authority | null;
  decisionNumber: string | null;
  /** Where it could not be printed, since others had signed the document already. */
  certificateId: string | null;
  testAuthority: boolean;
}

/** 山田太郎様 yamada@sample.example.jp が2026-11-28 10:15:00 +09:00 JSTに承認しました */
export function sealReason(params: SealReasonParams): string {
  const { name, address, nameHolder, authority: basis, decisionNumber, testAuthority } = params;
  const local = new Date(params.consentedAt.getTime() + 9 * 3_600_000).toISOString();
  const time = `${local.slice(0, 10)} ${local.slice(11, 19)} +09:00 JST`;
  const authority = [
    ...(nameHolder === null ? [] : [`${nameHolder}名義`]),
    ...(basis === null ? [] : [authorityWord(basis)]),
    ...(decisionNumber === null ? [] : [`決裁番号 ${decisionNumber}`]),
    ...(params.certificateId === null ? [] : [`合意締結証明書ID：${params.certificateId}`]),
    ...(testAuthority ? [TEST_NOTICE] : []),
  ];
  const note = authority.length === 0 ? '' : `（${authority.join('、')}）`;
  return `${name}様 ${address} が${time}に承認しました${note}`;
}

/** Reason of the certificate's own signature: nobody's consent, but the witness's statement. */
export function certificateReason(params: {
  certificateId: string;
  municipality: string;
  testAuthority: boolean;
}): string {
  const note = params.testAuthority ? `（${TEST_NOTICE}）` : '';
  return `合意締結証明書ID：${params.certificateId} を${params.municipality}の電子契約の記録から発行しました${note}`;
}
