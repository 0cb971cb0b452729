import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Running } from '../commands/run.ts';
import { useEnvironment } from '../commands/support/environment.ts';
import { openPage, SCREENS, useBrowser } from './support/browser.ts';
import { checkPage } from './support/checks.ts';

useBrowser();

const environment = useEnvironment(() => ({ environment: { user_verification: 'custom' } }));

let users = 0;

/** `sk-connect authorize` that waits, and its user's browser at the provider's consent. */
async function authorizing(
  screen = SCREENS[0],
): Promise<{ running: Running; page: Page; identifier: string }> {
  const identifier = `user_${++users}`;
  const running = environment.start(['authorize', '-c', 'notes-demo', '-i', identifier, '--wait', '--json']);
  const [link] = await running.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
  const page = await openPage(link, screen);
  await page.getByLabel('User name').fill('ada');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Allow/ }).waitFor();
  return { running, page, identifier };
}

it.each(SCREENS)(
  'authorize shows that its user is verified, and where to go on ($colorScheme, $width px)',
  async (screen) => {
    const { running, page, identifier } = await authorizing(screen);
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Authorized' }).waitFor();
    await checkPage(page, `authorize-verified-${screen.colorScheme}-${screen.width}`);
    const { exitCode } = await running.finished;
    expect(exitCode).toBe(0);
    await page.getByRole('link', { name: /^Go on to/ }).click();
    await page.getByRole('heading', { name: 'Demo Notes is connected' }).waitFor();
    expect(await page.getByRole('main').textContent()).toContain(identifier);
    await checkPage(page, `verified-${screen.colorScheme}-${screen.width}`);
  },
);

it('authorize shows what the provider said, and ends with it', async () => {
  const { running, page } = await authorizing();
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.getByRole('heading', { name: 'Not authorized' }).waitFor();
  await checkPage(page, 'authorize-denied');
  expect(await page.getByRole('main').textContent()).toContain('access_denied');
  expect((await running.finished).error().message).toContain('access_denied');
});
