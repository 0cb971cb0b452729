import { existsSync, readFileSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

let browser: Browser | undefined;

/** Chromium's own sandbox refuses to run as root, and cannot where namespaces are kept from programs without a profile (Ubuntu). */
function canSandbox(): boolean {
  const restricted = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
  const isRestricted = existsSync(restricted) && readFileSync(restricted, 'utf8').trim() === '1';
  return process.getuid?.() !== 0 && !isRestricted;
}

/** A real Chromium for the tests of a file: Debian's, or the one that CHROMIUM names. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
      chromiumSandbox: canSandbox(),
    });
  });
  afterAll(() => browser?.close());
}

export interface Screen {
  colorScheme: 'light' | 'dark';
  width: number;
}

const PHONE = 320;
const DESKTOP = 1280;

/** What every page has to be looked at in. */
export const SCREENS: Screen[] = [
  { colorScheme: 'light', width: PHONE },
  { colorScheme: 'dark', width: PHONE },
  { colorScheme: 'light', width: DESKTOP },
  { colorScheme: 'dark', width: DESKTOP },
];

interface PageOptions extends Partial<Screen>, Pick<BrowserContextOptions, 'javaScriptEnabled'> {
  /** Lines of the browser's console that the test is about. */
  expectedErrors?: RegExp;
}

/** A page in a browser profile of its own. The test fails where the browser has something to complain of: its policy, an error in a script. */
export async function openPage(url: string, options: PageOptions = {}): Promise<Page> {
  const { colorScheme = 'light', width = DESKTOP, javaScriptEnabled = true, expectedErrors } = options;
  if (!browser) throw new Error('useBrowser() comes first');
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height: 800 },
    javaScriptEnabled,
  });
  const complaints: string[] = [];
  context.on('console', (message) => {
    // The status of a page that is an error by design.
    const isStatus = message
      .text()
      .startsWith('Failed to load resource: the server responded with a status of');
    if (['error', 'warning'].includes(message.type()) && !isStatus) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  onTestFinished(async () => {
    await context.close();
    expect(complaints.filter((line) => !expectedErrors?.test(line))).toEqual([]);
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** The label or text of what has the focus, as somebody at a keyboard would know it. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(readFileSync(new URL('../in-page/focused.js', import.meta.url), 'utf8'));
}
