import { expect, it } from 'vitest';
import { focused, openPage, useBrowser } from './support/browser.ts';
import { setting } from './support/setting.ts';

useBrowser();

/** Where the focus is after each press of Tab. */
async function tabThrough(page: Awaited<ReturnType<typeof openPage>>, times: number): Promise<string[]> {
  const seen: string[] = [];
  for (let count = 0; count < times; count += 1) {
    await page.keyboard.press('Tab');
    seen.push(await focused(page));
  }
  return seen;
}

it.each([true, false])(
  'a form is filled in by keyboard alone (scripts allowed: %s)',
  async (javaScriptEnabled) => {
    const here = await setting();
    const page = await openPage(await here.link('helpdesk'), { javaScriptEnabled });
    const { keyboard } = page;
    await keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Acme domain');
    await keyboard.type('acme.example');
    await keyboard.press('Tab');
    await keyboard.type('key-1');
    await keyboard.press('Tab');
    expect(await focused(page)).toBe('Region');
    await keyboard.type('United');
    await keyboard.press('Tab');
    expect(await focused(page)).toBe('Note for your colleagues (optional)');
    await keyboard.press('Tab');
    expect(await focused(page)).toBe('Connect');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Acme Helpdesk is connected' }).waitFor();
    expect(here.statusOf('ada@example.com')).toBe('ACTIVE');
  },
);

it('a problem has the focus, is in the title, and leads to its field', async () => {
  const here = await setting();
  const page = await openPage(await here.link('helpdesk'));
  await page.getByLabel('Acme domain').fill('https://acme.example/');
  await page.getByLabel('API key').fill('  ');
  await page.getByLabel('Region').selectOption('eu');
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByText('There is a problem').waitFor();
  expect(await page.title()).toBe('Problem: Connect Acme Helpdesk');
  await expect.poll(() => focused(page)).toMatch(/^There is a problem/);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatch(/^Acme domain has to fit into an address/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const domain = page.getByLabel('Acme domain');
  expect(await domain.getAttribute('aria-invalid')).toBe('true');
  expect(await domain.inputValue()).toBe('https://acme.example/');
  const described = await domain.getAttribute('aria-describedby');
  expect(await page.locator(`#${described?.split(' ')[1] ?? ''}`).textContent()).toMatch(
    /^Acme domain has to/,
  );
  expect(await page.getByLabel('API key').inputValue()).toBe('');
  expect(await page.getByLabel('Region').inputValue()).toBe('eu');
});

it('what is required is asked for by the browser before anything is sent', async () => {
  const here = await setting();
  const page = await openPage(await here.link('helpdesk'));
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect.poll(() => focused(page)).toBe('Acme domain');
  expect(await page.title()).toBe('Connect Acme Helpdesk');
});

it.each([true, false])(
  "the demo's consent is given by keyboard alone (scripts allowed: %s)",
  async (javaScriptEnabled) => {
    const here = await setting();
    const page = await openPage(await here.link('notes-demo'), { javaScriptEnabled });
    await expect.poll(() => focused(page)).toBe('User name');
    await page.keyboard.type('ada');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Allow sk-connect demo to use your notes?' }).waitFor();
    expect(await tabThrough(page, 2)).toEqual(['Allow', 'Deny']);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Demo Notes is connected' }).waitFor();
    expect(here.statusOf('ada@example.com')).toBe('ACTIVE');
  },
);

it('fields before consent, then the provider: the way through both', async () => {
  const here = await setting();
  const page = await openPage(await here.link('tenant-notes'));
  expect(await page.getByRole('listitem').allTextContents()).toEqual([
    'Read notes notes:read',
    'Create and delete notes notes:write',
  ]);
  await page.getByLabel('Tenant').fill('acme');
  await page.getByRole('button', { name: 'Continue to Tenant Notes' }).click();
  await page.getByLabel('User name').fill('ada');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('heading', { name: 'Tenant Notes is connected' }).waitFor();
});

it('a denial is told in the provider’s words, and the way back leads nowhere', async () => {
  const here = await setting();
  const page = await openPage(await here.link('notes-demo'));
  await page.getByLabel('User name').fill('ada');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.getByRole('heading', { name: 'Demo Notes was not connected' }).waitFor();
  expect(await page.locator('blockquote').textContent()).toContain('access_denied');
  expect(here.statusOf('ada@example.com')).toBe('PENDING_AUTH');
  await page.goBack();
  await page.getByRole('heading', { name: 'This did not work' }).waitFor();
});

it('what is sent a second time, by an impatient hand or from the page before, is not stored', async () => {
  const here = await setting();
  const page = await openPage(await here.link('helpdesk'));
  const fill = async (key: string) => {
    await page.getByLabel('Acme domain').fill('acme.example');
    await page.getByLabel('API key').fill(key);
    await page.getByLabel('Region').selectOption('eu');
  };
  await fill('key-1');
  await page.getByRole('button', { name: 'Connect' }).dblclick();
  await page.getByText('ada@example.com').waitFor();
  expect(here.statusOf('ada@example.com')).toBe('ACTIVE');
  const { connectedAccount } = await here.sdk.actions.getConnectedAccount({
    connectionName: 'helpdesk',
    identifier: 'ada@example.com',
  });
  expect(JSON.stringify(connectedAccount?.authorizationDetails)).toContain('key-1');
  await page.goBack();
  await page.getByRole('heading', { name: 'This link was already used' }).waitFor();
  await expect.poll(() => page.getByText(/is now ACTIVE/).count()).toBe(1);
});
