// Makes a file name out of whatever a mail calls its attachment: a base name, never a path (RFC 2183 §2.3).

import { normaliseKeepingNames } from './text.ts';

/** Characters: a name that people can still read, and that file systems take. */
const LENGTH_LIMIT = 120;
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"|?*]/gu;
/** What Windows takes for a device, whatever the extension: nobody there could open the file. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** Keeps the last path segment, composes macOS's decomposed kana, drops control and direction characters. */
export function safeFileName(name: string, fallback: string): string {
  const base = normaliseKeepingNames(name, 'NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(UNSAFE, '')
    .replace(/\s+/gu, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
    .replace(DEVICE, '_$1');
  if (clean === '') return fallback;
  const characters = [...clean];
  if (characters.length <= LENGTH_LIMIT) return clean;
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? '';
  return characters.slice(0, LENGTH_LIMIT - extension.length).join('') + extension;
}
