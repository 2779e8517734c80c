/** Registration feeds of the sample vendor, as an e-application form writes them. */
import Encoding from 'encoding-japanese';

const SAMPLE = {
  整理番号: '12345',
  申込日時: '2026/11/21 9:03',
  商号又は名称: '株式会社サンプル',
  所在地: '見本市見本町1-2-3',
  締結権限者役職: '代表取締役',
  締結権限者氏名: '山田太郎',
  締結権限者メールアドレス: 'yamada@sample.example.jp',
  事務担当者氏名: '田中次郎',
  事務担当者メールアドレス: 'tanaka@sample.example.jp',
  電話番号: '00-0000-0002',
  契約件名: '市道1号線舗装工事',
  提出先: '総務課管財係',
  電子契約への同意: '同意する',
  備考: '',
};

export const FEED_HEADER = Object.keys(SAMPLE).join(',');

export function feedRow(changes: Partial<Record<keyof typeof SAMPLE, string>> = {}): string {
  return Object.values({ ...SAMPLE, ...changes })
    .map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}

/** Header and rows, CRLF, UTF-8. */
export function feedOf(...rows: string[]): Buffer {
  return Buffer.from([FEED_HEADER, ...rows, ''].join('\r\n'));
}

export function cp932(text: string): Uint8Array {
  return Uint8Array.from(Encoding.convert(Encoding.stringToCode(text), { from: 'UNICODE', to: 'SJIS' }));
}
