// A timestamp authority as its contract describes it: where it is, who we are to it, what we take from it (RFC 3161, R54).
import { z } from 'zod';
import { name, seconds } from './values.ts';

/** User and password have settings of their own: an address is logged, mailed and copied. */
const bareUrl = z.url({ protocol: /^https?$/ }).refine((url) => {
  const { username, password } = new URL(url);
  return username === '' && password === '';
}, 'must not hold a user or password: use user and passwordFile');

const clientCertificate = z.union([
  z.strictObject({
    /** PKCS#12. */
    file: name,
    /** Only from the environment or `passphraseFile`. */
    passphrase: name.nullable().default(null),
    /** File whose first line is the passphrase. */
    passphraseFile: name.nullable().default(null),
  }),
  /** PEM key, and PEM certificates with the client's own first. */
  z.strictObject({ keyFile: name, certFile: name }),
]);

/** One entry of `signing.timestampAuthorities`. */
export const timestampAuthority = z.strictObject({
  url: bareUrl,
  /** Least time between two requests, milliseconds: what comes faster waits its turn. */
  minIntervalMs: z.int().min(0).default(0),
  /** A request without its whole answer by then has failed. */
  timeoutSeconds: seconds.default(20),
  /** Basic authentication. */
  user: name.nullable().default(null),
  /** Only from the environment or `passwordFile`. */
  password: name.nullable().default(null),
  /** File whose first line is the password. */
  passwordFile: name.nullable().default(null),
  /** Shown to the authority's TLS server. */
  clientCertificate: clientCertificate.nullable().default(null),
  /** PEM roots for the authority's TLS server, where the system's do not do. */
  caFile: name.nullable().default(null),
  /** Time-stamping policies taken; empty takes any, a single one is also asked for. */
  policies: z.array(z.string().regex(/^[0-2](\.(0|[1-9]\d*))+$/, 'must be an object identifier')).default([]),
  /** PEM or DER roots that this authority's timestamps must lead to; empty: `signing.trustFiles`. */
  trustFiles: z.array(name).default([]),
});
