import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import type { Drawn } from '../shared/model';
import { Mistake } from './mistake';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const LONGEST = 60_000;

declare global {
  interface Window {
    /** Set by the page once all panels are drawn. */
    drawn?: Drawn[];
  }
}

/** Starts the Chromium that is installed on the machine. */
export async function browser(): Promise<Browser> {
  const executablePath = CHROMIUM.find(existsSync);
  if (!executablePath) throw new Mistake(`Chromium is not at ${CHROMIUM.join(', ')}: install it (Debian: apt-get install chromium).`);
  return chromium.launch({ executablePath, args: QUIET });
}

/** Opens the page, waits until it is drawn, and takes a screenshot. */
export async function picture(chrome: Browser, address: string, width: number, file: string): Promise<Drawn[]> {
  const page = await chrome.newPage({ viewport: { width, height: 1000 } });
  try {
    const broken: string[] = [];
    page.on('pageerror', (thrown) => broken.push(thrown.message));
    await page.goto(address, { waitUntil: 'networkidle', timeout: LONGEST });
    await page.waitForFunction(() => window.drawn !== undefined, undefined, { timeout: LONGEST }).catch(() => {
      throw new Error(`The page draws nothing within ${LONGEST / 1000} s: ${broken[0] ?? 'it gives no reason'}`);
    });
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: file, fullPage: true });
return (await page.evaluate(() => window.drawn)) ?? [];
  } finally {
    await page.close();
  }
}
