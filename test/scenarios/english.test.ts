/** A vendor who reads English: the language goes along from the link in the mail to the consent, without a cookie. */
import { expect } from 'chai';
import { linkIn } from '../../demo/mailboxes.ts';
import { agreedIn } from '../../demo/people.ts';
import { contractCalled, requested } from '../support/acts.ts';
import { createWorld, type World } from '../support/world.ts';

describe('the pages in English', () => {
  let world: World;
  before(async () => {
    world = await createWorld();
    await world.start();
  });
  after(() => world.close());

  const post = (url: string, fields: [string, string][] = []): Promise<Response> =>
    fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  /** Where a form or a link of this page leads that ends so. */
  const leadsTo = (html: string, end: string, url: string): string => {
    const address = [...html.matchAll(/(?:action|href)="([^"]+)"/g)].map((match) => match[1]!);
    return new URL(address.find((one) => one.endsWith(end))!, url).href;
  };

  it('lead from the request to the consent and back to Japanese', async () => {
    const url = linkIn(await requested(world, '英語で読む工事'));
    const asked = await fetch(url);
    expect(asked.headers.get('set-cookie')).to.equal(null);
    const english = await (await fetch(leadsTo(await asked.text(), '?lang=en', url))).text();
    expect(english).to.include('<html lang="en">').and.include('Please review and sign the contract.');
    expect(english).to.include('<span lang="ja">英語で読む工事</span>');

    const confirm = await (await post(leadsTo(english, '/confirm?lang=en', url))).text();
    expect(confirm).to.include('Confirm your consent');
    const answer = await post(leadsTo(confirm, '/consent?lang=en', url), agreedIn(confirm));
    expect(answer.status).to.equal(200);
    const done = await answer.text();
    expect(done).to.include('Signing is complete').and.include('Take back the consent');
    const { steps } = await contractCalled(world, '英語で読む工事');
    expect(steps[0]!.consent).not.to.equal(null);

    const japanese = leadsTo(done, '?lang=ja', url);
    expect(japanese).to.equal(`${url}?lang=ja`);
    expect(await (await fetch(japanese)).text()).to.include('<html lang="ja">');
  });

  it('say what is wrong with a link in the language that was asked for', async () => {
    const url = linkIn(await requested(world, '違うURLの工事'));
    const wrong = await fetch(`${url.slice(0, -1)}?lang=en`);
    expect(wrong.status).to.equal(404);
    expect(await wrong.text())
      .to.include('Page not found')
      .and.include('The link is incomplete or wrong.');
  });
});
