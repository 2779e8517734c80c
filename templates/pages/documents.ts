/** The documents of the consent page: tabs, viewer with page list and search, downloads (R25 to R27). */
import { fileSize } from '../format.ts';
import type { Confirmation } from './confirmation.ts';
import { type Html, html } from './html.ts';

export function documentsSection(params: Confirmation): Html {
  const total = params.documents.length;
  return html`<div class="reading">
<div class="in-sight">
<section class="documents" aria-labelledby="documents-title">
<h2 id="documents-title">文書の確認</h2>
<ul class="tabs" aria-labelledby="documents-title" data-tabs>
${params.documents.map(
  ({ title }, at) =>
    html`<li><a id="document-${at + 1}" href="${params.base}/documents/${at + 1}" target="_blank" data-tab>${at + 1} ${title}</a></li>\n`,
)}</ul>
<div class="viewer" data-viewer data-js-only data-version="${versionOf(params)}" data-opened="${params.base}/opened" ${viewerSentences()}>
<div class="toolbar">
<div class="where">
<p class="position" data-position>文書 1 (1/${total})</p>
<button type="button" data-list aria-expanded="false" aria-controls="page-list">ページ一覧</button>
</div>
<div class="tools">
<button type="button" data-zoom="out" aria-label="縮小">－</button>
<button type="button" data-zoom="fit">幅に合わせる</button>
<button type="button" data-zoom="in" aria-label="拡大">＋</button>
<button type="button" data-expand data-open="拡大表示" data-close="元に戻す" aria-pressed="false">拡大表示</button>
</div>
<form class="find" role="search" data-find>
<label for="find">文書内の検索</label>
<input type="search" id="find" placeholder="文書内の検索" autocomplete="off" data-find-text>
<button type="submit">次へ</button>
<button type="button" data-find-previous>前へ</button>
<output for="find" data-find-count></output>
</form>
</div>
<ol class="page-list" id="page-list" aria-label="ページ一覧" data-page-list hidden></ol>
<p class="viewer-status" role="status" data-status></p>
<div class="pages" id="pages" data-pages tabindex="0" role="region" aria-label="文書の表示"></div>
</div>
<p class="hint" data-js-only>拡大表示もできます。文書の上では、キーの「＋」で拡大、「－」で縮小、「0」で幅に合わせます。スマートフォンでは、2本の指で拡大できます。</p>
</section>
</div>
${downloads(params)}
</div>`;
}

/** A section of its own: the one above stays in sight while what stands beside it scrolls by. */
function downloads(params: Confirmation): Html {
  return html`<section class="copies" aria-labelledby="copies-title">
<h2 id="copies-title">文書のダウンロード</h2>
<ul class="downloads">
${params.documents.map(
  ({ title, pages, size }, at) =>
    html`<li><a href="${params.base}/documents/${at + 1}" download="${title}.pdf" data-download="${at + 1}">「${title}」をダウンロードする（PDF、${pages}枚、${fileSize(size)}）</a></li>\n`,
)}</ul>
</section>`;
}

/** Names this very set of documents, for what the script remembers of it. */
function versionOf({ heads }: Confirmation): string {
  return heads.map((head) => head.slice(0, 16)).join('-');
}

/** What the script says; the sentences stand here so that the script holds none. */
function viewerSentences(): Html {
  const sentences: Record<string, string> = {
    'position-text': '文書 {document} ({document}/{documents})　{page}/{pages}ページ',
    'position-loading': '文書 {document} ({document}/{documents})',
    'page-label': '{page}ページ',
    loading: '文書を読み込んでいます。',
    failed: 'ここには表示できませんでした。ダウンロードして、内容を確認してください。',
    partly: 'この文書には、ここに表示できない文字があります。ダウンロードして、内容を確認してください。',
    'not-yet': 'まだ確認していない文書です。内容を確認してから、もう一度「完了する」を押してください。',
    seen: '済',
    finding: '検索しています（{page}/{pages}ページ）',
    found: '{hit}/{hits}件',
    'found-none': '見つかりません',
    'no-text': '検索できる文字がない文書です（画像など）',
  };
  return html`${Object.entries(sentences).map(([name, sentence]) => html`data-${name}="${sentence}" `)}`;
}
