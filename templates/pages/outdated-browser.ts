/** For Internet Explorer: says which browsers work (R25). */
import { sampleBase } from '../sample.ts';
import { html } from './html.ts';
import { type PageFrame, page } from './shell.ts';

export type OutdatedBrowserPageParams = PageFrame;

export function outdatedBrowserPage(params: OutdatedBrowserPageParams): string {
  return page({
    ...params,
    title: 'お使いのブラウザーでは表示できません',
    main: html`<section class="card">
<h1>お使いのブラウザーでは表示できません</h1>
<p>Internet Explorerには対応していません。お手数ですが、メールのURLを次のどれかで開いてください。</p>
<ul>
<li>Microsoft Edge</li>
<li>Google Chrome</li>
<li>Safari</li>
<li>Firefox</li>
</ul>
<p>スマートフォンでも開けます。</p>
<p>Microsoft Edgeでこの画面が出るときは、「Internet Explorerモード」になっています。このモードを終了してから開いてください。</p>
</section>`,
  });
}

export const outdatedBrowserPageSample: OutdatedBrowserPageParams = sampleBase;
