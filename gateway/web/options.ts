/** What the pages are given to work with. */
import type { PageFrame } from '../../templates/index.ts';
import type { ConsentDesk } from '../app/consent-desk.ts';
import type { PrintDesk } from '../app/print-desk.ts';
import type { RegistrationDesk } from '../app/registration-desk.ts';
import type { Turns } from '../turns.ts';
import type { FaceParts } from './face.ts';
import type { FeedRouteOptions } from './feed.ts';
import type { ListenerOptions } from './listener.ts';
import type { WebMunicipality } from './pages.ts';

export interface WebOptions extends ListenerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Scheme and host of every link. */
  readonly publicUrl: string;
  readonly trustProxy: boolean;
  readonly rateLimitPerMinute: number;
  readonly postsPerLinkPerMinute: number;
  readonly freshLinksPerAddressPerHour: number;
  /** Octets of a posted form; those of the consent page bring boxes along. */
  readonly maxBodyOctets: number;
  readonly maxConsentOctets: number;
  /** Pieces of documents that are read and decrypted at once, over all documents. */
  readonly readsAtOnce: number;
  /** How soon a page is worth another try during an outage (RFC 9110 10.2.3). */
  readonly retryAfterSeconds: number;
  /** How long downloads may still run when the server is told to stop; one that stalls must not keep it up. */
  readonly closeSeconds: number;
  /** CIDR networks by municipality; those that limit nothing are not in it. */
  readonly staffNetworks: ReadonlyMap<string, readonly string[]>;
  readonly desk: ConsentDesk;
  readonly print: PrintDesk;
  readonly registrations: RegistrationDesk;
  readonly feed: FeedRouteOptions;
  /** The looks of all municipalities. */
  readonly faces: readonly FaceParts[];
  readonly municipalityOf: (id: string) => WebMunicipality;
  /** Of pages that no link says whose they are: the only municipality's own, or nobody's among several. */
  readonly frame: PageFrame;
  readonly downloadDays: number;
  readonly takeBackAllowed: boolean;
  /** Characters of a reason to decline, and of a question. */
  readonly declineCharacters: number;
  readonly questionCharacters: number;
  /** What participants see of the others (R20b). */
  readonly showOtherSignatories: 'names' | 'organisation' | 'none';
  readonly clock: () => Date;
}

/** What routes that send documents work with. */
export interface DocumentOptions extends WebOptions {
  /** Reading and decrypting, over all documents. */
  readonly reading: Turns;
}
