/** Fills what is known of a case into a sentence's placeholders. */
import { oneLine } from './escape.ts';
import { eraDateWithWeekday } from './format.ts';

/**
 * `{name}` becomes the argument of that name: dates as people write them, 「（不明）」 rather than a gap where it is missing.
 * `{formUrl}`, at the end of a sentence, names the e-application form, and nothing where the municipality has none.
 */
export function filledIn(sentence: string, given: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = oneLine(given[name] ?? '');
    if (name === 'formUrl') return value && `申請先：${value}`;
    return /^\d{4}-\d{2}-\d{2}$/.test(value) ? eraDateWithWeekday(value) : value || '（不明）';
  });
}
