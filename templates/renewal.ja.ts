// What the operator reads of renewals of executed files on the command line.

export interface RenewalDueCount {
  municipality: string;
  files: number;
  contracts: number;
}

export const renewalSentences = {
  noMunicipality: (id: string) => `自治体「${id}」は、設定にありません。`,
  noCount: (option: string) =>
    `${option} には、1以上の整数${option === '--within' ? '（36500まで）' : ''}を指定してください。`,
  due: ({ municipality, files, contracts }: RenewalDueCount) =>
    `${municipality}　対象 ${count(files)}（契約${count(contracts)}）`,
  unknown: (contracts: number) =>
    `有効期限をまだ調べていない契約が${count(contracts)}あります。延長のときに調べ、必要なものだけを延長します。`,
  nothingDue: '延長が必要なものはありません。',
  ordered: (run: string) => `延長を始めます（${run}）。動いているゲートウェイが、順に処理します。`,
  howToFollow: '進み具合は「keiyakubin status」で、できなかったものは「keiyakubin parked」で確かめられます。',
  progress: (run: string, done: number, total: number) => `${run}　${count(done)}／${count(total)}`,
  outcome: ({ renewed, unchanged, failed }: { renewed: number; unchanged: number; failed: number }) =>
    `延長済み ${count(renewed)}、変更なし ${count(unchanged)}、できなかったもの ${count(failed)}`,
};

/** 1,234件 */
function count(value: number): string {
  return `${value.toLocaleString('en-US')}件`;
}
