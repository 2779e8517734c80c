// Tells mail that no person wrote (RFC 3834 §2, §5; RFC 2369 list headers; habits of Exchange and vacation programs).

/** Header names in lower case with their values; a mail is automatic when any one of them says so. */
export function isAutomatic(headers: ReadonlyMap<string, string[]>): boolean {
  const values = (name: string) => (headers.get(name) ?? []).map((value) => value.trim().toLowerCase());
  return (
    values('auto-submitted').some((value) => !/^no\b/.test(value)) ||
    values('precedence').some((value) => /^(bulk|list|junk|auto_reply)\b/.test(value)) ||
    values('x-auto-response-suppress').some((value) => /\b(all|oof|autoreply)\b/.test(value)) ||
    ['x-autoreply', 'x-autorespond', 'x-autoresponder'].some((name) => headers.has(name)) ||
    values('content-type').some((value) => /^multipart\/report\b/.test(value)) ||
    [...headers.keys()].some((name) => /^list-(id|unsubscribe|post|help|subscribe|owner|archive)$/.test(name))
  );
}
