/** `?lang=en` on any page asks for it in English; nothing is remembered, so that no cookie is needed. */
import type { FastifyRequest } from 'fastify';
import { inEnglish, LANGUAGE } from '../../templates/index.ts';

/** The page of a link, without what was posted to it. */
const LINK_PAGE = /^\/[cdr]\/[a-z0-9]+(?=\/)/;

/** `html` is a page of ours in Japanese. */
export function inReadersLanguage({ method, url, query }: FastifyRequest, html: string): string {
  const wish = (query as Record<string, unknown> | undefined)?.[LANGUAGE];
  const page = wish === 'en' ? inEnglish(html) : html;
  // What a form has brought about cannot be asked for again in another language; its link's own page can.
  const own = method === 'POST' ? (LINK_PAGE.exec(url)?.[0] ?? '') : '';
  return page.replace(`<a href="?${LANGUAGE}=`, `<a href="${own}?${LANGUAGE}=`);
}
