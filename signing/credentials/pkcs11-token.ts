/** One token of an HSM: found, logged in to once, and opened anew when its session is lost (PKCS #11 2.40, 5.5, 5.6). */
import { createHash } from 'node:crypto';
import type { Handle, Template } from 'pkcs11js';
import { SigningError } from '../ports.ts';
import { attempt, type Library, type Loaded, nameOf } from './pkcs11-library.ts';

export interface TokenChoice {
  /** CKA_LABEL; null: by `slot`, else the only one. */
  readonly tokenLabel: string | null;
  /** CK_SLOT_ID. */
  readonly slot: number | null;
  readonly pin: string;
}

/** An open session, for one piece of work. */
export interface Session extends Loaded {
  readonly handle: Handle;
  /** Handles of every object that fits `template`. */
  find(template: Template): Handle[];
  /** The attribute's octets; null where the object has none or does not tell. */
  attribute(object: Handle, type: number): Buffer | null;
}

/** Rejects with SigningError: transient while the token is away, permanent where it is not the only one or refuses the PIN. */
export interface HsmToken {
  /** Runs `work` with a session that is logged in; once more with a fresh one when the session proves lost. */
  use<T>(work: (session: Session) => Promise<T> | T): Promise<T>;
  close(): Promise<void>;
}

/** What a session that is no more answers: the token was pulled, the HSM restarted, the library started anew. */
const LOST = [
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_DEVICE_REMOVED',
  'CKR_DEVICE_ERROR',
  'CKR_FUNCTION_FAILED',
  'CKR_GENERAL_ERROR',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_SLOT_ID_INVALID',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_OPERATION_ACTIVE',
];

/** Nothing is asked of the token before the first use. */
export function tokenOf(library: Library, choice: TokenChoice): HsmToken {
  let session: Session | null = null;
  const login = (loaded: Loaded): Session => {
    const slot = slotOf(loaded, choice);
    const { pkcs11, constants } = loaded;
    const handle = pkcs11.C_OpenSession(slot, constants.CKF_SERIAL_SESSION);
    try {
      enterPin(loaded, slot, handle, choice.pin);
    } catch (error) {
      attempt(() => pkcs11.C_CloseSession(handle));
      throw error;
    }
    return sessionOf(loaded, handle);
  };
  const open = (loaded: Loaded): Session => {
    try {
      return login(loaded);
    } catch (error) {
      if (error instanceof SigningError && !error.transient) throw error;
      // Many libraries see a token that came back only after they were started anew.
      library.restart(loaded);
      return login(loaded);
    }
  };
  const drop = (): void => {
    const last = session;
    session = null;
    if (last !== null) attempt(() => last.pkcs11.C_CloseSession(last.handle));
  };

  return {
    use: (work) =>
      library.exclusively(async (loaded) => {
        session ??= open(loaded);
        try {
          return await work(session);
        } catch (error) {
          if (!LOST.includes(nameOf(error) ?? '')) throw error;
          drop();
          session = open(loaded);
          return work(session);
        }
      }),
    async close() {
      await library.exclusively(drop);
      await library.leave();
    },
  };
}

function slotOf({ pkcs11, constants }: Loaded, { tokenLabel, slot }: TokenChoice): Handle {
  const fits = (handle: Handle): boolean => {
    if (slot !== null) return numberOf(handle) === slot;
    try {
      const { flags, label } = pkcs11.C_GetTokenInfo(handle);
      const initialized = (flags & constants.CKF_TOKEN_INITIALIZED) !== 0;
      return initialized && (tokenLabel === null || label.trimEnd() === tokenLabel);
    } catch (error) {
      // Another slot's trouble: what does not tell its name is not the one looked for.
      if (nameOf(error) === null) throw error;
      return false;
    }
  };
  const fitting = pkcs11.C_GetSlotList(true).filter(fits);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const wanted = slot !== null ? `in slot ${slot}` : tokenLabel !== null ? `labelled "${tokenLabel}"` : '';
  if (only !== undefined)
    throw new SigningError(`the HSM has ${fitting.length} tokens ${wanted}: name the one to use`.trim(), {
      transient: false,
    });
  throw new SigningError(`the HSM has no token ${wanted} now`.replace('  ', ' '), {
    transient: true,
    awaits: 'key',
  });
}

/** CK_SLOT_ID, an unsigned long in the machine's own order. */
function numberOf(handle: Handle): number {
  return Number(handle.length === 8 ? handle.readBigUInt64LE() : handle.readUInt32LE());
}

/** Refusals by token and PIN, for as long as the process lives: several keys of one token have the same PIN. */
const refusals = new Map<string, SigningError>();

/** A PIN that was refused once is never sent again: some tokens lock themselves at the third time. */
function enterPin({ pkcs11, constants }: Loaded, slot: Handle, handle: Handle, pin: string): void {
  const { flags, serialNumber } = pkcs11.C_GetTokenInfo(slot);
  const tried = createHash('sha256').update(`${serialNumber}:${pin}`).digest('hex');
  const known = refusals.get(tried);
  if (known !== undefined) throw known;
  const permanent = (message: string): SigningError => new SigningError(message, { transient: false });
  if ((flags & constants.CKF_USER_PIN_LOCKED) !== 0) throw permanent('the PIN of the HSM is locked');
  if ((flags & constants.CKF_USER_PIN_FINAL_TRY) !== 0)
    throw permanent("the HSM leaves one last try for the PIN: enter it by hand, with the maker's tool");
  try {
    pkcs11.C_Login(handle, constants.CKU_USER, pin);
  } catch (error) {
    const name = nameOf(error);
    // The login is the application's, not the session's: another key of ours on this token has done it.
    if (name === 'CKR_USER_ALREADY_LOGGED_IN') return;
    if (!name?.startsWith('CKR_PIN_')) throw error;
    const refusal = permanent(`the HSM refuses the PIN (${name})`);
    refusals.set(tried, refusal);
    throw refusal;
  }
}

function sessionOf(loaded: Loaded, handle: Handle): Session {
  const { pkcs11 } = loaded;
  return {
    ...loaded,
    handle,
    find(template) {
      pkcs11.C_FindObjectsInit(handle, template);
      try {
        const found: Handle[] = [];
        for (;;) {
          const object = pkcs11.C_FindObjects(handle);
          if (object === null) return found;
          found.push(object);
        }
      } finally {
        pkcs11.C_FindObjectsFinal(handle);
      }
    },
    attribute(object, type) {
      try {
        const value = pkcs11.C_GetAttributeValue(handle, object, [{ type }])[0]?.value;
        return Buffer.isBuffer(value) && value.length > 0 ? value : null;
      } catch (error) {
        if (/^CKR_ATTRIBUTE_/.test(nameOf(error) ?? '')) return null;
        throw error;
      }
    },
  };
}
