/** A process of its own that opens the test authority in the directory given, says so on standard output, and stays. */
import { openTestAuthority } from '../../signing/credentials/test-authority.ts';

const authority = await openTestAuthority(process.argv[2]!);
process.stdout.write(`${authority.timestampUrl}\n`);
