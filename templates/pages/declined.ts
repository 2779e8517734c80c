/** After a refusal, or the wish for a contract on paper: it is recorded and the initiator will hear of it (R0, R29). */
import { sampleBase, sampleTitle } from '../sample.ts';
import { html } from './html.ts';
import { outcomePage } from './outcome.ts';
import type { ConsentRole } from './role-words.ts';
import type { PageBase } from './shell.ts';

export interface DeclinedPageParams extends PageBase {
  role: ConsentRole;
  title: string;
  /** A contract on paper is wished for. */
  paper: boolean;
}

export function declinedPage(params: DeclinedPageParams): string {
  const word = params.role === 'approver' ? '差し戻しました' : '却下しました';
  const heading = params.paper ? '「紙の契約」と承りました' : word;
  return outcomePage(
    { ...params, ended: true },
    heading,
    html`<p>${params.paper && '電子契約の手続きは終わりました。'}同意は行われていません。契約は成立していません。</p>
<p>${params.municipality}の担当職員にメールで知らせました。このあとのことは、担当職員からご連絡します。この画面は閉じて構いません。</p>`,
  );
}

export const declinedPageSample: DeclinedPageParams = {
  ...sampleBase,
  role: 'signatory',
  title: sampleTitle,
  paper: false,
};
