// Mail addresses as vendors type them into forms: one spelling, IDN (RFC 5890) in ASCII, typing errors in known domains.
import { isMailAddress, normaliseAddress } from '../mail/address.ts';

/** The one spelling that is stored, compared and written to; '' when nothing of it can be written to. */
export function registeredAddress(text: string): string {
  const plain = normaliseAddress(text)
    .replace(/^mailto:/, '')
    .replace(/^<(.*)>$/, '$1');
  const at = plain.lastIndexOf('@');
  const address = `${plain.slice(0, at + 1)}${asciiDomain(plain.slice(at + 1))}`;
  return isMailAddress(address) ? address : '';
}

/** RFC 5891: a Japanese domain as it stands in DNS; '' where there is no such form. */
function asciiDomain(domain: string): string {
  if (/^[\x21-\x7e]*$/.test(domain)) return domain;
  try {
    return new URL(`http://${domain}/`).hostname;
  } catch {
    return '';
  }
}

/** Whether the address belongs to one of the domains or below it. */
export function isUnder(address: string, domains: readonly string[]): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return domains.some((one) => domain === one || domain.endsWith(`.${one}`));
}

/** Domains that do not exist beside the one that was meant. */
const MISTAKEN: Readonly<Record<string, string>> = {
  'gmail.co.jp': 'gmail.com',
  'gmail.ne.jp': 'gmail.com',
  'gmail.jp': 'gmail.com',
  'gmail.co': 'gmail.com',
  'icloud.co.jp': 'icloud.com',
  'icloud.jp': 'icloud.com',
  'yahoo.ne.jp': 'yahoo.co.jp',
  'yahoo.or.jp': 'yahoo.co.jp',
  'yahoo.jp': 'yahoo.co.jp',
  'hotmail.ne.jp': 'hotmail.co.jp',
  'outlook.co.jp': 'outlook.jp',
  'outlook.ne.jp': 'outlook.jp',
  'docomo.co.jp': 'docomo.ne.jp',
  'docomo.or.jp': 'docomo.ne.jp',
  'docomo.jp': 'docomo.ne.jp',
  'docomo.com': 'docomo.ne.jp',
  'ezweb.co.jp': 'ezweb.ne.jp',
  'ezweb.or.jp': 'ezweb.ne.jp',
  'ezweb.jp': 'ezweb.ne.jp',
  'i.softbank.ne.jp': 'i.softbank.jp',
  'softbank.or.jp': 'softbank.ne.jp',
  'ymobile.co.jp': 'ymobile.ne.jp',
};

/** Domains so well known that one keystroke beside them is a slip. */
const WELL_KNOWN = [
  'gmail.com',
  'yahoo.co.jp',
  'hotmail.com',
  'hotmail.co.jp',
  'outlook.com',
  'outlook.jp',
  'icloud.com',
  'docomo.ne.jp',
  'ezweb.ne.jp',
  'softbank.ne.jp',
  'i.softbank.jp',
];

/** One keystroke beside a well-known domain, and real. */
const REAL_NEIGHBOURS = new Set(['mail.com', 'email.com', 'ymail.com', 'gail.com', 'iclod.com', 'gmal.com']);

const JAPANESE_SECOND_LEVEL = 'co|ne|or|go|lg|ac|ed|gr|ad';

/** Ends no domain has, and the one that was meant; `.co`, `.cm` and `.om` are countries and stay. */
const ENDS: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`\\.(${JAPANESE_SECOND_LEVEL})\\.(?:jo|jpp|jjp|ip|kp|hp|lp|jp[a-z]|j|p|pj|jpn|jpm)$`),
    '.$1.jp',
  ],
  [new RegExp(`\\.(${JAPANESE_SECOND_LEVEL})jp$`), '.$1.jp'],
  [/\.(?:c0|cp|vo|xo|coo|cco|oc)\.jp$/, '.co.jp'],
  [/\.(?:cmo|ocm|con|comm|coom|ccom|vom|xom|cpm|c0m|cim|comn)$/, '.com'],
];

/** The address that was probably meant; null where nothing looks mistyped. */
export function probablyMeant(address: string): string | null {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const meant = meantDomain(domain);
  return meant === null ? null : `${address.slice(0, at + 1)}${meant}`;
}

function meantDomain(domain: string): string | null {
  if (WELL_KNOWN.includes(domain) || REAL_NEIGHBOURS.has(domain)) return null;
  if (Object.hasOwn(MISTAKEN, domain)) return MISTAKEN[domain]!;
  for (const [end, right] of ENDS) {
    if (end.test(domain)) {
      const mended = domain.replace(end, right);
      return meantDomain(mended) ?? mended;
    }
  }
  return WELL_KNOWN.find((known) => isSlipOf(domain, known)) ?? null;
}

/** One letter too many, missing or in its neighbour's place; a different letter only where the name is not a company's own. */
function isSlipOf(typed: string, known: string): boolean {
  const difference = typed.length - known.length;
  if (Math.abs(difference) > 1) return false;
  let from = 0;
  while (from < known.length && typed[from] === known[from]) from++;
  if (difference === 1) return typed.slice(from + 1) === known.slice(from);
  if (difference === -1) return typed.slice(from) === known.slice(from + 1);
  const swapped = `${known[from + 1] ?? ''}${known[from] ?? ''}${known.slice(from + 2)}`;
  if (typed.slice(from) === swapped) return true;
  // A company may well be called so under .co.jp.
  return !known.endsWith('.co.jp') && typed.slice(from + 1) === known.slice(from + 1);
}
