/** The PDFs that were made from Word and Excel files and go with a refusal of them (R12). */
import { lines, type MailBlock } from '../mail-content.ts';

/** `names` of the files attached, nothing where there are none; `again` says how they come in. */
export function convertedBlocks(names: readonly string[], again: string): MailBlock[] {
  if (names.length === 0) return [];
  return [
    lines(
      'ワードやエクセルのファイルは、PDFに変換してこのメールに添付しました。相手方には送っていません。',
      '変換すると体裁が崩れることがあります。全部のページをご確認ください。',
      again,
    ),
    { kind: 'list', items: names },
  ];
}
