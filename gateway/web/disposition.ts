/** Content-Disposition for a name in any script (RFC 6266 4.3, RFC 8187 3.2). */

/** `name` as it is for every browser in use, and in ASCII before it for whatever does not know of RFC 8187. */
export function contentDisposition(disposition: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]+|["\\%;]/g, '_').replace(/_{2,}/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
