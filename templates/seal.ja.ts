/** Sentences that stand in the PDF itself: the printed ID (R41) and the Reason of each signature (R31). */
import { TEST_NOTICE } from './mail-content.ts';

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

export interface SealReasonParams {
  name: string;
  address: string;
  consentedAt: Date;
  /** 名義人 and 決裁番号 where the municipality's approver consents. */
  nameHolder: string | null;
  decisionNumber: string | null;
  testAuthority: boolean;
}

/** 山田太郎様 yamada@sample.example.jp が2026-11-28 10:15:00 +09:00 JSTに承認しました */
export function sealReason(params: SealReasonParams): string {
  const { name, address, nameHolder, decisionNumber, testAuthority } = params;
  const local = new Date(params.consentedAt.getTime() + 9 * 3_600_000).toISOString();
  const time = `${local.slice(0, 10)} ${local.slice(11, 19)} +09:00 JST`;
  const authority = [
    ...(nameHolder === null ? [] : [`${nameHolder}名義`]),
    ...(decisionNumber === null ? [] : [`決裁番号 ${decisionNumber}`]),
    ...(testAuthority ? [TEST_NOTICE] : []),
  ];
  const note = authority.length === 0 ? '' : `（${authority.join('、')}）`;
  return `${name}様 ${address} が${time}に承認しました${note}`;
}
