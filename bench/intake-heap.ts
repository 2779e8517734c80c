/** Preloaded into the gateway of `bench intake`: on SIGUSR2 collects all garbage and says on stderr what is left, in octets. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`after a full collection: ${heapUsed} ${external}\n`);
});
