import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { registerSandbox } from '../../src/config/sandboxes.ts';
import { asFile, complete, emptyFolder, type Layers, settingsOf } from './layers.ts';

describe('a value comes from the flag, the process environment, --env-file, ./.env: the first that has it', () => {
  const identifier = 'SCALEKIT_IDENTIFIER';
  const flags = { identifier: 'flag' };
  const env = { [identifier]: 'env' };
  const file = `${identifier}=file`;
  const dotEnv = `${identifier}=dot`;

  it.each<{ layers: Layers; expected: string | undefined }>([
    { layers: { flags, env, file, dotEnv }, expected: 'flag' },
    { layers: { env, file, dotEnv }, expected: 'env' },
    { layers: { file, dotEnv }, expected: 'file' },
    { layers: { dotEnv }, expected: 'dot' },
    { layers: {}, expected: undefined },
    {
      layers: { flags: { identifier: '' }, env: { [identifier]: '' }, file: `${identifier}=`, dotEnv },
      expected: 'dot',
    },
    {
      layers: { env: { [identifier]: undefined }, file: `${identifier}=""`, dotEnv: `${identifier}=` },
      expected: undefined,
    },
    { layers: { file: 'OTHER=1', dotEnv }, expected: 'dot' },
    { layers: { dotEnv: `\uFEFF${identifier}=after a mark\r\n` }, expected: 'after a mark' },
    { layers: { dotEnv: `export ${identifier}="quoted # value" # comment` }, expected: 'quoted # value' },
  ])('$expected ($layers)', async ({ layers, expected }) => {
    expect(await (await settingsOf(layers)).identifier()).toBe(expected);
  });

  it('the connection’s name too', async () => {
    const name = 'SCALEKIT_CONNECTION_NAME';
    const layers = { env: { [name]: 'env' }, dotEnv: `${name}=dot` };
    expect(await (await settingsOf(layers)).connectionName()).toBe('env');
    expect(await (await settingsOf({ ...layers, flags: { connection: 'flag' } })).connectionName()).toBe(
      'flag',
    );
  });

  it('each part of the environment by itself', async () => {
    const settings = await settingsOf({
      flags: { clientId: 'skc_flag' },
      env: { SCALEKIT_CLIENT_SECRET: 'secret_env', SCALEKIT_CLIENT_ID: 'skc_env' },
      file: 'SCALEKIT_ENV_URL=https://file.example/',
      dotEnv: asFile({ ...complete, SCALEKIT_CLIENT_SECRET: 'secret_dot' }),
    });
    expect(await settings.environment()).toEqual({
      envUrl: 'https://file.example',
      clientId: 'skc_flag',
      clientSecret: 'secret_env',
    });
  });

  it.each<[what: string, layers: Layers, envUrl: string]>([
    [
      'the first name beats the second in one layer',
      { env: { ...complete, SCALEKIT_ENVIRONMENT_URL: 'https://second.example' } },
      'https://env.example',
    ],
    [
      'the second name is taken where the first is empty',
      { env: { ...complete, SCALEKIT_ENV_URL: '', SCALEKIT_ENVIRONMENT_URL: 'https://second.example' } },
      'https://second.example',
    ],
    [
      'a higher layer’s second name beats a lower layer’s first: its secret must not go elsewhere',
      {
        env: { ...complete, SCALEKIT_ENV_URL: undefined, SCALEKIT_ENVIRONMENT_URL: 'https://second.example' },
        dotEnv: 'SCALEKIT_ENV_URL=https://dot.example',
      },
      'https://second.example',
    ],
    [
      'a lower layer’s second name does not beat a higher layer’s first',
      { env: complete, dotEnv: 'SCALEKIT_ENVIRONMENT_URL=https://dot.example' },
      'https://env.example',
    ],
    [
      'the flag beats both',
      {
        flags: { envUrl: 'https://flag.example' },
        env: { ...complete, SCALEKIT_ENVIRONMENT_URL: 'https://x.example' },
      },
      'https://flag.example',
    ],
  ])('the environment’s URL: %s', async (_, layers, envUrl) => {
    expect(await (await settingsOf(layers)).environment()).toMatchObject({ envUrl });
  });
});

describe('the token cache', () => {
  it.each<[layers: Layers, isUsed: boolean]>([
    [{}, true],
    [{ flags: { tokenCache: true } }, true],
    [{ flags: { tokenCache: false } }, false],
    [{ env: { SK_CONNECT_NO_TOKEN_CACHE: '1' } }, false],
    [{ env: { SK_CONNECT_NO_TOKEN_CACHE: 'true' } }, false],
    [{ env: { SK_CONNECT_NO_TOKEN_CACHE: '0' } }, true],
    [{ env: { SK_CONNECT_NO_TOKEN_CACHE: 'False' } }, true],
    [{ env: { SK_CONNECT_NO_TOKEN_CACHE: '' } }, true],
    [{ dotEnv: 'SK_CONNECT_NO_TOKEN_CACHE=1' }, false],
  ])('%j: %j', async (layers, isUsed) => {
    expect(await (await settingsOf(layers)).usesTokenCache()).toBe(isUsed);
  });
});

it('--sandbox takes the sandbox that is running, and no variable', async () => {
  const cwd = await emptyFolder();
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const environment = {
    envUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: 'skc_sandbox',
    clientSecret: 'secret_sandbox',
  };
  const env = { ...complete, SK_CONNECT_STATE_DIR: 'state' };
  const settings = await settingsOf({ flags: { sandbox: true }, env }, cwd);
  await expect(settings.environment()).rejects.toMatchObject({ code: 'no_sandbox' });
  await registerSandbox(join(cwd, 'state'), { ...environment, pid: 1, startedAt: '2030-01-01T00:00:00Z' });
  expect(await settings.environment()).toEqual(environment);
});
