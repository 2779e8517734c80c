/** A municipality's own look on the pages: its colour as a stylesheet, its logo, its words for a closed list of sentences (R58). */

/** What a municipality may say in its own words; `{自治体}` stands for its name. */
export const WORDING_DEFAULTS = {
  /** Beside the logo and in the browser's tab. */
  site: '{自治体} 電子契約',
  /** On the consent page, to vendors. */
  assurance: '費用、会員登録、インストールは不要です。',
  /** What becomes of names and addresses. */
  privacy: 'お名前とアドレスは、契約の締結・証明・連絡に使い、契約書の電子署名と証明書に記載されます。',
  /** Below the desks, e.g. where questions and answers stand. */
  note: '',
} as const;

export type WordingKey = keyof typeof WORDING_DEFAULTS;

export interface Face {
  /** Paths on this server; null where nothing is set. */
  readonly stylesheet: string | null;
  readonly logo: string | null;
  readonly wording: Readonly<Partial<Record<WordingKey, string | null>>>;
}

const MUNICIPALITY = '{自治体}';

/** The sentence of this municipality, else ours. */
export function wording(key: WordingKey, face: Face | undefined, municipality: string): string {
  return (face?.wording[key] ?? WORDING_DEFAULTS[key]).replaceAll(MUNICIPALITY, municipality).trim();
}

/** What is put into braces but means nothing. */
export function unknownPlaceholders(text: string): string[] {
  return (text.match(/\{[^}]*\}/g) ?? []).filter((placeholder) => placeholder !== MUNICIPALITY);
}

type Rgb = readonly [red: number, green: number, blue: number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** neutral-solid-gray-50 of the design tokens, on which links stand, too. */
const GROUND: Rgb = [242, 242, 242];

/** The lowest contrast (WCAG 2.2 1.4.3, 1 to 21) that text of or on this colour (`#rrggbb`) has anywhere on the pages. */
export function lowestContrast(colour: string): number {
  const rgb = rgbOf(colour);
  return Math.min(...[WHITE, GROUND, paleOf(rgb)].map((behind) => contrast(rgb, behind)));
}

/** A stylesheet that puts this colour (`#rrggbb`) in place of ours. */
export function faceStyle(colour: string): string {
  const rgb = rgbOf(colour);
  const rules = { key: rgb, 'key-dark': mixed(rgb, BLACK, 0.3), 'key-pale': paleOf(rgb) };
  const lines = Object.entries(rules).map(([name, shade]) => `  --${name}: ${hexOf(shade)};\n`);
  return `:root {\n${lines.join('')}}\n`;
}

function paleOf(rgb: Rgb): Rgb {
  return mixed(rgb, WHITE, 0.92);
}

function mixed(one: Rgb, other: Rgb, share: number): Rgb {
  const [red, green, blue] = one.map((value, at) => Math.round(value + (other[at]! - value) * share));
  return [red!, green!, blue!];
}

function contrast(one: Rgb, other: Rgb): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** Relative luminance as WCAG defines it. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function rgbOf(colour: string): Rgb {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return [red!, green!, blue!];
}

function hexOf(rgb: Rgb): string {
  return `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
