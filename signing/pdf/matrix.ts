/** Transformation matrices and boxes (ISO 32000-2 8.3.3): [a b c d e f] takes (x, y) to (ax + cy + e, bx + dy + f). */

export type Matrix = readonly [number, number, number, number, number, number];

export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** First `one`, then `other`. */
export function concatenated(one: Matrix, other: Matrix): Matrix {
  const [a, b, c, d, e, f] = one;
  const [A, B, C, D, E, F] = other;
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
}

/** What undoes `matrix`, which must have an area. */
export function inverted([a, b, c, d, e, f]: Matrix): Matrix {
  const area = a * d - b * c;
  return [d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area];
}

/** The smallest box around what `matrix` makes of a box. */
export function placed({ left, bottom, right, top }: Box, [a, b, c, d, e, f]: Matrix): Box {
  const x = [a * left + c * bottom, a * right + c * bottom, a * left + c * top, a * right + c * top];
  const y = [b * left + d * bottom, b * right + d * bottom, b * left + d * top, b * right + d * top];
  return {
    left: Math.min(...x) + e,
    bottom: Math.min(...y) + f,
    right: Math.max(...x) + e,
    top: Math.max(...y) + f,
  };
}

/** Null where they do not meet. */
export function intersection(one: Box, other: Box): Box | null {
  const left = Math.max(one.left, other.left);
  const bottom = Math.max(one.bottom, other.bottom);
  const right = Math.min(one.right, other.right);
  const top = Math.min(one.top, other.top);
  return left <= right && bottom <= top ? { left, bottom, right, top } : null;
}

export function area({ left, bottom, right, top }: Box): number {
  return (right - left) * (top - bottom);
}

/** The matrix of six operands; that which changes nothing for anything else. */
export function matrixOf(values: readonly unknown[]): Matrix {
  const [a, b, c, d, e, f] = values.filter((value) => typeof value === 'number');
  return f === undefined ? IDENTITY : [a!, b!, c!, d!, e!, f];
}
