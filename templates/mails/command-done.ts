/** Says that a command was carried out and what comes next. */
import { eraDateWithWeekday, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleNumber, sampleSignatory, sampleTitle } from '../sample.ts';
import { type Person, personWithAddress, personWithHonorific } from '../words.ts';
import { type Approvable, approvableBlocks } from './approvable.ts';

/** What was done; each has its own sentences. */
export type DoneCommand =
  | { kind: 'resent'; recipient: Person }
  /** The deadline was put off; who hears of it by mail, null while nobody has been asked. */
  | { kind: 'extended'; deadline: When; informed: Person | null }
  /** A second staff member was asked to agree to the new address. */
  | { kind: 'change-proposed'; former: Person; holder: Person; second: Person }
  /** The approver sent the contract back; who is told why. */
  | { kind: 'returned'; initiator: Person }
  /** The second staff member agreed to a new address or did not; who is told. */
  | { kind: 'change-settled'; agreed: boolean; holder: Person; initiator: Person }
  /** Titles of the documents as they stand, which hang on this mail or are too large for it (R37); a link once concluded. */
  | { kind: 'copies'; documents: readonly string[]; attached: boolean; url: string | null };

export interface CommandDoneParams extends MailBase, Approvable {
  sender: Person;
  number: string;
  title: string;
  done: DoneCommand;
}

export function commandDone(params: CommandDoneParams): MailContent {
  const { heading, sentences } = report(params.done);
  const url = params.done.kind === 'copies' ? params.done.url : null;
  const hint = 'いまの様子は、1行目に「状況」と書いて返信すると分かります。';
  return {
    subject: `【${heading}】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.sender)),
      { kind: 'table', rows: [[pair('受付', `${params.number} ${params.title}`)]] },
      ...(url === null
        ? [lines(...sentences, hint)]
        : [lines(...sentences), { kind: 'link', label: 'ダウンロード', url } as const, lines(hint)]),
      ...approvableBlocks(params),
    ],
  };
}

function report(done: DoneCommand): { heading: string; sentences: string[] } {
  switch (done.kind) {
    case 'resent':
      return {
        heading: '再送しました',
        sentences: [
          `${personWithAddress(done.recipient)} へ、もう一度送ります。`,
          '先に送ったURLは使えなくなりました。お手続きをお待ちください。',
        ],
      };
    case 'extended':
      return {
        heading: '期限を延長しました',
        sentences: [
          `署名の期限を${eraDateWithWeekday(done.deadline)}にしました。`,
          done.informed === null
            ? 'これからお願いする方には、新しい期限でお知らせします。'
            : `${personWithAddress(done.informed)} へ、新しい期限を知らせます。先に送ったURLもそのまま使えます。`,
        ],
      };
    case 'change-proposed':
      return {
        heading: '宛先変更を確認中です',
        sentences: [
          `${personWithAddress(done.former)} から ${done.holder.address} への変更を、まだ行っていません。`,
          '登録のないアドレスのため、別の職員に確認をお願いしました。',
          `確認する方：${personWithAddress(done.second)}`,
          '確認が済みましたら、関係する方全員にメールでお知らせします。',
        ],
      };
    case 'returned':
      return {
        heading: '差戻しを受け付けました',
        sentences: [
          '契約を差し戻しました。この契約の手続きは終わり、契約は成立していません。',
          `担当の${personWithHonorific(done.initiator)}へ、書かれた理由を添えてメールでお知らせします。`,
          '直したものは、新しい受付番号で、あらためて承認をお願いします。',
        ],
      };
    case 'change-settled':
      return {
        heading: done.agreed ? '宛先変更を承認しました' : '宛先変更を差し戻しました',
        sentences: [
          done.agreed
            ? `宛先を ${personWithAddress(done.holder)} に変更しました。`
            : `${done.holder.address} への変更は行いません。宛先は前のままです。`,
          `担当の${personWithHonorific(done.initiator)}へ、メールでお知らせします。`,
        ],
      };
    case 'copies':
      return {
        heading: '控え',
        sentences: [copiesSentence(done), ...done.documents.map((title) => `・${title}`)],
      };
  }
}

function copiesSentence({ attached, url }: Extract<DoneCommand, { kind: 'copies' }>): string {
  if (attached) return 'いまの文書を、このメールに添付しています。';
  const elsewhere = url === null ? 'お手元のファイル、またはお願いのメールのURLで' : '次のURLから';
  return `容量が大きいため、文書はこのメールに添付していません。${elsewhere}ご覧ください。`;
}

export const commandDoneSample: CommandDoneParams = {
  ...sampleBase,
  sender: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  done: { kind: 'resent', recipient: sampleSignatory },
  approvable: [],
};
