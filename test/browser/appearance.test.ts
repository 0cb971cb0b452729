import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openPage, SCREENS, type Screen, useBrowser } from './support/browser.ts';
import { checkPage } from './support/checks.ts';
import { type Setting, setting } from './support/setting.ts';

useBrowser();

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('User name').fill('ada');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** What opens the page and how to get to it from there. */
const PAGES: Record<
  string,
  [
    open: (here: Setting) => Promise<string>,
    heading: string,
    go?: (page: Page, here: Setting) => Promise<void>,
  ]
> = {
  form: [(here) => here.link('helpdesk'), 'Connect Acme Helpdesk'],
  'form with problems': [
    (here) => here.link('helpdesk'),
    'Connect Acme Helpdesk',
    async (page) => {
      await page.getByLabel('Acme domain').fill(' ');
      await page.getByLabel('API key').fill(' ');
      await page.getByLabel('Region').selectOption('us');
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByText('There is a problem').waitFor();
    },
  ],
  'form without fields': [(here) => here.link('docs-demo'), 'Connect Demo Docs'],
  'form before consent': [(here) => here.link('tenant-notes'), 'Connect Tenant Notes'],
  success: [
    (here) => here.link('docs-demo'),
    'Demo Docs is connected',
    (page) => page.getByRole('button', { name: 'Connect' }).click(),
  ],
  'link used': [
    (here) => here.link('docs-demo'),
    'This link was already used',
    async (page) => {
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.goto(page.url());
    },
  ],
  'link expired': [
    (here) => here.link('docs-demo'),
    'Session expired or invalid',
    async (page, here) => {
      here.clock.now += 600_000;
      await page.reload();
    },
  ],
  denied: [
    (here) => here.link('notes-demo'),
    'Demo Notes was not connected',
    async (page) => {
      await signIn(page);
      await page.getByRole('button', { name: 'Deny' }).click();
    },
  ],
  'no such page': [async ({ sandbox }) => `${sandbox.url}/nothing/here`, 'Not found'],
  'demo sign-in': [(here) => here.link('notes-demo'), 'Sign in'],
  'demo sign-in with a problem': [
    (here) => here.link('notes-demo'),
    'Sign in',
    async (page) => {
      await page.getByLabel('User name').fill(' ');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
    },
  ],
  'demo consent': [(here) => here.link('notes-demo'), 'Allow sk-connect demo to use your notes?', signIn],
  'demo error': [async ({ demo }) => `${demo.origins.authorization}/interaction/none`, 'This did not work'],
  'dashboard, empty': [async ({ sandbox }) => sandbox.url, 'Sandbox'],
  dashboard: [
    async (here) => {
      await here.link(
        'helpdesk',
        'a-user-with-a-name-that-does-not-fit-in-any-line-of-a-telephone@a-long-domain.example.com',
      );
      await here.link('notes-demo', '日本語 "<b>&');
      await fetch(`${here.sandbox.url}/proxy/v1/notes?api_key=hidden`);
      return here.sandbox.url;
    },
    'Sandbox',
  ],
};

function nameOf({ colorScheme, width }: Screen): string {
  return `${colorScheme} ${width}`;
}

const CASES = Object.keys(PAGES).flatMap((name) =>
  SCREENS.map((screen) => [name, nameOf(screen), screen] as const),
);

it.each(CASES)('%s can be read, %s', async (name, screenName, screen) => {
  const [open, heading, go] = PAGES[name] ?? [async () => '', ''];
  const here = await setting();
  const page = await openPage(await open(here), screen);
  await go?.(page, here);
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
  await checkPage(page, `${name.replaceAll(/\W+/g, '-')}-${screenName.replace(' ', '-')}`);
  expect(await page.content()).not.toContain('hidden=');
});
