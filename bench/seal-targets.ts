/** What the seal is held to, and by how much it keeps or misses it. */
import { median, table } from './figures.ts';
import type { ContenderName } from './seal-contender.ts';
import type { XrefStyle } from './seal-files.ts';

export interface Figures {
  readonly contender: ContenderName;
  /** Megabytes (10⁶ octets). */
  readonly size: number;
  readonly style: XrefStyle;
  readonly parties: number;
  /** Why a peer could not do it at all. */
  readonly error: string | null;
  /** Medians, ms. */
  readonly cpu: number;
  readonly wall: number;
  /** Octets. */
  readonly added: number;
  /** MB. */
  readonly peak: number;
}

/** Octets of the holes of one signature and one timestamp: hexadecimal digits. */
const HOLE = 2 * 32_768;

/** One line for each target that the run has figures for, over all cross-reference styles. */
export function targetLines(figures: readonly Figures[]): string[] {
  const of = (
    contender: ContenderName,
    size: number,
    parties: number,
    pick: (f: Figures) => number,
  ): number =>
    median(
      figures
        .filter(
          (f) => f.contender === contender && f.size === size && f.parties === parties && f.error === null,
        )
        .map(pick),
    );
  const cpu = (f: Figures): number => f.cpu;
  const peak = (f: Figures): number => f.peak;
  const rows: (readonly [string, number, number])[] = [];
  const sizes = [...new Set(figures.map(({ size }) => size))].sort((a, b) => a - b);
  const parties = [...new Set(figures.map((f) => f.parties))].sort((a, b) => a - b);
  for (const count of parties) {
    for (const size of sizes) {
      const ours = of('ours', size, count, cpu);
      const name = `${size} MB, ${count} ${count === 1 ? 'party' : 'parties'}`;
      if (size <= 50) rows.push([`${name}: ours / LibPDF`, ours / of('libpdf', size, count, cpu), 0.2]);
      if (size === 50) {
        rows.push([`${name}: ours / floor`, ours / of('floor', size, count, cpu), count === 1 ? 1.5 : 2]);
        const verify = of('verify', size, count, cpu) / of('verify-floor', size, count, cpu);
        rows.push([`${name}: verify / its floor`, verify, 1.3]);
      }
    }
    const growth = of('ours', 200, count, peak) - of('ours', 1, count, peak);
    rows.push([`peak at 200 MB above 1 MB, ${count} parties (MB)`, growth, 40]);
  }
  const [few, many] = [parties[0]!, parties.at(-1)!];
  if (few !== many) {
    const added = (count: number): number =>
      median(sizes.map((size) => of('ours', size, count, (f) => f.added)));
    const each = (added(many) - added(few)) / (many - few) - HOLE;
    rows.push(['added for one more signature beside its hole (KB)', each / 1000, 40]);
  }
  const known = rows.filter(([, value]) => !Number.isNaN(value));
  return [
    '',
    table(
      ['target', 'measured', 'at most', ''],
      known.map(([name, value, limit]) => [name, value.toFixed(2), limit, value <= limit ? 'met' : 'missed']),
    ),
  ];
}
