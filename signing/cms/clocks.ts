/** How far two authorities' clocks, or an authority's and ours, may be apart, milliseconds. */
export const CLOCK_TOLERANCE_MS = 300_000;
