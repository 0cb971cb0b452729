import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Everything that a page must be whatever it says; a screenshot of it goes into the folder that SCREENSHOTS names. */
export async function checkPage(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder) {
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }
  // Evaluated by the browser's tools, past the page's policy: nothing of that is loosened.
  await page.evaluate(AXE);
  const broken = await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(RULES)} })
    .then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)].join(' ')))`);
  expect.soft(broken, `axe on ${name}`).toEqual([]);
  // What axe does not look at: the borders of inputs, the width of a phone.
  for (const check of ['contrast', 'layout']) {
    const source = readFileSync(new URL(`../in-page/${check}.js`, import.meta.url), 'utf8');
    expect.soft(await page.evaluate(source), `${check} of ${name}`).toEqual([]);
  }
}
