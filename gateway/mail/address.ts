// Mail addresses as people write them: one spelling to compare and send to (RFC 5321 §2.3.11 and §4.1.2, read leniently).

export interface MailAddress {
  /** Display name, '' when there was none. */
  name: string;
  /** As written in the header. */
  address: string;
}

// Mobile carriers gave out local parts with dots in a row or at the end, so RFC 5321's dot rules are not asked for.
const LOCAL_PART = /^[\x21-\x7e]{1,64}$/;
const FORBIDDEN_IN_LOCAL_PART = /["(),:;<>@[\\\]]/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** NFKC (＠ and full-width letters become ASCII), no blanks around, lower case. */
export function normaliseAddress(address: string): string {
  // Lower case can compose anew (J + caron): without the second pass the result would depend on how often it ran.
  return address.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/** True when a normalised address can be written to: one @, a plain local part, a domain of two labels or more. */
export function isMailAddress(address: string): boolean {
  const at = address.indexOf('@');
  if (at < 1 || address.length > 254) return false;
  const localPart = address.slice(0, at);
  const domain = address.slice(at + 1);
  const labels = domain.split('.');
  return (
    LOCAL_PART.test(localPart) &&
    !FORBIDDEN_IN_LOCAL_PART.test(localPart) &&
    domain.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label))
  );
}

/** The part after the last @, normalised; '' when there is none. */
export function domainOf(address: string): string {
  const normalised = normaliseAddress(address);
  return normalised.slice(normalised.lastIndexOf('@') + 1 || normalised.length);
}

/** The mailbox that a subaddress leads to (RFC 5233), normalised. */
export function withoutSubaddress(address: string): string {
  return normaliseAddress(address).replace(/\+[^@]*(?=@)/, '');
}
