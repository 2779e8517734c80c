/** On what vendors read and consent: browsers, desks and telephones, hands, with and without scripts. */
import type { Browser } from 'puppeteer-core';
import { BROWSER_NAMES, type Machine, startBrowser, type Visitor, visit } from './driver.ts';

export const MACHINES = {
  'desk, by mouse': { width: 1280, height: 900, hands: 'mouse' },
  'desk, by keys alone': { width: 1280, height: 900, hands: 'keys' },
  'telephone, by touch': { width: 375, height: 812, hands: 'touch' },
} as const satisfies Readonly<Record<string, Omit<Machine, 'scripts'>>>;

/** Call inside describe(): the same flows on each of these in Chromium and Firefox ESR; `downloads` says where saved files go. */
export function onMachines(
  kinds: readonly (keyof typeof MACHINES)[],
  flows: (arrive: () => Promise<Visitor>, machine: Machine) => void,
  downloads: () => string | undefined = () => undefined,
): void {
  for (const name of BROWSER_NAMES) {
    for (const scripts of [true, false]) {
      describe(`${name} ${scripts ? 'with' : 'without'} scripts`, () => {
        let browser: Browser;
        before(async () => {
          browser = await startBrowser(name, scripts);
        });
        after(() => browser.close());
        for (const kind of kinds) {
          const machine = { ...MACHINES[kind], scripts };
          describe(kind, () => flows(() => visit(browser, machine, downloads()), machine));
        }
      });
    }
  }
}
