/** What opening a port may meet. */
import type { Config } from '../config.ts';

/** Says which setting names a port that somebody else has. */
export function portTaken(
  setting: string,
  { host, port }: Config['web' | 'smtp'],
): (error: unknown) => never {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} of ${host} is taken: is the gateway running already? (${setting})`, {
      cause: error,
    });
  };
}
