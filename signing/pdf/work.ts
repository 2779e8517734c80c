/** What is done to one document, counted: a file whose parts share each other could keep a process busy for hours. */
import { setImmediate } from 'node:timers/promises';
import { unreadable } from './problem.ts';

/** Units: an object asked for, an item of a list, 16 octets parsed and 64 unfolded count one. Contracts need thousands. */
const MOST = 10_000_000;
const PARSED_A_UNIT = 16;
const UNFOLDED_A_UNIT = 64;
/** After so much, some milliseconds, others in the process have their turn. */
const AT_ONCE = 2_000;

/** Each method rejects with PdfProblem where it has become too much. */
export class Work {
  /** Octets looked at by parsers so far, again where they were looked at again. */
  octetsParsed = 0;
  private done = 0;
  private breathed = 0;

  asked(objects: number): Promise<void> {
    return this.did(objects);
  }

  parsed(octets: number): Promise<void> {
    this.octetsParsed += octets;
    return this.did(1 + octets / PARSED_A_UNIT);
  }

  unfolded(octets: number): Promise<void> {
    return this.did(octets / UNFOLDED_A_UNIT);
  }

  private async did(units: number): Promise<void> {
    this.done += units;
    if (this.done > MOST) throw unreadable('more to look at than any contract has');
    if (this.done < this.breathed + AT_ONCE) return;
    this.breathed = this.done;
    await setImmediate();
  }
}
