/** After a consent was taken back: nothing is agreed, and where to go on (R29). */
import { sampleBase, sampleTitle } from '../sample.ts';
import { html } from './html.ts';
import { outcomePage } from './outcome.ts';
import type { PageBase } from './shell.ts';

export interface TakenBackPageParams extends PageBase {
  base: string;
  title: string;
}

export function takenBackPage(params: TakenBackPageParams): string {
  return outcomePage(
    params,
    '同意を取り消しました',
    html`<p>同意する前の状態に戻りました。契約は成立していません。担当職員にはメールで知らせました。</p>
<p>問題がなくなりましたら、期限までにあらためてお手続きください。</p>
<p class="way-back"><a class="secondary" href="${params.base}">文書の確認に戻る</a></p>`,
  );
}

export const takenBackPageSample: TakenBackPageParams = {
  ...sampleBase,
  base: '/c/abcdefghijklmnopqrstuvwxyz',
  title: sampleTitle,
};
