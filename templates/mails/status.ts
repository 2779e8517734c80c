/** 状況: every participant of a contract with state and time, for the initiator. */
import { eraDateWithWeekday, shortDateTime, type When } from '../format.ts';
import { lines, type MailBase, type MailContent, pair, signOff } from '../mail-content.ts';
import {
  sampleApprover,
  sampleBase,
  sampleChecker,
  sampleInitiator,
  sampleNumber,
  sampleSignatory,
  sampleTitle,
} from '../sample.ts';
import { stoppedLines, type Waiting, type WaitingWork, waitingLines } from '../waiting.ts';
import {
  type ParticipantRole,
  type Person,
  participantRole,
  personWithAddress,
  personWithHonorific,
} from '../words.ts';
import { type Approvable, approvableBlocks } from './approvable.ts';
import {
  cameAnewRows,
  possibleBlocks,
  STATES,
  type Standing,
  type StatusState,
  standingSample,
} from './standing.ts';
import { mailName } from './undelivered.ts';

/** Where one participant stands. */
export type ParticipantProgress =
  | { kind: 'waiting' }
  | {
      kind: 'asked' | 'deferred' | 'consented' | 'declined' | 'paperWished' | 'sentBack' | 'undelivered';
      at: When;
    };

/** What has happened to one participant, beyond where they stand now. */
export interface ParticipantEvent {
  what:
    | 'mailed'
    | 'mailedAgain'
    /** A mail system reported that it tries again. */
    | 'delayed'
    /** A mail system reported that the recipient's has it. */
    | 'arrived'
    | 'undelivered'
    /** By a person, not a scanner. */
    | 'opened'
    | 'changeProposed'
    | 'changed'
    | 'consentedOnPage'
    | 'consentedByMail';
  at: When;
  /** The address that was, or would be, changed. */
  address: string | null;
  /** Who in the municipality is asked to agree to a new address. */
  second?: Person;
}

export interface StatusParams extends MailBase, Approvable, Standing {
  recipient: Person;
  number: string;
  title: string;
  state: StatusState;
  /** What keeps the work of this state from going on, null when nothing does. */
  waiting: Waiting | null;
  /** What of it was set aside for the operator. */
  stopped: WaitingWork | null;
  deadline: When | null;
  participants: readonly {
    role: Exclude<ParticipantRole, 'observer'>;
    person: Person;
    progress: ParticipantProgress;
    /** In the order of time; empty where there is no more to say than `progress` does. */
    history: readonly ParticipantEvent[];
  }[];
  /** Whose wrong tries at access code or signing PIN have run out: until when no more are taken, or were not. */
  locks: readonly { person: Person; until: When }[];
  /** Other mails of ours that did not arrive: not the requests, which `progress` tells of. */
  undelivered: readonly { mail: string; person: Person; at: When }[];
  /** Who has fetched executed files by their link, when last, and how often. */
  downloads: readonly { person: Person; at: When; times: number }[];
}

export function status(params: StatusParams): MailContent {
  const waiting = params.waiting === null ? [] : [[pair('待ち', waitingLines(params.waiting))]];
  const stopped = params.stopped === null ? [] : [[pair('停止', stoppedLines(params.stopped))]];
  const deadline = params.deadline === null ? [] : [[pair('期限', eraDateWithWeekday(params.deadline))]];
  return {
    subject: `【状況】受付${params.number} ${params.title}`,
    ...signOff(params),
    blocks: [
      lines(personWithHonorific(params.recipient)),
      {
        kind: 'table',
        rows: [
          [pair('受付', `${params.number} ${params.title}`)],
          ...cameAnewRows(params),
          [pair('状況', STATES[params.state])],
          ...stopped,
          ...waiting,
          ...deadline,
          ...params.participants.map(({ role, person, progress, history }, at) => [
            pair(`${at + 1} ${participantRole(role, params.municipality)}`, [
              personWithAddress(person),
              progressWords(progress, params.state),
              ...history.map(eventWords),
            ]),
          ]),
          ...(params.locks.length === 0 ? [] : [[pair('入力の停止', lockLines(params))]]),
          ...(params.undelivered.length === 0
            ? []
            : [
                [
                  pair('届いていないお知らせ', [
                    '',
                    ...params.undelivered.map(
                      ({ mail, person, at }) =>
                        `${mailName(mail)}（${shortDateTime(at)}、${personWithAddress(person)}）`,
                    ),
                  ]),
                ],
              ]),
          ...(params.downloads.length === 0 ? [] : [[pair('ダウンロード', downloadLines(params))]]),
        ],
      },
      ...possibleBlocks(params),
      ...approvableBlocks(params),
    ],
  };
}

const EVENTS: Record<ParticipantEvent['what'], string> = {
  mailed: '依頼のメールを送信',
  mailedAgain: '依頼のメールをもう一度送信',
  delayed: '配送に時間がかかっています（自動で送り直し）',
  arrived: '宛先のメールサーバーが受け取り',
  undelivered: '不達',
  opened: '開封（人が画面を操作）',
  changeProposed: '宛先変更の確認待ち（新しい宛先：',
  changed: '宛先を変更（元の宛先：',
  consentedOnPage: '画面で同意',
  consentedByMail: 'メールの返信で同意',
};

function eventWords({ what, at, address, second }: ParticipantEvent): string {
  const asked = second === undefined ? '' : `、確認する方：${personWithAddress(second)}`;
  return `・${shortDateTime(at)} ${EVENTS[what]}${address === null ? '' : `${address}${asked}）`}`;
}

function lockLines({ locks }: StatusParams): string[] {
  return locks.map(
    ({ person, until }) =>
      `${personWithAddress(person)}（アクセスコードか署名用暗証番号の間違いが続いたため、${shortDateTime(until)}まで受け付けを停止）`,
  );
}

function downloadLines({ downloads }: StatusParams): string[] {
  return [
    '（自動の検査による取得も含みます）',
    ...downloads.map(
      ({ person, at, times }) => `・${personWithAddress(person)}（${times}回、最後は${shortDateTime(at)}）`,
    ),
  ];
}

const ENDED: ReadonlySet<StatusState> = new Set([
  'declined',
  'paperWished',
  'sentBack',
  'withdrawn',
  'expired',
]);

function progressWords(progress: ParticipantProgress, state: StatusState): string {
  const ended = ENDED.has(state);
  if (progress.kind === 'waiting') return ended ? '（依頼していません）' : '（まだ依頼していません）';
  const words = {
    asked: ended ? 'に依頼。お返事のないまま終わりました' : 'に依頼。お返事待ち',
    deferred: 'から送っていますが、まだ受け取られていません。自動で送り直しています',
    consented: 'に同意',
    declined: 'に却下',
    paperWished: 'に紙の契約を希望',
    sentBack: 'に差戻し',
    undelivered: 'に送りましたが、届いていません',
  };
  return `（${shortDateTime(progress.at)}${words[progress.kind]}）`;
}

export const statusSample: StatusParams = {
  ...sampleBase,
  recipient: sampleInitiator,
  number: sampleNumber,
  title: sampleTitle,
  state: 'awaiting',
  waiting: null,
  stopped: null,
  deadline: '2026-12-01',
  participants: [
    {
      role: 'checker',
      person: sampleChecker,
      progress: { kind: 'consented', at: '2026-11-21T01:20:00Z' },
      history: [],
    },
    {
      role: 'signatory',
      person: sampleSignatory,
      progress: { kind: 'asked', at: '2026-11-24T01:30:00Z' },
      history: [
        { what: 'undelivered', at: '2026-11-21T01:25:00Z', address: null },
        { what: 'changed', at: '2026-11-24T01:29:00Z', address: 'yamada@docomo.ne.jp' },
        { what: 'mailedAgain', at: '2026-11-24T01:30:00Z', address: null },
      ],
    },
    { role: 'approver', person: sampleApprover, progress: { kind: 'waiting' }, history: [] },
  ],
  locks: [],
  undelivered: [],
  downloads: [],
  ...standingSample,
  approvable: [],
};
