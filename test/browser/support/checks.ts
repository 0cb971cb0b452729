import { mkdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Everything that a page must be whatever it says; a screenshot of it goes into the folder that SCREENSHOTS names. */
export async function checkPage(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder) {
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }
  for (const check of ['structure', 'contrast', 'layout']) {
    const source = readFileSync(new URL(`../in-page/${check}.js`, import.meta.url), 'utf8');
    expect.soft(await page.evaluate(source), `${check} of ${name}`).toEqual([]);
  }
}
