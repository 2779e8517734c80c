// Joins the lines that a mailer broke (RFC 3676 §4): only within one quote depth, never across the "-- " of a signature.

const SIGNATURE = '-- ';

/** `delSp`: the space before a soft break belongs to the break. Quoted lines come out as ">" per depth and a space. */
export function unflow(text: string, delSp: boolean): string {
  const paragraphs: { depth: number; text: string; open: boolean }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const depth = /^>*/.exec(line)![0].length;
    const unstuffed = line.slice(depth).replace(/^ /, '');
    const soft = unstuffed.endsWith(' ') && unstuffed !== SIGNATURE;
    const content = soft && delSp ? unstuffed.slice(0, -1) : unstuffed;
    const above = paragraphs.at(-1);
    // A soft break into another depth or a signature is a mailer's mistake (§4.5).
    if (above?.open && above.depth === depth && unstuffed !== SIGNATURE) {
      above.text += content;
      above.open = soft;
    } else paragraphs.push({ depth, text: content, open: soft });
  }
  return paragraphs
    .map(({ depth, text }) => (depth === 0 ? text : `${'>'.repeat(depth)} ${text}`))
    .join('\n');
}
