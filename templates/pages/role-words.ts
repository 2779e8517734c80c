/** What each role is asked for and what its buttons say (R28, R29). */
import type { ParticipantRole } from '../words.ts';

export type ConsentRole = Exclude<ParticipantRole, 'observer'>;

export interface RoleWords {
  /** What is asked for. */
  request: string;
  /** The act, as an item of the checklist. */
  act: string;
  /** The button that consents. */
  complete: string;
  /** The button that refuses. */
  decline: string;
}

const WORDS: Record<ConsentRole, RoleWords> = {
  checker: {
    request: '契約書の内容の確認',
    act: '確認',
    complete: '確認を完了する',
    decline: '同意せずに却下する',
  },
  signatory: {
    request: '契約書の確認と署名',
    act: '署名',
    complete: '署名手続きを完了する',
    decline: '同意せずに却下する',
  },
  approver: {
    request: '契約書の確認と承認',
    act: '承認',
    complete: '承認を完了する',
    decline: '承認せずに差し戻す',
  },
};

export function roleWords(role: ConsentRole): RoleWords {
  return WORDS[role];
}
