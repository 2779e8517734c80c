/** PDF dates (ISO 32000-2 7.9.4); ours are written in Japan Standard Time. */

const JST_MINUTES = 9 * 60;

/** E.g. `D:20261121093000+09'00'`. */
export function pdfDate(time: Date): string {
  const local = new Date(time.getTime() + JST_MINUTES * 60_000).toISOString();
  return `D:${local.slice(0, 19).replace(/[-T:]/g, '')}+09'00'`;
}

/** The instant a PDF date names (UTC where it names no zone); null when it is no date. */
export function parsePdfDate(text: string): Date | null {
  const match = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?/.exec(text);
  if (match === null) return null;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00'] = match;
  const utc = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(utc)) return null;
  const minutes = Number(match[8] ?? 0) * 60 + Number(match[9] ?? 0);
  return new Date(utc - (match[7] === '-' ? -minutes : minutes) * 60_000);
}
