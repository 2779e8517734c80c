/** 署名完了文書ダウンロード画面: the second of the two steps to the executed documents (R35, R36, R43). */
import { eraDateWithWeekday, fileSize, type When } from '../format.ts';
import { sampleBase, sampleNumber, sampleTitle } from '../sample.ts';
import { type Html, html } from './html.ts';
import { type PageBase, page } from './shell.ts';

export interface DownloadFile {
  name: string;
  /** Octets. */
  size: number;
  /** Path on this server. */
  href: string;
}

export interface DownloadPageParams extends PageBase {
  number: string;
  title: string;
  files: readonly DownloadFile[];
  /** Path of all files in one ZIP. */
  zip: string;
  /** Path of the file for printing; null where none can be made. */
  print: string | null;
  /** It was asked for, and cannot be made. */
  printRefused: boolean;
  /** Path of the page that says how signatures are checked. */
  howToCheck: string;
  /** Last day on which this page works. */
  expires: When;
  downloadDays: number;
}

export function downloadPage(params: DownloadPageParams): string {
  return page({
    ...params,
    title: `署名完了文書ダウンロード：${params.title}`,
    main: html`<section class="card">
<h1>署名完了文書ダウンロード</h1>
<p class="subject">${params.number} ${params.title}</p>
${params.printRefused && html`<p class="caution" role="alert"><strong>印刷用のファイルは作れませんでした。</strong></p>\n`}<p>すべての手続きが完了しました。次の文書をダウンロードしてください。</p>
<ul class="files">
${params.files.map(
  ({ name, size, href }) =>
    html`<li><span class="file-name">${name}<small>${fileSize(size)}</small></span> <a class="primary" href="${href}" download="${name}" aria-label="${name}をダウンロード">ダウンロード</a></li>\n`,
)}</ul>
<p><a class="secondary" href="${params.zip}" download>まとめてダウンロード（ZIP）</a></p>
${forPrinting(params.print)}<div class="caution">
<p><strong>ダウンロード有効期間：${params.downloadDays}日間（${eraDateWithWeekday(params.expires)}まで）</strong></p>
<p>有効期間を過ぎると、ダウンロードができなくなります。必ずダウンロードして保管するようお願いいたします。</p>
</div>
<h2>保管について</h2>
<ul>
<li>PDFが契約書の原本です。印刷したものは「契約書の写し」になります。</li>
<li>電子署名とタイムスタンプが付いているため、内容が変わればそれと分かります。</li>
<li>マーカーを含め内容を編集すると電子署名は無効になります。ファイル名は変えても差し支えありません。</li>
<li>可読性・検索性を担保できる場所で保管してください。</li>
<li>電子データで受け取った契約書は、電子データのまま保存します（電子帳簿保存法第7条）。日付・取引先・金額で検索できるようにしてください。ファイル名に3つとも入れておくと、それで検索できます。</li>
<li>保存場所は、必要なときにすぐ画面に出し、印刷もできる社内の共有フォルダーなどにし、控えも別の場所に置いてください。メールやこの画面は、保存場所の代わりになりません。</li>
</ul>
<p><a href="${params.howToCheck}">電子署名の確かめ方</a></p>
</section>`,
  });
}

function forPrinting(path: string | null): Html {
  if (path === null) {
    return html`<p class="hint">この契約の文書は、印刷用の1つのファイルにまとめられません。印刷するときは、上の文書を1つずつ開いて印刷してください。</p>
`;
  }
  return html`<p><a class="secondary" href="${path}">印刷用（契約書の写し）をダウンロードする</a></p>
<p class="hint">すべての文書を1つにまとめ、各ページに「契約書の写し」と入れたファイルです。電子署名が付かないため、原本の代わりになりません。</p>
`;
}

export const downloadPageSample: DownloadPageParams = {
  ...sampleBase,
  number: sampleNumber,
  title: sampleTitle,
  files: [
    {
      name: '20261201_見本市_1100000_市道1号線舗装工事_契約書.pdf',
      size: 412_300,
      href: '/d/abcdefghijklmnopqrstuvwxyz/files/1',
    },
    {
      name: '20261201_見本市_1100000_市道1号線舗装工事_金抜き設計書.pdf',
      size: 2_520_000,
      href: '/d/abcdefghijklmnopqrstuvwxyz/files/2',
    },
    {
      name: '20261201_見本市_1100000_市道1号線舗装工事_合意締結証明書.pdf',
      size: 88_000,
      href: '/d/abcdefghijklmnopqrstuvwxyz/certificate',
    },
  ],
  zip: '/d/abcdefghijklmnopqrstuvwxyz/all.zip',
  print: '/d/abcdefghijklmnopqrstuvwxyz/print.pdf',
  printRefused: false,
  howToCheck: '/d/abcdefghijklmnopqrstuvwxyz/how-to-check',
  expires: '2026-12-14',
  downloadDays: 14,
};
