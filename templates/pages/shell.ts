/** The frame of every page: head, test notice, municipality, desks. No inline script or style, so that a strict CSP holds. */
import { type Desks, deskPairs, isWebAddress, noteLines, TEST_NOTICE } from '../mail-content.ts';
import { type WordingKey, worded } from '../wording.ts';
import type { Face } from './face.ts';
import { Html, html } from './html.ts';
import { withReadings } from './readings.ts';

/** What every page's Params carry. */
export interface PageBase {
  /** Name of the municipality, e.g. 見本市. */
  municipality: string;
  desks: Desks;
  /** True while the embedded test authority seals. */
  testAuthority: boolean;
  /** The municipality's own look, where it has one. */
  face?: Face;
}

/** The same of a page that may be nobody's in particular. */
export interface PageFrame {
  /** Null where the link did not say whose page it is. */
  municipality: string | null;
  desks: Desks | null;
  testAuthority: boolean;
  face?: Face;
}

export interface Shell extends PageFrame {
  /** Of the browser's tab. */
  title: string;
  /** Loads the pages' script (viewer, dialog, one submission a form). */
  script?: boolean;
  /** What the link asked for is done, or cannot be done any more: the script forgets what was written on its pages. */
  ended?: boolean;
  /** The page takes in whose name stands in the contract: it says what becomes of that. */
  privacy?: boolean;
  main: Html;
}

export function page(shell: Shell): string {
  const { face } = shell;
  const speaker = { municipality: shell.municipality ?? '', wording: face?.wording };
  const words = (key: WordingKey): string => worded(key, speaker);
  const site = words('site');
  return html`<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>${shell.title}｜${site}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/tokens.css">
<link rel="stylesheet" href="/assets/keiyakubin.css">
${face !== undefined && face.stylesheet !== null && html`<link rel="stylesheet" href="${face.stylesheet}">\n`}${(shell.script === true || shell.ended === true) && html`<script type="module" src="/assets/viewer.js"></script>`}
</head>
<body>
<a class="skip" href="#main">本文へ移動</a>
<header>
${shell.testAuthority && html`<p class="test-notice">${TEST_NOTICE}</p>`}
<div class="site"><p>${face !== undefined && face.logo !== null && html`<img src="${face.logo}" alt="" height="40"> `}${site}</p><p class="language"><a href="?lang=en" hreflang="en" lang="en">English</a></p></div>
</header>
<main id="main"${shell.ended === true && html` data-ended`}>
${new Html(withReadings(shell.main.markup))}
${shell.privacy === true && html`<p class="privacy">${words('privacy')}</p>\n`}</main>
${shell.desks !== null && desksFooter(shell.desks, words('note'))}
</body>
</html>
`.markup;
}

function desksFooter(desks: Desks, note: string): Html {
  return html`<footer class="desks">
<h2>お問い合わせ</h2>
<dl>
${deskPairs(desks).map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`)}</dl>
${note !== '' && html`<p class="note">${noteLines(note).map(linked)}</p>\n`}</footer>`;
}

function linked(part: string): Html | string {
  return isWebAddress(part) ? html`<a href="${part}">${part}</a>` : part;
}
