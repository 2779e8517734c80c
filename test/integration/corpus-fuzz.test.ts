/** Whatever inspect() takes can be stamped, sealed, closed and verified: over files of the corpus with a few octets changed. */
import { expect } from 'chai';
import { httpRevocationProvider } from '../../signing/cms/index.ts';
import { bytesSource, inspect, openGrowing, verify } from '../../signing/index.ts';
import { corpus } from '../support/pdf-corpus/corpus.ts';
import { openSigningWorld, REASON, type SigningWorld, STAMP } from '../support/pdf-signing.ts';
import { pdfFixture, stampFont } from '../support/pdf-tools.ts';

const FIELD = 'keiyakubin-1';
const ROUNDS = 200;
/** Small files: there a random octet often is one of the structure. */
const SMALL = 3000;
const TOKENS = ['0', '<<', '>>', '[', ')', '/', 'null', '/Kids', '/Type', '/Annots [3 0 R]', '%', '-1', '\0'];

/** The same octets are changed in every run (a linear congruential generator). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

function altered(file: Uint8Array, random: (below: number) => number): Buffer {
  const copy = Buffer.from(file);
  const at = random(copy.length);
  const references = [...copy.toString('latin1').matchAll(/\d(?= 0 R)/g)];
  const way = random(3);
  if (way === 0) copy[at] = random(256);
  else if (way === 1) copy.write(TOKENS[random(TOKENS.length)]!, at, 'latin1');
  else if (references.length > 0) copy[references[random(references.length)]!.index] = 48 + random(10);
  return copy;
}

describe('files of the corpus with a few octets changed', () => {
  let world: SigningWorld;
  before(async () => {
    world = await openSigningWorld();
  });
  after(() => world.close());

  async function verdictOn(upload: Uint8Array): Promise<string> {
    const { authority, timestampAuthority } = world;
    const trust = [authority.root];
    const document = await openGrowing(bytesSource(upload));
    const prepared = await document.prepare({ stamp: STAMP, fields: [FIELD], fonts: [stampFont()] });
    const words = { reason: REASON, location: '日本', signingTime: new Date() };
    const sealing = { field: FIELD, credential: authority.credential, timestampAuthority, ...words };
    const sealed = await document.seal(sealing);
    const revocation = httpRevocationProvider({ trust });
    const closed = await document.conclude({ timestampAuthority, revocation, trust });
    const file = Buffer.concat([upload, prepared.bytes, sealed.bytes, closed.bytes]);
    return (await verify(bytesSource(file), { trust, profile: 'B-LTA', at: new Date() })).verdict;
  }

  it('are refused, or go all the way to a valid file', async () => {
    const random = generator(20_261_121);
    const taken = corpus().filter(({ takenByAppending }) => takenByAppending);
    const originals = taken.map(({ name }) => ({ name, file: pdfFixture(name) }));
    const small = originals.filter(({ file }) => file.length < SMALL);
    let sealed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { name, file } = small[random(small.length)]!;
      const upload = altered(file, random);
      if (!(await inspect(bytesSource(upload), { signedUploads: 'append' })).ok) continue;
      sealed++;
      expect(await verdictOn(upload), `${name}, round ${round}`).to.equal('valid');
    }
    expect(sealed).to.be.within(ROUNDS / 10, ROUNDS - ROUNDS / 10);
  });
});
