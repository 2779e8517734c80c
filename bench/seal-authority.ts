/** Serves timestamps and revocation answers in a process of its own, so that nobody measured pays for them. */
import { openTestAuthority } from '../signing/index.ts';

await openTestAuthority(process.argv[2]!);
process.send!('serving');
process.on('disconnect', () => process.exit(0));
