import { expect, it } from 'vitest';
import { focused, openPage, useBrowser } from './support/browser.ts';
import { setting } from './support/setting.ts';

useBrowser();

it('shows what happens while it is looked at', async () => {
  const here = await setting();
  const page = await openPage(here.sandbox.url);
  const accounts = page.getByRole('region', { name: 'Connected accounts' });
  const links = page.getByRole('region', { name: 'Pending links' });
  await page.getByText('Live', { exact: true }).waitFor();
  expect(await accounts.textContent()).toContain('There is none yet');
  expect(await links.textContent()).toContain('sk-connect authorize --sandbox -c notes-demo -i user_123');

  await here.link('docs-demo', 'new@example.com');
  await links.getByRole('row', { name: 'docs-demo new@example.com' }).waitFor();
  here.sandbox.control.setAccountStatus('docs-demo', 'new@example.com', 'PENDING_AUTH');
  await accounts.getByRole('row', { name: 'new@example.com PENDING_AUTH' }).waitFor();
  here.sandbox.control.setAccountStatus('docs-demo', 'new@example.com', 'EXPIRED');
  await accounts.getByRole('row', { name: 'new@example.com EXPIRED' }).waitFor();
});

it('leads to the page behind a link, and follows how that ends', async () => {
  const here = await setting();
  await here.link('helpdesk', 'ada@example.com');
  const page = await openPage(here.sandbox.url);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Open the link of ada@example.com on helpdesk' }).click();
  const form = await opened;
  await form.getByLabel('Acme domain').fill('acme.example');
  await form.getByLabel('API key').fill('a-credential');
  await form.getByLabel('Region').selectOption('eu');
  await form.getByRole('button', { name: 'Connect' }).click();
  await form.getByRole('heading', { name: 'Acme Helpdesk is connected' }).waitFor();
  await page.getByText('No link waits for anybody').waitFor();
  await page.getByRole('row', { name: 'helpdesk ada@example.com ACTIVE' }).waitFor();
  expect(await page.content()).not.toContain('a-credential');
});

it('keeps the focus, and leaves alone what somebody has selected', async () => {
  const here = await setting();
  await here.link('helpdesk', 'first@example.com');
  const page = await openPage(here.sandbox.url);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.keyboard.press('Tab');
  expect(await focused(page)).toContain('Open the link of first@example.com');
  await here.link('helpdesk', 'second@example.com');
  await page.getByRole('link', { name: 'Open the link of second@example.com' }).waitFor();
  expect(await focused(page)).toContain('Open the link of first@example.com');

  await page.evaluate("getSelection().selectAllChildren(document.querySelector('#links tbody'))");
  await here.link('docs-demo', 'third@example.com');
  const accounts = page.getByRole('region', { name: 'Connected accounts' });
  await accounts.getByText('third@example.com').waitFor();
  const third = page.getByRole('link', { name: 'Open the link of third@example.com' });
  expect(await third.count()).toBe(0);
  await page.evaluate('getSelection().removeAllRanges()');
  await third.waitFor();
});

it('without scripts it is loaded anew', async () => {
  const here = await setting();
  const page = await openPage(here.sandbox.url, { javaScriptEnabled: false });
  expect(await page.locator('meta[http-equiv=refresh]').getAttribute('content')).toBe('10');
  expect(await page.getByRole('status').textContent()).toBe('As of when it was loaded');
});

it('says that it has lost the sandbox', async () => {
  const here = await setting();
  const page = await openPage(here.sandbox.url, { expectedErrors: /ERR_|Failed to load/ });
  await page.getByText('Live', { exact: true }).waitFor();
  await here.sandbox.close();
  await page.getByText('Not connected; trying again').waitFor();
});
