// One comparable form for a mail address (RFC 5321 §2.3.11; case folding beyond the standard, as the decisions ask).

export interface MailAddress {
  /** Display name, '' when there was none. */
  name: string;
  /** As written in the header. */
  address: string;
}

/** NFKC, trimmed, domain and local part in lower case; two addresses are the same person when these are equal. */
export function normaliseAddress(address: string): string {
  return address.normalize('NFKC').trim().toLowerCase();
}

/** The part after the last @, normalised; '' when there is none. */
export function domainOf(address: string): string {
  const normalised = normaliseAddress(address);
  return normalised.slice(normalised.lastIndexOf('@') + 1 || normalised.length);
}
