/**
 * Makes docs/screens, every page in every state as a telephone and as a desk show it, and then docs/mails:
 * `npm run screens`, or `npm run screens -- NAME …` for some of them. Needs Chromium and a Japanese font.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inEnglish, pageSamples } from '../../templates/index.ts';
import { openBrowser } from './browser.ts';
import { MOMENTS } from './page-moments.ts';
import { openStage, type Stage } from './page-stage.ts';
import { smallPng } from './small-png.ts';

const FOLDER = join(import.meta.dirname, '../../docs/screens');
const SHAPES = {
  375: { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true },
  1280: { viewport: { width: 1280, height: 800 } },
};
/** What a vendor meets on the way to the contract, and nothing more, in the second language. */
const IN_ENGLISH = ['registration', 'consent', 'confirm', 'done', 'declined', 'download', 'state-expired'];

const japanese = pageSamples();
const english = Object.fromEntries(IN_ENGLISH.map((name) => [`${name}-en`, inEnglish(japanese[name]!)]));
const pages = { ...japanese, ...english };
const wanted = process.argv.slice(2);
const browser = await openBrowser();
try {
  for (const [width, options] of Object.entries(SHAPES)) {
    const stage = await openStage(browser, pages, options);
    for (const name of Object.keys(pages)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      await stage.show(name);
      await shoot(stage, `${name}-${width}`, true);
    }
    await stage.close();
    for (const [name, { of, scripts, whole, bring }] of Object.entries(MOMENTS)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const touched = await openStage(browser, pages, { ...options, javaScriptEnabled: scripts });
      await touched.show(of);
      await bring(touched.page);
      // Without scripts nothing can be added to a page: the window is made as high as the page instead.
      if (!scripts) {
        const height = Number(await touched.page.evaluate('document.documentElement.scrollHeight'));
        await touched.page.setViewportSize({ ...options.viewport, height });
      }
      await shoot(touched, `${name}-${width}`, whole && scripts);
      await touched.close();
    }
  }
} finally {
  await browser.close();
}

async function shoot({ page }: Stage, name: string, whole: boolean): Promise<void> {
  // What clings to the window's lower edge would cover the middle of a picture of the whole page.
  if (whole) await page.addStyleTag({ content: '.action-bar { position: static }' });
  writeFileSync(join(FOLDER, `${name}.png`), smallPng(await page.screenshot({ fullPage: whole })));
}

const titleOf = (html: string): string => /<title>([^<｜|]*)/.exec(html)![1]!.trim();
const moments = Object.entries(MOMENTS).map(([name, { of }]): [string, string] => [name, pages[of]!]);
const shown = [...Object.entries(pages), ...moments].map(([name, html]) => {
  const pictures = Object.keys(SHAPES).map(
    (width) => `<img src="${name}-${width}.png" width="${Number(width) / 2}" alt="">`,
  );
  return `## ${titleOf(html)}\n\n\`${name}\`\n\n${pictures.join(' ')}\n`;
});
writeFileSync(
  join(FOLDER, 'README.md'),
  `# 契約便の画面

画面は幅375（スマートフォン）と幅1280（パソコン）のものです。名称、氏名、アドレスはすべて見本です。
どの画面も、JavaScriptがなくても使えます（文書の表示だけは、ダウンロードになります。\`consent-no-script\`）。\`-en\` は英語の画面です。
メールは [docs/mails](../mails/README.md) にあります。

\`npm run screens\` で、メールの絵とあわせて作り直せます。名前を付けると（例：\`npm run screens -- consent\`）、その絵だけを作ります。Chromiumと日本語フォントが必要です。

${shown.join('\n')}`,
);

await import('./mail-pictures.ts');
