/** `keiyakubin preview`: every page and mail with sample values and a municipality's face, as HTML files to open in a browser (R58). */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileMails, faceStyle, inEnglish, mailSamples, pageSamples } from '../../templates/index.ts';
import { type Config, usesTestAuthority } from '../config.ts';
import { faceParts } from '../parts/face.ts';
import type { CommandIo } from './io.ts';

export interface PreviewOptions {
  readonly config: Config;
  /** Id; the first municipality where not given. */
  readonly municipality?: string | undefined;
  /** Folder to write to; made when missing, files of the same name are replaced. */
  readonly out: string;
}

const ASSETS = join(import.meta.dirname, '../web/assets');
const TOKENS = createRequire(import.meta.url).resolve('@digital-go-jp/design-tokens/dist/tokens.css');

/** Exit code: 0 written, 2 there is no such municipality. */
export async function preview({ config, municipality, out }: PreviewOptions, io: CommandIo): Promise<number> {
  const chosen = config.municipalities.find(({ id }) => municipality === undefined || id === municipality);
  if (!chosen) {
    io.err(`keiyakubin preview: no municipality ${municipality}`);
    return 2;
  }
  const { colour, logo, wording } = faceParts(chosen, config.web.maxLogoOctets);
  for (const folder of ['assets', 'pages', 'mails']) mkdirSync(join(out, folder), { recursive: true });
  copyFileSync(TOKENS, join(out, 'assets/tokens.css'));
  for (const file of ['keiyakubin.css', 'icon.svg'])
    copyFileSync(join(ASSETS, file), join(out, 'assets', file));
  if (colour !== null) writeFileSync(join(out, 'assets/face.css'), faceStyle(colour));
  const logoFile = logo && (logo.type === 'image/png' ? 'logo.png' : 'logo.svg');
  if (logo) writeFileSync(join(out, 'assets', logoFile!), logo.content);

  const base = {
    municipality: chosen.name,
    desks: chosen.desks,
    testAuthority: usesTestAuthority(config),
    wording,
  };
  const face = {
    stylesheet: colour === null ? null : '/assets/face.css',
    logo: logoFile && `/assets/${logoFile}`,
    wording,
  };
  const names: string[] = [];
  const write = (name: string, content: string): void => {
    names.push(name);
    writeFileSync(join(out, name), content);
  };
  for (const [name, page] of Object.entries(pageSamples({ ...base, face }))) {
    write(`pages/${name}.html`, asFile(page, `${name}.en.html`));
    write(`pages/${name}.en.html`, asFile(inEnglish(page), `${name}.html`));
  }
  const render = await compileMails();
  for (const [name, mail] of Object.entries(mailSamples(base))) {
    const { subject, html, text } = render(mail);
    write(`mails/${name}.html`, html);
    write(`mails/${name}.txt`, `件名：${subject}\n\n${text}`);
  }
  const list = names.map((name) => `<li><a href="${name}">${name}</a></li>`).join('\n');
  writeFileSync(
    join(out, 'index.html'),
    `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>keiyakubin preview</title>\n<ul>\n${list}\n</ul>\n</html>\n`,
  );
  io.out(
    `${names.length} files with pages and mails of ${chosen.name} written: open ${join(out, 'index.html')}`,
  );
  return 0;
}

/** The page as it looks from a file: without scripts, which browsers do not load from there. */
function asFile(page: string, otherLanguage: string): string {
  return page
    .replaceAll('"/assets/', '"../assets/')
    .replace(/<script[^>]*><\/script>/g, '')
    .replace(/href="\?lang=(?:en|ja)"/, `href="${otherLanguage}"`);
}
