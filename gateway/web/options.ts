/** What the pages are given to work with. */
import type { PageFrame } from '../../templates/index.ts';
import type { ConsentDesk } from '../app/consent-desk.ts';
import type { PrintDesk } from '../app/print-desk.ts';
import type { RegistrationDesk } from '../app/registration-desk.ts';
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
  /** What participants see of the others (R20b). */
  readonly showOtherSignatories: 'names' | 'organisation' | 'none';
  readonly clock: () => Date;
}
