// A municipality's look on the pages: logo, colour, words (R58). Data only; nothing has to be built.
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { lowestContrast, unknownPlaceholders } from '../../templates/pages/face.ts';
import { name } from './values.ts';

/** WCAG 2.2 1.4.3 for text of ordinary size. */
const LEAST_CONTRAST = 4.5;
/** Every page loads it. */
const LARGEST_LOGO_OCTETS = 204_800;

const words = name
  .refine((text) => unknownPlaceholders(text).length === 0, {
    error: ({ input }) =>
      `knows no placeholder but {自治体}: ${unknownPlaceholders(String(input)).join(', ')}`,
  })
  .nullable()
  .default(null);

export const face = z.strictObject({
  /** PNG or SVG, at most 200 KB. */
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
  /** Instead of our own sentences. */
  wording: z
    .strictObject({
      /** Beside the logo and in the browser's tab. */
      site: words,
      /** On the consent page, to vendors. */
      assurance: words,
      /** What becomes of names and addresses. */
      privacy: words,
      /** A line below the desks. */
      note: words,
    })
    .prefault({}),
});

export interface Logo {
  readonly type: 'image/png' | 'image/svg+xml';
  readonly content: Buffer;
}

/** The logo in a file, or what is wrong with it. Throws where it cannot be read. */
export function readLogo(file: string): Logo | { problem: string } {
  if (statSync(file).size > LARGEST_LOGO_OCTETS) return { problem: 'is larger than 200 KB' };
  const content = readFileSync(file);
  const head = content.subarray(0, 512).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return { type: 'image/png', content };
  if (/^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE svg|svg)/.test(head)) {
    return { type: 'image/svg+xml', content };
  }
  return { problem: 'is neither PNG nor SVG' };
}
