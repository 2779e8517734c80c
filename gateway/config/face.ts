// A municipality's face: logo and colour of its pages, words of its pages and mails (R58). Data only; nothing has to be built.
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { lowestContrast } from '../../templates/pages/face.ts';
import { type WordingKey, wordingProblem } from '../../templates/wording.ts';
import { name } from './values.ts';

/** WCAG 2.2 1.4.3 for text of ordinary size. */
const LEAST_CONTRAST = 4.5;

function words(key: WordingKey) {
  const own = name.superRefine((text, context) => {
    const message = wordingProblem(key, text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
  return own.nullable().default(null);
}

export const face = z.strictObject({
  /** PNG or SVG, `web.maxLogoOctets` at most. */
  logoFile: name.nullable().default(null),
  /** Of buttons and links, #rrggbb. */
  primaryColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be #rrggbb')
    .toLowerCase()
    .refine((colour) => !/^#[0-9a-f]{6}$/.test(colour) || lowestContrast(colour) >= LEAST_CONTRAST, {
      error: ({ input }) =>
        `has a contrast of ${lowestContrast(String(input)).toFixed(2)} : 1; text needs ${LEAST_CONTRAST} : 1, so choose a darker colour`,
    })
    .nullable()
    .default(null),
  /** Instead of our own words; what is not named here cannot be said otherwise. */
  wording: z
    .strictObject({
      /** Pages: beside the logo and in the browser's tab. */
      site: words('site'),
      /** Consent page and request mails: what it does not cost. */
      assurance: words('assurance'),
      /** Pages: what becomes of names and addresses. */
      privacy: words('privacy'),
      /** Pages and mails: a line below the desks. */
      note: words('note'),
      /** Request mails: the line after the recipient's name. */
      greeting: words('greeting'),
      /** Request mails: where the registered address comes from. */
      origin: words('origin'),
      /** Request mails: where one asks whether a mail is ours. */
      knownNumber: words('knownNumber'),
      /** Mails that confirm a consent. */
      thanks: words('thanks'),
      /** Mails that cancel a request. */
      apology: words('apology'),
      /** Subject of the mail that asks to confirm a registration. */
      registrationSubject: words('registrationSubject'),
    } satisfies Record<WordingKey, unknown>)
    .prefault({}),
});

export interface Logo {
  readonly type: 'image/png' | 'image/svg+xml';
  readonly content: Buffer;
}

/** The logo in a file, or what is wrong with it. Throws where it cannot be read. */
export function readLogo(file: string, maxOctets: number): Logo | { problem: string } {
  if (statSync(file).size > maxOctets) {
    return { problem: `is larger than the ${maxOctets} octets of web.maxLogoOctets` };
  }
  const content = readFileSync(file);
  const head = content.subarray(0, 512).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return { type: 'image/png', content };
  if (/^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)/.test(head)) {
    return { type: 'image/svg+xml', content };
  }
  return { problem: 'is neither PNG nor SVG' };
}
