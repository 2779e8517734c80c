/** What 状況 and refused words alike say of where a contract stands: what it came in anew as, and what may be done now. */
import { lines, type MailBlock, pair, type TablePair } from '../mail-content.ts';
import { type Person, personWithHonorific } from '../words.ts';

/** Where a contract stands (DESIGN, "The contract's life"); what ended by 却下 is told apart by who ended it, and why. */
export type StatusState =
  | 'draft'
  | 'preparing'
  | 'awaiting'
  | 'sealing'
  | 'concluding'
  | 'concluded'
  | 'declined'
  /** By a vendor who wishes for a contract on paper (R0). */
  | 'paperWished'
  /** 差戻し: by the approver. */
  | 'sentBack'
  | 'withdrawn'
  | 'expired';

export const STATES: Readonly<Record<StatusState, string>> = {
  draft: 'まだ送っていません。「依頼」のお返事を待っています。',
  preparing: '送る準備をしています。',
  awaiting: '同意を待っています。',
  sealing: '同意がありました。電子署名を行っています。',
  concluding: '全員の同意がそろいました。仕上げの処理をしています。',
  concluded: '締結が完了しました。',
  declined: '同意が得られず、終わりました。契約は成立していません。',
  paperWished: '相手方が紙の契約を希望し、終わりました。契約は成立していません。',
  sentBack: '差し戻され、終わりました。契約は成立していません。',
  withdrawn: '中止しました。契約は成立していません。',
  expired: '期限が過ぎて終わりました。契約は成立していません。',
};

export interface Standing {
  /** 受付番号 of the contract that came in anew as this one. */
  formerNumber: string | null;
  /** The newest contract that this one came in anew as. */
  newest: { number: string; title: string; state: StatusState } | null;
  /** What line 1 of a reply may say now, e.g. 「中止」; empty when nothing can be done. */
  possibleWords: readonly string[];
  /** What else can be done: correct the draft, bring in anew what has ended, begin again by a new mail, or ask whoever may. */
  beyond: 'correct' | 'anew' | 'newMail' | { ask: Person } | null;
}

/** Rows of the table that names the contract. */
export function cameAnewRows({ formerNumber, newest }: Standing): TablePair[][] {
  const former = `${formerNumber}（締結されずに終わったため、この受付で新しく受け付けました）`;
  return [
    ...(formerNumber === null ? [] : [[pair('もとの受付', former)]]),
    ...(newest === null
      ? []
      : [[pair('新しい受付', [`${newest.number} ${newest.title}`, STATES[newest.state]])]]),
  ];
}

/** Below the table. */
export function possibleBlocks({ newest, possibleWords, beyond }: Standing): MailBlock[] {
  const words: MailBlock[] =
    possibleWords.length === 0
      ? []
      : [
          lines('いまできることは、次のとおりです。1行目に書いて返信してください。'),
          { kind: 'list', items: possibleWords.map((word) => `「${word}」`) },
        ];
  const more = [
    ...(newest === null
      ? []
      : [
          `新しい受付については、件名に「${newest.number}」、1行目に「状況」と書いた新しいメールでお尋ねください。`,
        ]),
    ...(beyond === null ? [] : beyondLines(beyond)),
  ];
  return [...words, ...(more.length === 0 ? [] : [lines(...more)])];
}

function beyondLines(beyond: NonNullable<Standing['beyond']>): string[] {
  switch (beyond) {
    case 'correct':
      return ['直すときは、直す行だけを書くか、替えるPDFや足すPDFを添付して返信してください。'];
    case 'anew':
      return [
        'もう一度お願いするときは、直す行だけを書くか、替えるPDFを添付して、このメールに返信してください。新しい受付になります。',
        '直すところがないときは、「契約件名」の行だけを書いてください。',
      ];
    case 'newMail':
      return ['必要なときは、契約書を新しくメールで送ってください。'];
    default:
      return [`必要なときは、担当の${personWithHonorific(beyond.ask)}へお尋ねください。`];
  }
}

export const standingSample: Standing = {
  formerNumber: null,
  newest: null,
  possibleWords: ['再送', '中止', '状況'],
  beyond: null,
};
