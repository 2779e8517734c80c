/**
 * Makes docs/screens, every page in every state as a telephone and as a desk show it, and then docs/mails:
 * `npm run screens`, or `npm run screens -- NAME …` for some of them. Needs Chromium and a Japanese font.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inEnglish, pageSamples } from '../../templates/index.ts';
import { openBrowser } from './browser.ts';
import { openStage } from './page-stage.ts';
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
      // What clings to the window's lower edge would cover the middle of a picture of the whole page.
      await stage.page.addStyleTag({ content: '.action-bar { position: static }' });
      const picture = await stage.page.screenshot({ fullPage: true });
      writeFileSync(join(FOLDER, `${name}-${width}.png`), smallPng(picture));
    }
    await stage.close();
  }
} finally {
  await browser.close();
}

const titleOf = (html: string): string => /<title>([^<｜|]*)/.exec(html)![1]!.trim();
const shown = Object.entries(pages).map(([name, html]) => {
  const pictures = Object.keys(SHAPES).map(
    (width) => `<img src="${name}-${width}.png" width="${Number(width) / 2}" alt="">`,
  );
  return `## ${titleOf(html)}\n\n\`${name}\`\n\n${pictures.join(' ')}\n`;
});
writeFileSync(
  join(FOLDER, 'README.md'),
  `# 契約便の画面

画面は幅375（スマートフォン）と幅1280（パソコン）のものです。名称、氏名、アドレスはすべて見本です。
どの画面も、JavaScriptがなくても使えます（文書の表示だけは、ダウンロードになります）。\`-en\` は英語の画面です。
メールは [docs/mails](../mails/README.md) にあります。

\`npm run screens\` で、メールの絵とあわせて作り直せます。名前を付けると（例：\`npm run screens -- consent\`）、その絵だけを作ります。Chromiumと日本語フォントが必要です。

${shown.join('\n')}`,
);

await import('./mail-pictures.ts');
