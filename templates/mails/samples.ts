/** Every mail with its sample values and a municipality's name and desks: for previews. */
import type { MailBase, MailContent } from '../mail-content.ts';
import * as mails from './index.ts';

/** Mails by name, as their functions are called; names are fit for files. */
export function mailSamples(base: MailBase): Record<string, MailContent> {
  const all = mails as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, compose]) => {
      const sample = all[`${name}Sample`];
      if (typeof compose !== 'function' || typeof sample !== 'object') return [];
      return [[kebab(name), compose({ ...sample, ...base }) as MailContent]];
    }),
  );
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
