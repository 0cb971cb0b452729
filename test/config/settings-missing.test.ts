import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asFile, complete, emptyFolder, type Layers, settingsOf } from './layers.ts';

describe('what is missing', () => {
  const url = 'SCALEKIT_ENV_URL (or --env-url)';
  const id = 'SCALEKIT_CLIENT_ID (or --client-id)';
  const secret = 'SCALEKIT_CLIENT_SECRET';

  it.each<{ layers: Layers; message: string }>([
    { layers: {}, message: `not set: ${url}, ${id}, ${secret}` },
    { layers: { env: { ...complete, SCALEKIT_CLIENT_SECRET: '' } }, message: `not set: ${secret}` },
    { layers: { env: { ...complete, SCALEKIT_ENV_URL: '' } }, message: `not set: ${url}` },
    { layers: { flags: { envUrl: 'https://a.example' } }, message: `not set: ${id}, ${secret}` },
    {
      layers: { flags: { clientId: 'skc' }, dotEnv: asFile({ SCALEKIT_CLIENT_SECRET: 's' }) },
      message: `not set: ${url}`,
    },
  ])('is named, all of it at once: $message', async ({ layers, message }) => {
    await expect((await settingsOf(layers)).environment()).rejects.toMatchObject({
      kind: 'usage',
      exitCode: 2,
      code: 'missing_settings',
      message,
      hint: expect.stringContaining('sk-connect demo') as unknown,
    });
  });

  it.each(['skc 1', 'skc\n1', 'sk\u00e7', ' skc'])(
    'a client id that no header carries is refused: %j',
    async (clientId) => {
      const settings = await settingsOf({ env: { ...complete, SCALEKIT_CLIENT_ID: clientId } });
      await expect(settings.environment()).rejects.toMatchObject({ kind: 'usage' });
    },
  );

  it.each<[source: string, layers: Layers]>([
    ['--env-url', { flags: { envUrl: 'acme' }, env: complete }],
    ['SCALEKIT_ENV_URL', { env: { ...complete, SCALEKIT_ENV_URL: 'acme' } }],
    [
      'SCALEKIT_ENVIRONMENT_URL',
      { env: { ...complete, SCALEKIT_ENV_URL: '', SCALEKIT_ENVIRONMENT_URL: 'acme' } },
    ],
  ])('a bad URL is refused under the name it came by: %s', async (source, layers) => {
    await expect((await settingsOf(layers)).environment()).rejects.toThrow(`${source} has no scheme: acme`);
  });

  it('http:// is refused unless --insecure-http says it is meant', async () => {
    const env = { ...complete, SCALEKIT_ENV_URL: 'http://10.0.0.1' };
    await expect((await settingsOf({ env })).environment()).rejects.toThrow('in the clear');
    const settings = await settingsOf({ env, flags: { insecureHttp: true } });
    expect(await settings.environment()).toMatchObject({ envUrl: 'http://10.0.0.1' });
  });
});

describe('an env file', () => {
  it('that was named and cannot be read is an error that names it', async () => {
    const settings = await settingsOf({ flags: { envFile: 'missing.env' }, env: complete });
    await expect(settings.environment()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/^--env-file missing\.env cannot be read: ENOENT/) as unknown,
    });
  });

  it('that was named and is a folder is an error', async () => {
    const cwd = await emptyFolder();
    await mkdir(join(cwd, 'folder'));
    const settings = await settingsOf({ flags: { envFile: 'folder' } }, cwd);
    await expect(settings.identifier()).rejects.toThrow('--env-file folder cannot be read');
  });

  it('named with its whole path is read from there', async () => {
    const cwd = await emptyFolder();
    await writeFile(join(cwd, 'abs.env'), 'SCALEKIT_IDENTIFIER=absolute');
    const settings = await settingsOf({ flags: { envFile: join(cwd, 'abs.env') } });
    expect(await settings.identifier()).toBe('absolute');
  });

  it.each([
    ['is missing', async () => {}],
    ['is a folder', async (cwd: string) => mkdir(join(cwd, '.env'))],
  ])('./.env that %s is none', async (_, prepare) => {
    const cwd = await emptyFolder();
    await prepare(cwd);
    expect(await (await settingsOf({ env: complete }, cwd)).environment()).toMatchObject({
      clientId: 'skc_env',
    });
  });

  it('is not read for a value that a flag gives', async () => {
    const settings = await settingsOf({ flags: { identifier: 'flag', envFile: 'missing.env' } });
    expect(await settings.identifier()).toBe('flag');
  });
});
