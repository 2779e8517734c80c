/** `npm run bench -- NAME`: measurements, each beside a peer or its unavoidable parts, in one run on one machine. */
import { parseArgs } from 'node:util';
import { type Engine, flow } from './flow.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    contracts: { type: 'string', default: '30' },
    'in-flight': { type: 'string', default: '4' },
    engine: { type: 'string', multiple: true, default: ['sqlite', 'postgres'] },
  },
});

if (positionals[0] === 'flow') {
  await flow({
    contracts: Number(values.contracts),
    inFlight: Number(values['in-flight']),
    engines: values.engine as Engine[],
  });
  process.exit(0);
}
console.error(
  'usage: npm run bench -- flow [--contracts 30] [--in-flight 4] [--engine sqlite] [--engine postgres]',
);
process.exit(2);
