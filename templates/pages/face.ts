/** A municipality's own look on the pages: its colour as a stylesheet, its logo, its words (R58). */
import type { Wording } from '../wording.ts';

export interface Face {
  /** Paths on this server; null where nothing is set. */
  readonly stylesheet: string | null;
  readonly logo: string | null;
  readonly wording: Wording;
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
