/** `npm run bench -- NAME`: measurements, each beside a peer or its unavoidable parts, in one run on one machine. */
import { parseArgs } from 'node:util';
import type { Engine } from './flow.ts';
import type { XrefStyle } from './seal-files.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    contracts: { type: 'string', default: '30' },
    'in-flight': { type: 'string', default: '4' },
    engine: { type: 'string', multiple: true, default: ['sqlite', 'postgres'] },
    sizes: { type: 'string', default: '0.2,1,5,20,50,200' },
    xref: { type: 'string', default: 'table,stream,hybrid' },
    parties: { type: 'string', default: '1,3' },
    rows: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    stored: { type: 'string', default: '10000' },
    readers: { type: 'string', default: '200' },
    leak: { type: 'boolean', default: false },
  },
});

if (positionals[0] === 'flow') {
  const { flow } = await import('./flow.ts');
  await flow({
    contracts: Number(values.contracts),
    inFlight: Number(values['in-flight']),
    engines: values.engine as Engine[],
  });
  process.exit(0);
}
if (positionals[0] === 'feed') {
  const { feed } = await import('./feed.ts');
  await feed({ rows: Number(values.rows), engines: values.engine as Engine[] });
  process.exit(0);
}
if (positionals[0] === 'intake') {
  const { intake } = await import('./intake.ts');
  await intake({ rounds: Number(values.rounds), stored: Number(values.stored) });
  process.exit(0);
}
if (positionals[0] === 'page') {
  const { page } = await import('./page.ts');
  await page({ readers: Number(values.readers) });
  process.exit(0);
}
const numbers = (list: string): number[] => list.split(',').map(Number);
if (positionals[0] === 'seal') {
  const { leak, seal } = await import('./seal.ts');
  if (values.leak) await leak(1000);
  else
    await seal({
      sizes: numbers(values.sizes),
      styles: values.xref.split(',') as XrefStyle[],
      parties: numbers(values.parties),
      rounds: Number(values.rounds),
    });
  process.exit(0);
}
console.error(
  `usage: npm run bench -- flow [--contracts 30] [--in-flight 4] [--engine sqlite] [--engine postgres]
       npm run bench -- seal [--sizes 0.2,1,5,20,50,200] [--xref table,stream,hybrid] [--parties 1,3] [--rounds 5]
       npm run bench -- seal --leak
       npm run bench -- feed [--rows 100000] [--engine sqlite] [--engine postgres]
       npm run bench -- intake [--rounds 5] [--stored 10000]
       npm run bench -- page [--readers 200]`,
);
process.exit(2);
