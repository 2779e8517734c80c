/**
 * Fetches a PDF for pdf.js: its end at once, then small parts, many of them with one request (RFC 9110 14), so that page 1 of
 * a large file costs few octets and few round trips. What fails is asked for again; what cannot be had is told, never left out.
 */

/** The route of the parts counts in the same blocks (gateway/web/parts.ts). */
const BLOCK_OCTETS = 4096;
/** Where a PDF says what stands where; most contracts are no longer than this and come whole. */
const END_OCTETS = 131_072;
/** A path of about 3 KB: proxies take 8. */
const MOST_RUNS = 400;
/** pdf.js asks for one thing after the other; what it asks for within this time goes together. */
const COLLECTING_MS = 5;
const TRIES = 4;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 60_000;

/** pdf.js's source for the document at `url`; `onLost(error)` hears of parts that cannot be had. Throws when there is no document. */
export async function sourceInParts(pdfjs, url, signal, onLost) {
  const { octets, size } = await fetched(url, signal, { range: `bytes=-${END_OCTETS}` });
  if (octets.length === size) return { data: octets };
  const range = new pdfjs.PDFDataRangeTransport(size);
  const end = size - octets.length;
  const waiting = [];

  async function fetchRuns(runs) {
    const blocks = runs.map(blocksOf).join(',');
    const length = runs.reduce((sum, run) => sum + run.end - run.begin, 0);
    try {
      const parts = await fetched(`${url}/parts?blocks=${blocks}`, signal, {}, length);
      let at = 0;
      for (const { begin, end } of runs) {
        if (!signal.aborted) range.onDataRange(begin, parts.octets.slice(at, at + end - begin));
        at += end - begin;
      }
    } catch (error) {
      if (!signal.aborted) onLost(error);
    }
  }

  function fetchWaiting() {
    waiting.sort((one, other) => one.begin - other.begin);
    while (waiting.length > 0) fetchRuns(waiting.splice(0, MOST_RUNS));
  }

  range.requestDataRange = (begin, until) => {
    if (begin >= end) {
      range.onDataRange(begin, octets.slice(begin - end, until - end));
      return;
    }
    if (waiting.length === 0) setTimeout(fetchWaiting, COLLECTING_MS);
    waiting.push({ begin, end: until });
  };
  return { range, rangeChunkSize: BLOCK_OCTETS, disableAutoFetch: true, disableStream: true };
}

/** pdf.js's source for the whole document at `url`. */
export async function wholeSource(url, signal) {
  const { octets } = await fetched(url, signal, {});
  return { data: octets };
}

function blocksOf({ begin, end }) {
  const [first, last] = [begin / BLOCK_OCTETS, Math.ceil(end / BLOCK_OCTETS) - 1];
  return first === last ? first : `${first}-${last}`;
}

/** `{ octets, size }`: what came, all of it, and how large the whole is; `length` is what must come if the answer does not say. */
async function fetched(url, signal, headers, length = null) {
  for (let attempt = 1; ; attempt += 1) {
    let pause = FIRST_PAUSE_MS * 2 ** (attempt - 1);
    try {
      const response = await fetch(url, { headers, signal });
      const { status } = response;
      pause = Math.max(pause, 1000 * (Number(response.headers.get('retry-after')) || 0));
      if (response.ok) {
        const octets = new Uint8Array(await response.arrayBuffer());
        const { whole, part } = extent(response.headers);
        // Some browsers take an answer that was cut off for a whole one.
        if (octets.length === (length ?? part ?? whole ?? octets.length)) {
          return { octets, size: whole ?? octets.length };
        }
      } else if (status < 500 && status !== 408 && status !== 429) attempt = TRIES;
      throw new Error(`document answers ${status}`);
    } catch (error) {
      if (signal.aborted || attempt >= TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, LONGEST_PAUSE_MS)));
  }
}

/** Octets of the whole and of the part that an answer says it is (RFC 9110 14.4). */
function extent(headers) {
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get('content-range') ?? '');
  if (range !== null) return { whole: Number(range[3]), part: Number(range[2]) - Number(range[1]) + 1 };
  const length = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  return { whole: length === null ? null : Number(length), part: null };
}
