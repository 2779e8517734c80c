/** One PKCS#11 library of this process: loaded once, its calls one after another, its errors told apart (PKCS #11 2.40, 5). */
import type { PKCS11 } from 'pkcs11js';
import { SigningError } from '../ports.ts';

type Cryptoki = typeof import('pkcs11js');

/** What a library lends for one piece of work. */
export interface Loaded {
  readonly pkcs11: PKCS11;
  readonly constants: Cryptoki;
}

export interface Library {
  /**
   * Runs `work` while nobody else uses the library; rejects with SigningError for whatever the library reports, and
   * transiently when its turn has not come and gone in time: work that has not begun by then is not begun.
   */
  exclusively<T>(work: (loaded: Loaded) => Promise<T> | T): Promise<T>;
  /** Starts the library anew, so that it sees a token that came back; every session of this process ends. */
  restart(loaded: Loaded): void;
  /** The last user's leave unloads it. */
  leave(): Promise<void>;
}

interface Shared {
  readonly library: Promise<Library>;
  users: number;
}

/** By path: Cryptoki counts a whole process as one application, however many keys it uses. */
const shared = new Map<string, Shared>();

/** A wrong PIN or right refused: asking again would only bring the token nearer to locking itself. */
const NO_RETRY = [
  'CKR_PIN_INCORRECT',
  'CKR_PIN_INVALID',
  'CKR_PIN_LEN_RANGE',
  'CKR_PIN_EXPIRED',
  'CKR_PIN_LOCKED',
  'CKR_USER_PIN_NOT_INITIALIZED',
  'CKR_USER_TYPE_INVALID',
  'CKR_KEY_FUNCTION_NOT_PERMITTED',
  'CKR_KEY_TYPE_INCONSISTENT',
  'CKR_KEY_SIZE_RANGE',
  'CKR_MECHANISM_INVALID',
  'CKR_MECHANISM_PARAM_INVALID',
  'CKR_FUNCTION_NOT_SUPPORTED',
  'CKR_ARGUMENTS_BAD',
];

/**
 * Opens the library at `path`, or shares it with those who have; pkcs11js, a native module, is loaded only now. An HSM over a
 * network may hang for ever, and nothing can end a call that has begun: `patienceSeconds`, the first one's for all who share.
 */
export async function openLibrary(path: string, patienceSeconds: number): Promise<Library> {
  let entry = shared.get(path);
  if (entry === undefined) {
    entry = { library: load(path, patienceSeconds), users: 0 };
    shared.set(path, entry);
    entry.library.catch(() => shared.delete(path));
  }
  // Counted before it is there: whoever leaves meanwhile must not take it from those who wait.
  entry.users++;
  return entry.library;
}

async function load(path: string, patienceSeconds: number): Promise<Library> {
  const { default: constants } = await import('pkcs11js').catch((cause) => {
    throw new SigningError('pkcs11js is not installed, or not compiled for this machine', {
      transient: false,
      cause,
    });
  });
  const pkcs11 = new constants.PKCS11();
  try {
    pkcs11.load(path);
  } catch (cause) {
    throw new SigningError(`${path} cannot be loaded as a PKCS#11 library`, { transient: false, cause });
  }
  const loaded = { pkcs11, constants };
  asSigningError(() => initialize(loaded));
  let queue: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(work: (loaded: Loaded) => Promise<T> | T): Promise<T> =>
    new Promise((resolve, reject) => {
      let gaveUp = false;
      const late = new SigningError(`the HSM has not answered for ${patienceSeconds} seconds`, {
        transient: true,
        awaits: 'key',
      });
      const timer = setTimeout(() => {
        gaveUp = true;
        reject(late);
      }, patienceSeconds * 1000);
      const done = queue.then(() => (gaveUp ? Promise.reject(late) : work(loaded))).catch(rethrow);
      queue = done.catch(() => {});
      done.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  return {
    exclusively,
    restart(loaded) {
      attempt(() => pkcs11.C_Finalize());
      initialize(loaded);
    },
    leave: () =>
      exclusively(() => {
        const entry = shared.get(path)!;
        entry.users--;
        if (entry.users > 0) return;
        shared.delete(path);
        attempt(() => pkcs11.C_Finalize());
        pkcs11.close();
      }),
  };
}

function initialize({ pkcs11, constants }: Loaded): void {
  try {
    pkcs11.C_Initialize({ flags: constants.CKF_OS_LOCKING_OK });
  } catch (error) {
    // Somebody else in this process has: the library is theirs and ours.
    if (nameOf(error) !== 'CKR_CRYPTOKI_ALREADY_INITIALIZED') throw error;
  }
}

/** The CKR_… name of what the library reported; null for anything else. */
export function nameOf(error: unknown): string | null {
  const message = error instanceof Error ? error.message : '';
  return /^CKR_\w+/.exec(message)?.[0] ?? null;
}

/** What the library may refuse without anything being wrong: ending what has ended already. */
export function attempt(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (nameOf(error) === null) throw error;
  }
}

function asSigningError(call: () => void): void {
  try {
    call();
  } catch (error) {
    rethrow(error);
  }
}

/** A token that is away, busy or faulty is waited for; a wrong PIN or a key that may not sign never. */
function rethrow(error: unknown): never {
  const name = nameOf(error);
  if (error instanceof SigningError || name === null) throw error;
  const transient = !NO_RETRY.includes(name);
  throw new SigningError(`the HSM answers ${name}`, { transient, cause: error, awaits: 'key' });
}
