/** The shape of every page that tells what an act has led to: one card with a heading and the contract's title. */
import { type Html, html } from './html.ts';
import { type PageBase, page } from './shell.ts';

/** `rest` follows the contract's title. */
export function outcomePage(
  params: PageBase & { title: string; script?: boolean; ended?: boolean },
  heading: string,
  rest: Html,
): string {
  return page({
    ...params,
    title: `${heading}：${params.title}`,
    main: html`<section class="card">
<h1>${heading}</h1>
<p class="subject">${params.title}</p>
${rest}
</section>`,
  });
}
