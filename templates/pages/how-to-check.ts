/** 電子署名の確かめ方: what Acrobat shows of a signed PDF, in words and in pictures of our own (R30, R32, R43). */
import { sampleBase } from '../sample.ts';
import { type Html, html } from './html.ts';
import { type PageBase, page } from './shell.ts';

export interface HowToCheckPageParams extends PageBase {
  /** Path of the page this one was opened from. */
  back: string;
  /** Whoever mails a PDF there is told what became of it (R45); null: no such address. */
  verificationAddress: string | null;
}

export function howToCheckPage(params: HowToCheckPageParams): string {
  return page({
    ...params,
    title: '電子署名の確かめ方',
    main: html`<section class="card">
<h1>電子署名の確かめ方</h1>
<p>無料のAdobe Acrobat Readerで、締結した内容のままであることを確かめられます。ブラウザーで開いた画面では確かめられません。</p>
<ol>
<li>
<p>ダウンロードしたPDFを、パソコンのAdobe Acrobat Readerで開きます。</p>
</li>
<li>
<p>文書の上に帯が出ます。「署名済みであり、すべての署名が有効です。」とあれば、締結したときから変わっていません。</p>
${BAR}
</li>
<li>
<p>帯の「署名パネル」を押すと、電子署名の一覧が出ます。左の印を押して開くと、同意した人と日時、タイムスタンプ（その時刻に文書があったことの証明）が分かります。</p>
${PANEL}
</li>
</ol>
<p>印影はありませんが、印影のある署名（可視署名）と同様に契約締結でき、電子文書の証拠や安全性も確保できます。</p>
<h2>違う表示が出たときは</h2>
<dl>
<div>
<dt>「少なくとも1つの署名に問題があります。」</dt>
<dd>書き込みや編集をしたファイルかもしれません。もう一度ダウンロードして、何も書き込まずに開いてください。それでも出るときは、お問い合わせください。</dd>
</div>
<div>
<dt>「検証が必要な署名があります。」</dt>
<dd>インターネットにつながっていることを確かめ、署名パネルで「すべてを検証」を押してください。</dd>
</div>
<div>
<dt>帯が出ない</dt>
<dd>ほかのソフトで開いているか、印刷などで作り直したファイルです。ダウンロードしたままのファイルを開いてください。</dd>
</div>
</dl>
${
  params.verificationAddress !== null &&
  html`<h2>メールでも確かめられます</h2>
<p>PDFを添付して、次のアドレスへメールでお送りください。結果をメールでお返しします。</p>
<p><a href="mailto:${params.verificationAddress}">${params.verificationAddress}</a></p>
`
}<p><a href="${params.back}">ダウンロードの画面に戻る</a></p>
</section>`,
  });
}

/** Drawn, not photographed: what matters is where to look and what it says, whatever the version looks like. */
const BAR = picture(
  'Acrobatの帯の図：緑の印と、すべての署名が有効であるという文、右の下に署名パネルのボタン',
  108,
  html`<rect x="1" y="1" width="358" height="106" fill="#f1f6ff" stroke="#666"/>
<circle cx="28" cy="34" r="15" fill="#1a7f37"/>
<path d="M20 34l6 7 10-14" fill="none" stroke="#fff" stroke-width="4"/>
<text x="52" y="39" font-size="14">署名済みであり、すべての署名が有効です。</text>
<rect x="228" y="62" width="118" height="34" rx="4" fill="#fff" stroke="#333"/>
<text x="287" y="84" font-size="14" text-anchor="middle">署名パネル</text>`,
);

const PANEL = picture(
  '署名パネルの図：電子署名が1行ずつ並び、開いた1行に同意した人と日時、タイムスタンプが出ている',
  168,
  html`<rect x="1" y="1" width="358" height="166" fill="#fff" stroke="#666"/>
<rect x="1" y="1" width="358" height="32" fill="#eee" stroke="#666"/>
<text x="14" y="22" font-size="14" font-weight="bold">署名</text>
<path d="M14 48h12l-6 9z" fill="#333"/>
<path d="M34 52l5 6 9-12" fill="none" stroke="#1a7f37" stroke-width="3"/>
<text x="56" y="58" font-size="14">バージョン 1：電子署名が有効です</text>
<text x="56" y="82" font-size="13">理由：○○様が○年○月○日に承認しました</text>
<text x="56" y="104" font-size="13">署名にはタイムスタンプが埋め込まれています</text>
<path d="M14 124v12l9-6z" fill="#333"/>
<path d="M34 128l5 6 9-12" fill="none" stroke="#1a7f37" stroke-width="3"/>
<text x="56" y="134" font-size="14">バージョン 2：電子署名が有効です</text>`,
);

/** `height` in the units of a picture 360 wide; its words are told by `label`, too. */
function picture(label: string, height: number, drawing: Html): Html {
  return html`<p class="picture"><svg viewBox="0 0 360 ${height}" role="img" aria-label="${label}">
${drawing}
</svg></p>`;
}

export const howToCheckPageSample: HowToCheckPageParams = {
  ...sampleBase,
  back: '/d/abcdefghijklmnopqrstuvwxyz',
  verificationAddress: 'kensho@mihon.example.jp',
};
