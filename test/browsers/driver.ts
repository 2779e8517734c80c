/**
 * One way to drive Chromium and Firefox ESR alike: with or without scripts, by mouse, by touch or by keys alone. What is
 * pressed is found by its role and the name a person reads, so that flows are written once.
 */
import { type Browser, launch, type Page } from 'puppeteer-core';
import { chromiumPath, BROWSER_PATIENCE_MS as PATIENCE_MS, toolPath } from '../support/system.ts';

export const BROWSER_NAMES = ['Chromium', 'Firefox'] as const;
export type BrowserName = (typeof BROWSER_NAMES)[number];
export type Hands = 'mouse' | 'touch' | 'keys';

export interface Machine {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly hands: Hands;
  readonly scripts: boolean;
}

/** What can be pressed or written into; a fold is a heading that opens what stands below it. */
export type Role = 'button' | 'link' | 'fold' | 'field' | 'checkbox';

const SELECTORS: Record<Role, string> = {
  button: 'button',
  link: 'a[href]',
  fold: 'summary',
  field: 'input:not([type=checkbox]):not([type=hidden]), textarea',
  checkbox: 'input[type=checkbox]',
};

/** Between two looks at a page. Pages without scripts cannot tell us, hence looking. */
const LOOK_AGAIN_MS = 25;
/** More stops than any of our pages has. */
const MOST_TAB_STOPS = 150;

/** Somebody at a browser. */
export interface Visitor {
  readonly page: Page;
  readonly machine: Machine;
  /** Console errors and warnings, breaches of the Content-Security-Policy among them. */
  readonly complaints: readonly string[];
  open(url: string): Promise<void>;
  /** Presses what has this role and whose name contains `name`, once it is there. */
  press(role: Role, name: string): Promise<void>;
  /** Ticks every check box in sight that is not ticked. */
  tickAll(): Promise<void>;
  write(field: string, text: string): Promise<void>;
  /** Resolves once the page's main heading contains `text`. */
  heading(text: string): Promise<void>;
  /** Whether something with this role and name is in sight now. */
  sees(role: Role, name: string): Promise<boolean>;
  /** Readable text of the whole page. */
  text(): Promise<string>;
  /** Address of the first link in sight whose name contains `name`. */
  addressOf(name: string): Promise<string>;
  /** Resolves to the first value of `expression` that is not falsy; pages may change meanwhile. */
  until<T>(expression: string): Promise<T>;
  leave(): Promise<void>;
}

/** Starts a browser; Firefox without scripts is a process of its own, since it knows no switch for a page. */
export function startBrowser(name: BrowserName, scripts: boolean): Promise<Browser> {
  if (name === 'Firefox') {
    return launch({
      browser: 'firefox',
      executablePath: toolPath('firefox-esr', 'firefox'),
      headless: true,
      timeout: PATIENCE_MS,
      ...(scripts ? {} : { extraPrefsFirefox: { 'javascript.enabled': false } }),
    });
  }
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
  return launch({
    browser: 'chrome',
    executablePath: chromiumPath(),
    headless: true,
    timeout: PATIENCE_MS,
    args,
  });
}

/** A fresh profile at `browser`, which runs scripts or not as it was started for; files it saves go to `downloads`. */
export async function visit(browser: Browser, machine: Machine, downloads?: string): Promise<Visitor> {
  const behaviour =
    downloads === undefined
      ? {}
      : { downloadBehavior: { policy: 'allow', downloadPath: downloads } as const };
  const context = await browser.createBrowserContext(behaviour);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const chromium = (await browser.version()).includes('Chrome');
  const { width, height, hands, scripts } = machine;
  // Firefox knows no emulated telephone: there, narrow and touched is what can be had.
  await page.setViewport({ width, height, ...(chromium && hands === 'touch' ? { hasTouch: true } : {}) });
  if (chromium && !scripts) await page.setJavaScriptEnabled(false);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));

  const look = (role: Role, name: string): Promise<Found | null> =>
    page.evaluate(finder(role, name)) as Promise<Found | null>;
  const until = async <T>(work: () => Promise<T>, what: string): Promise<NonNullable<T>> => {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      // A page that is being left cannot be asked: the next one can.
      const value = await work().catch(() => null);
      if (value) return value;
      if (Date.now() > deadline) {
        const shown = await page.evaluate('document.body.innerText').catch(String);
        throw new Error(`${what} did not appear at ${new URL(page.url()).pathname.slice(0, 3)}…:\n${shown}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  };
  const found = (role: Role, name: string): Promise<Found> =>
    until(() => look(role, name), `${role} 「${name}」`);
  /** … once it stands still: pages of a document that come in meanwhile push away what is below them. */
  const standing = async (role: Role, name: string): Promise<Found> => {
    for (let before = await found(role, name); ; ) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      const now = await found(role, name);
      if (now.x === before.x && now.y === before.y) return now;
      before = now;
    }
  };

  /** Goes to an element as hands of this kind do, and acts on it. */
  const reach = async (role: Role, name: string): Promise<void> => {
    let place = await standing(role, name);
    if (hands === 'keys') {
      for (let stops = 0; !place.focused; stops++) {
        if (stops > MOST_TAB_STOPS) throw new Error(`${role} 「${name}」 cannot be reached with the Tab key`);
        await page.keyboard.press('Tab');
        place = await found(role, name);
      }
      if (role !== 'field') await page.keyboard.press(role === 'checkbox' ? ' ' : 'Enter');
    } else if (hands === 'touch') await page.touchscreen.tap(place.x, place.y);
    else await page.mouse.click(place.x, place.y);
  };

  return {
    page,
    machine,
    complaints,
    async open(url) {
      await page.goto(url);
    },
    press: reach,
    async tickAll() {
      for (;;) {
        const box = await look('checkbox', '');
        if (box === null) return;
        await reach('checkbox', box.name);
        await until(async () => (await look('checkbox', box.name)) === null, `a tick at 「${box.name}」`);
      }
    },
    async write(field, text) {
      await reach('field', field);
      await page.keyboard.type(text);
    },
    async heading(text) {
      const wanted = JSON.stringify(text);
      await until(
        () => page.evaluate(`(${READ}, read(document.querySelector('h1')).includes(${wanted}))`),
        `heading 「${text}」`,
      );
    },
    sees: async (role, name) => (await look(role, name)) !== null,
    text: () => page.evaluate('document.body.innerText') as Promise<string>,
    addressOf: async (name) => (await found('link', name)).href!,
    until: <T>(expression: string) => until(() => page.evaluate(expression), expression) as Promise<T>,
    leave: () => context.close(),
  };
}

interface Found {
  /** Middle of the element within the window. */
  readonly x: number;
  readonly y: number;
  readonly focused: boolean;
  readonly name: string;
  readonly href: string | null;
}

/** For the browser: an element's text without the readings set above its words. Strings, since our compiler knows no DOM. */
const READ = `read = (element) => {
  const copy = element.cloneNode(true);
  for (const reading of copy.querySelectorAll('rt, rp')) reading.remove();
  return copy.textContent.replace(/\\s+/g, ' ').trim();
}`;

/** For the browser: what has the role, is in sight and is called `name`, else what contains it; ticked boxes are passed over. */
function finder(role: Role, name: string): string {
  return `(() => {
  let read;
  ${READ};
  const nameOf = (element) => {
    const label = element.labels?.[0];
    return element.getAttribute('aria-label') ?? read(label ?? element);
  };
  const modal = [...document.querySelectorAll('dialog[open]')].at(-1);
  const inSight = [...(modal ?? document).querySelectorAll(${JSON.stringify(SELECTORS[role])})].filter(
    (one) => one.getClientRects().length > 0 && !one.checked,
  );
  const wanted = ${JSON.stringify(name)};
  const element =
    inSight.find((one) => nameOf(one) === wanted) ?? inSight.find((one) => nameOf(one).includes(wanted));
  if (element === undefined) return null;
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = element.getClientRects()[0];
  return {
    x: left + width / 2,
    y: top + height / 2,
    focused: document.activeElement === element,
    name: nameOf(element),
    href: element.href ?? null,
  };
})()`;
}
