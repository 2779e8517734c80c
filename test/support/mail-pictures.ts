/** Makes docs/mails, every mail as a telephone and as a desk show it: the second half of `npm run screens`. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileMails } from '../../templates/index.ts';
import { openBrowser } from './browser.ts';
import { MAILS } from './mail-samples.ts';
import { smallPng } from './small-png.ts';

const FOLDER = join(import.meta.dirname, '../../docs/mails');
/** CSS pixels: a narrow telephone, a desktop client's window. */
const WIDTHS = [375, 1280];

const wanted = process.argv.slice(2);
const render = await compileMails();
const browser = await openBrowser();
try {
  for (const width of WIDTHS) {
    const page = await browser.newPage({ viewport: { width, height: 200 } });
    for (const [name, content] of Object.entries(MAILS)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      await page.setContent(render(content).html);
      const picture = await page.screenshot({ fullPage: true });
      writeFileSync(join(FOLDER, `${name}-${width}.png`), smallPng(picture));
    }
  }
} finally {
  await browser.close();
}
const pictures = new Set(Object.keys(MAILS).flatMap((name) => WIDTHS.map((width) => `${name}-${width}.png`)));
for (const file of readdirSync(FOLDER)) {
  if (file.endsWith('.png') && !pictures.has(file)) rmSync(join(FOLDER, file));
}

/** Only mails that vendors may get have a line of English. */
const readerOf = (text: string): string =>
  /^English: /m.test(text) ? '相手方へ' : text.startsWith('契約便 運用ご担当者様') ? '運用者へ' : '職員へ';
const shown = new Map<string, string[]>([
  ['相手方へ', []],
  ['職員へ', []],
  ['運用者へ', []],
]);
for (const [name, content] of Object.entries(MAILS)) {
  const { subject, text } = render(content);
  const images = WIDTHS.map((width) => `<img src="${name}-${width}.png" width="${width / 2}" alt="">`);
  const words = `[テキスト](../../test/golden/mails/${name}.txt)`;
  shown.get(readerOf(text))!.push(`### ${subject}\n\n\`${name}\`（${words}）\n\n${images.join(' ')}\n`);
}
const chapters = [...shown].map(([reader, mails]) => `## ${reader}\n\n${mails.join('\n')}`);
writeFileSync(
  join(FOLDER, 'README.md'),
  `# 契約便が送るメール

どのメールにも、HTMLと同じ内容のテキストが付いています。HTMLが届かない庁内メールでも、テキストだけで手続きができます。
画面は幅375（スマートフォン）と幅1280（パソコン）のものです。名称、氏名、アドレスはすべて見本です。

\`npm run screens\` で、[画面](../screens/README.md)の絵とあわせて作り直せます。名前を付けると（例：\`npm run screens -- signature-request\`）、その絵だけを作ります。Chromiumと日本語フォントが必要です。

${chapters.join('\n')}`,
);
