/** Answers staff's words about registrations: 登録, 一覧, 許可, 却下, 再送, 希望確認, and tells them of bounces and wishes (R0, R4, R5, R11). */
import { fullDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailBlock, type MailContent, pair, signOff } from '../mail-content.ts';
import { sampleBase, sampleInitiator, sampleTitle } from '../sample.ts';
import { type Person, personWithHonorific } from '../words.ts';
import {
  factRows,
  type PendingRegistration,
  pendingBlocks,
  type RegistrationFact,
} from './registration-parts.ts';
import { type RegistrationTrouble, troubleSentence } from './registration-troubles.ts';

export type RegistrationAnswerContent =
  /** 登録 */
  | {
      kind: 'standing';
      asked: string;
      found: readonly RegistrationFact[];
      pending: readonly PendingRegistration[];
      /** How many more are in force; in answers stored before `morePending` was told, those that wait too. */
      more: number;
      morePending?: number;
      formUrl: string | null;
    }
  /** 一覧 */
  | { kind: 'list'; registrations: number; pending: readonly PendingRegistration[]; morePending?: number }
  /** 許可 and 却下 */
  | {
      kind: 'accepted';
      fact: RegistrationFact;
      /** Addresses that are no longer used. */
      replaced: readonly string[];
      effectiveAt: When;
      /** Contracts that still run with one of them. */
      running: readonly { number: string; title: string }[];
      /** Others under the same 整理番号 that still wait; absent in answers stored before they were told of. */
      waiting?: readonly PendingRegistration[];
      morePending?: number;
    }
  | {
      kind: 'rejected';
      fact: RegistrationFact;
      reason: string | null;
      waiting?: readonly PendingRegistration[];
      morePending?: number;
      /** What is in force under the same 整理番号 now. */
      inForce?: readonly RegistrationFact[];
    }
  /** 再送 */
  | { kind: 'resent'; fact: RegistrationFact }
  /** 希望確認 */
  | { kind: 'wish-asked'; fact: RegistrationFact; title: string | null }
  | { kind: 'wish-answered'; fact: RegistrationFact; title: string | null; wish: 'electronic' | 'paper' }
  | {
      kind: 'undelivered';
      fact: RegistrationFact;
      what: 'confirmation' | 'preference';
      formUrl: string | null;
    }
  | { kind: 'trouble'; code: RegistrationTrouble; args: Readonly<Record<string, string>> };

export interface RegistrationAnswerParams extends MailBase {
  /** Null where the mail goes to an address of the municipality rather than to who wrote. */
  recipient: Person | null;
  content: RegistrationAnswerContent;
}

export function registrationAnswer(params: RegistrationAnswerParams): MailContent {
  const { municipality, recipient, content } = params;
  const { subject, blocks } = said(content);
  const greeting = recipient === null ? `${municipality} 電子契約ご担当者様` : personWithHonorific(recipient);
  return {
    subject,
    ...signOff(params),
    blocks: [lines(greeting), ...blocks],
  };
}

function said(content: RegistrationAnswerContent): { subject: string; blocks: MailBlock[] } {
  switch (content.kind) {
    case 'standing':
      return { subject: `【登録】${content.asked}`, blocks: standing(content) };
    case 'list':
      return {
        subject: `【登録の一覧】${content.registrations}件`,
        blocks: [
          lines(
            `有効な登録と許可待ちの登録${content.registrations}件を、CSVで添付しました。`,
            '個人情報が含まれます。取扱いにご注意ください。',
          ),
          ...pendingBlocks(content.pending, content.morePending),
        ],
      };
    case 'accepted':
      return { subject: `【許可しました】${content.fact.company}`, blocks: accepted(content) };
    case 'rejected':
      return {
        subject: `【却下しました】${content.fact.company}`,
        blocks: [
          lines('次の登録を却下しました。契約には使われません。申請者には知らせていません。'),
          { kind: 'table', rows: factRows(content.fact) },
          ...(content.reason === null
            ? []
            : [lines('理由：'), { kind: 'quote' as const, text: content.reason }]),
          ...inForceBlocks(content.inForce ?? []),
          ...waitingBlocks(content.waiting ?? [], content.morePending),
        ],
      };
    case 'resent':
      return {
        subject: `【登録確認を送り直しました】${content.fact.company}`,
        blocks: [
          lines('次の登録のアドレスへ、登録確認のメールを送り直します。'),
          { kind: 'table', rows: factRows(content.fact) },
        ],
      };
    case 'wish-asked':
      return {
        subject: `【希望確認を送りました】${content.fact.company}`,
        blocks: [
          lines('次の相手方へ、希望確認のメールをお送りします。お返事がありましたら、お知らせします。'),
          { kind: 'table', rows: [...titleRow(content.title), ...factRows(content.fact)] },
        ],
      };
    case 'wish-answered': {
      const word = content.wish === 'electronic' ? '電子契約' : '紙の契約';
      return {
        subject: `【希望確認：${word}】${content.title ?? content.fact.company}`,
        blocks: [
          lines(`相手方から、「${word}を希望する」とのお返事がありました。`),
          { kind: 'table', rows: [...titleRow(content.title), ...factRows(content.fact)] },
        ],
      };
    }
    case 'undelivered':
      return { subject: `【届いていません】${content.fact.company}のアドレス`, blocks: undelivered(content) };
    case 'trouble':
      return {
        subject: '【受け付けていません】登録のメール',
        blocks: [
          lines('いただいたメールは、受け付けていません。登録は変わっていません。'),
          { kind: 'list', items: [troubleSentence(content.code, content.args)] },
        ],
      };
  }
}

function standing({
  asked,
  found,
  pending,
  more,
  morePending,
  formUrl,
}: Extract<RegistrationAnswerContent, { kind: 'standing' }>): MailBlock[] {
  if (found.length === 0 && pending.length === 0) {
    return [lines(troubleSentence('nobody-found', { asked, formUrl: formUrl ?? '' }))];
  }
  const open = found.find(({ reached }) => reached.kind !== 'confirmed');
  return [
    lines(
      found.length === 0
        ? `「${asked}」の有効な登録はありません。`
        : `「${asked}」の登録は、次のとおりです。到達確認が「済」のアドレスだけを契約に使えます。`,
    ),
    ...found.map((fact): MailBlock => ({ kind: 'table', rows: factRows(fact) })),
    lines(
      more > 0 && `このほかに${more}件あります。整理番号で絞ってお尋ねください。`,
      open !== undefined &&
        `登録確認のメールを送り直すときは、1行目に「再送 ${open.number}」のように書いて、このメールに返信してください。`,
    ),
    ...pendingBlocks(pending, morePending),
  ];
}

function accepted({
  fact,
  replaced,
  effectiveAt,
  running,
  waiting = [],
  morePending,
}: Extract<RegistrationAnswerContent, { kind: 'accepted' }>): MailBlock[] {
  return [
    lines(
      `次の登録を許可しました（${fullDateTime(effectiveAt)}）。`,
      fact.reached.kind !== 'confirmed' &&
        'アドレスへ登録確認のメールをお送りします。相手方が「受信を確認する」を押すと、契約に使えます。',
    ),
    { kind: 'table', rows: factRows(fact) },
    lines(
      replaced.length > 0 &&
        `これまでのアドレス（${replaced.join('、')}）は、これからの契約には使われません。そのアドレスにも変更をお知らせします。`,
    ),
    ...(running.length === 0
      ? []
      : [
          {
            kind: 'notice' as const,
            lines: [
              '手続きの途中の契約は、これまでのアドレスのままです。自動では切り替わりません。',
              '切り替えるときは、その契約のメールに「宛先変更」と返信するか、「中止」して新しく送ってください。',
            ],
          },
          {
            kind: 'table' as const,
            rows: running.map(({ number, title }) => [pair(`受付${number}`, title)]),
          },
        ]),
    ...waitingBlocks(waiting, morePending),
  ];
}

/** Those who applied for an address that was not taken are told nothing by us: nobody knows yet whose address it is. */
function waitingBlocks(waiting: readonly PendingRegistration[], more: number | undefined): MailBlock[] {
  if (waiting.length === 0) return [];
  return [
    lines(
      '同じ整理番号で、別の申込みが残っています。その申請者には、まだ何も知らせていません。',
      'どちらが正しいかは、電話などで相手方にお確かめのうえ、使わないほうを却下してください。',
    ),
    ...pendingBlocks(waiting, more),
  ];
}

function inForceBlocks(inForce: readonly RegistrationFact[]): MailBlock[] {
  if (inForce.length === 0) return [];
  return [
    lines('同じ整理番号では、次の登録が有効です。'),
    {
      kind: 'table',
      rows: inForce.map(({ number, person, address, reached }) => [
        pair(
          `番号${number}`,
          `${person} ${address}（到達確認：${reached.kind === 'confirmed' ? '済' : '未'}）`,
        ),
      ]),
    },
  ];
}

function undelivered({
  fact,
  what,
  formUrl,
}: Extract<RegistrationAnswerContent, { kind: 'undelivered' }>): MailBlock[] {
  return [
    lines(
      `${what === 'confirmation' ? '登録確認' : '希望確認'}のメールが、次の相手方に届いていません。`,
      what === 'confirmation' && 'このアドレスは、到達確認が済むまで契約に使えません。',
    ),
    { kind: 'table', rows: factRows(fact) },
    lines(
      '登録の電話番号などで、アドレスと受信の設定をお確かめください。',
      `設定が済みましたら、1行目に「再送 ${fact.number}」と書いて、このメールに返信してください。`,
      `アドレスが違うときは、電子申請で「Eメールアドレス変更申請」をお願いしてください。${formUrl === null ? '' : `申請先：${formUrl}`}`,
    ),
  ];
}

function titleRow(title: string | null): ReturnType<typeof factRows> {
  return title === null ? [] : [[pair('希望確認の契約件名', title)]];
}

export const sampleRegistrationFact: RegistrationFact = {
  number: 57,
  receiptNumber: '12345',
  company: '株式会社サンプル',
  person: '代表取締役 山田太郎',
  address: 'yamada@sample.example.jp',
  checker: { name: '高橋次郎', address: 'takahashi@sample.example.jp' },
  title: sampleTitle,
  section: '総務課管財係',
  appliedAt: '2026-11-18T01:15:00Z',
  reached: { kind: 'waiting' },
  wish: null,
};

export const registrationAnswerSample: RegistrationAnswerParams = {
  ...sampleBase,
  recipient: sampleInitiator,
  content: {
    kind: 'standing',
    asked: '株式会社サンプル',
    found: [
      sampleRegistrationFact,
      {
        ...sampleRegistrationFact,
        number: 31,
        receiptNumber: '12001',
        checker: null,
        title: '道路照明灯修繕',
        reached: { kind: 'confirmed', at: '2026-10-02T02:00:00Z' },
        wish: { kind: 'electronic', at: '2026-10-05T02:00:00Z' },
      },
    ],
    pending: [],
    more: 0,
    formUrl: 'https://shinsei.mihon.example.jp/keiyaku',
  },
};
