// What the operator reads of work that was set aside.

export const operationSentences = {
  nothingParked: '止まっている処理はありません。',
  parked: (key: string, reason: string) => `${key}　${reason}`,
  howToRetry: '原因を直してから「keiyakubin parked --retry」で、すべてやり直せます。',
  retried: (count: number) => `${count}件の処理をやり直します。`,
};
