/** Texts that the corpus' mails carry: a contract mail, and our own mails as each mailer quotes them. */

export const CONTRACT = `契約件名：村道1号線舗装工事
種別：契約書
契約相手方：株式会社サンプル 代表取締役 山田太郎 <yamada@sample.example.jp>
村側署名者：総務課長 鈴木一郎 <suzuki@mihon.example.jp>
契約金額：1,100,000円（税込）
契約締結予定日：令和8年12月1日
決裁番号：総管第45号
`;

export const CONTRACT_EXPECTED = {
  title: '村道1号線舗装工事',
  counterparty: 'yamada@sample.example.jp',
  approver: 'suzuki@mihon.example.jp',
  amount: 1_100_000,
  problems: [],
};

/** Our mail asking for an approval: full of the words that would be commands. */
export const ASKED = `総務課長 鈴木一郎様
相手方が署名しました。
承認 4821
承認するときは、1行目に「承認 4821」と書いて返信してください。
中止
依頼 確認済
契約の内容：総務課管財係 00-0000-0001`;

const OURS = '見本村 <keiyaku@mihon.example.jp>';
const quoted = (mark: string): string => ASKED.replace(/^/gm, mark);

/** How each mailer shows the mail that is replied to. */
export const QUOTES = {
  outlook: `差出人: ${OURS}\n送信日時: 2026年12月1日火曜日 9:03\n宛先: 鈴木一郎 <suzuki@mihon.example.jp>\n件名: 【承認のお願い】村道1号線舗装工事\n\n${ASKED}`,
  outlookLine: `________________________________\n差出人: ${OURS}\n送信日時: 2026年12月1日 9:03\n宛先: 鈴木一郎\n件名: 【承認のお願い】\n\n${ASKED}`,
  outlookEnglish: `-----Original Message-----\nFrom: ${OURS}\nSent: Tuesday, December 1, 2026 9:03 AM\nTo: suzuki@mihon.example.jp\nSubject: RE:\n\n${ASKED}`,
  outlookBold: `*差出人:* ${OURS}\n*送信日時:* 2026年12月1日 9:03\n*宛先:* 鈴木一郎\n*件名:* 【承認のお願い】\n\n${ASKED}`,
  outlookExpress: `----- Original Message ----- \nFrom: ${OURS}\nTo: <suzuki@mihon.example.jp>\nSent: Tuesday, December 01, 2026 9:03 AM\nSubject: 【承認のお願い】\n\n${quoted('> ')}`,
  gmail: `2026年12月1日(火) 9:03 ${OURS}:\n\n${quoted('> ')}`,
  gmailEnglish: `On Tue, Dec 1, 2026 at 9:03 AM 見本村 <\nkeiyaku@mihon.example.jp> wrote:\n\n${quoted('> ')}`,
  apple: `2026/12/01 9:03、見本村 <keiyaku@mihon.example.jp>のメール:\n\n${quoted('> ')}`,
  appleEnglish: `On Dec 1, 2026, at 9:03, 見本村 <keiyaku@mihon.example.jp> wrote:\n\n${quoted('> ')}`,
  thunderbird: `On 2026/12/01 9:03, 見本村 wrote:\n${quoted('> ')}`,
  thunderbirdJapanese: `2026/12/01 9:03、見本村 さんは書きました:\n${quoted('> ')}`,
  becky: `On Tue, 01 Dec 2026 09:03:00 +0900\n見本村 <keiyaku@mihon.example.jp> wrote:\n\n${quoted('> ')}`,
  notes: `-----元のメッセージ-----\n差出人: ${OURS}\n日時: 2026/12/01 09:03\n宛先: suzuki@mihon.example.jp\n件名: 【承認のお願い】\n\n${ASKED}`,
  cybozu: `----- Original Message -----\n${quoted('>')}`,
  yahoo: `----- 元のメッセージ -----\n差出人: ${OURS}\n宛先: suzuki@mihon.example.jp\n日付: 2026/12/01 火 09:03\n件名: 【承認のお願い】\n\n${ASKED}`,
  fullWidth: quoted('＞ '),
} as const;

export const SIGNATURES = {
  delimiter: '-- \n総務課長 鈴木一郎\nTEL 00-0000-0001',
  rule: '**************************\n見本村総務課\n課長　鈴木一郎\n電話：00-0000-0001\n**************************',
  box: '┏━━━━━━━━━━━━┓\n  見本村総務課 鈴木一郎\n┗━━━━━━━━━━━━┛',
  iphone: 'iPhoneから送信',
} as const;
