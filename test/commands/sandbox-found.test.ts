import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { registerSandbox } from '../../src/config/sandboxes.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { folders, run } from './run.ts';
import { scriptedSandbox } from './support/scripted-sandbox.ts';

const CLOCK = ['sandbox', 'clock', 'now', '--json'];
const LINKS = ['sandbox', 'connections', 'list'];

async function register({ env }: Sandbox, startedAt = '2030-01-01T00:00:00Z'): Promise<void> {
  const undo = await registerSandbox(folders.state, {
    envUrl: env.SCALEKIT_ENV_URL,
    clientId: env.SCALEKIT_CLIENT_ID,
    clientSecret: env.SCALEKIT_CLIENT_SECRET,
    controlToken: env.SK_CONNECT_SANDBOX_TOKEN,
    pid: 1,
    startedAt,
  });
  onTestFinished(undo);
}

/** Answers everything, and keeps what it was sent. */
async function otherServer(answer: (path: string) => [status: number, body: string, location?: string]) {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    const [status, body, location] = answer(request.url ?? '');
    response.writeHead(status, { ...(location !== undefined && { location }) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, authorizations };
}

describe('the sandbox that is meant', () => {
  it('is the one of the variables, not the one that was started last', async () => {
    const [one, other] = [await scriptedSandbox(), await scriptedSandbox()];
    await register(other.sandbox);
    await one.run(['connections', 'remove', 'forms']);
    expect(other.sandbox.control.connections()).toHaveLength(2);
    expect(one.sandbox.control.connections()).toHaveLength(1);
  });

  it.each([
    ['an env file', '--env-file', 'named.env'],
    ['./.env', undefined, '.env'],
  ])('is the one of %s', async (_what, flag, name) => {
    const { sandbox } = await scriptedSandbox();
    const path = join(folders.cwd, name);
    await writeFile(
      path,
      Object.entries(sandbox.env)
        .map((pair) => `${pair.join('=')}\n`)
        .join(''),
    );
    onTestFinished(() => writeFile(path, ''));
    const result = await run([...LINKS, ...(flag === undefined ? [] : [flag, name])]);
    expect(result.stdout).toMatch(/^keys\t/);
  });

  it('is the one that runs, without any variable, and where those of an earlier one are left over', async () => {
    const [gone, one] = [await scriptedSandbox(), await scriptedSandbox()];
    await register(one.sandbox);
    await gone.sandbox.close();
    for (const env of [
      {},
      gone.sandbox.env,
      { SCALEKIT_ENV_URL: 'https://real.scalekit.dev', SCALEKIT_CLIENT_ID: 'skc_real' },
    ])
      expect(await run(LINKS, { env })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('is the one that --env-url names', async () => {
    const [one, other] = [await scriptedSandbox(), await scriptedSandbox()];
    await register(one.sandbox, '2030-01-01T00:00:00Z');
    await register(other.sandbox, '2031-01-01T00:00:00Z');
    const result = await run(['sandbox', 'connections', 'remove', 'forms', '--env-url', one.sandbox.url]);
    expect(result.exitCode).toBe(0);
    expect(one.sandbox.control.connections()).toHaveLength(1);
  });

  it('--sandbox within the variables of one is that one', async () => {
    const [one, other] = [await scriptedSandbox(), await scriptedSandbox()];
    await register(other.sandbox);
    one.sandbox.control.addConnection({ name: 'only-here', connector: 'keys' });
    const result = await run(['connections', '--sandbox'], { env: one.sandbox.env });
    expect(result.stdout).toContain('only-here');
  });
});

describe('no sandbox', () => {
  it('at all: 2, and how to start one', async () => {
    const result = await run(CLOCK);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({
      code: 'no_sandbox',
      hint: expect.stringContaining('sandbox start'),
    });
  });

  it.each(['https://real.scalekit.dev', 'http://192.0.2.1:8080'])('%s gets no token', async (url) => {
    const env = { SCALEKIT_ENV_URL: url, SK_CONNECT_SANDBOX_TOKEN: 'sandbox_token_of_another' };
    for (const words of [CLOCK, [...CLOCK, '--env-url', url]]) {
      const result = await run(words, { env });
      expect(result).toMatchObject({ exitCode: 2, stdout: '' });
      expect(result.error()).toMatchObject({ code: 'no_sandbox' });
    }
  });

  it('something else at that port', async () => {
    const { url } = await otherServer(() => [404, '<h1>Not found</h1>']);
    const env = { SCALEKIT_ENV_URL: url, SK_CONNECT_SANDBOX_TOKEN: 'sandbox_token_of_another' };
    const result = await run(CLOCK, { env });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'not_a_sandbox' });
  });

  it('does not follow where that leads to', async () => {
    const target = await otherServer(() => [200, '{}']);
    const { url } = await otherServer(() => [307, '', `${target.url}/sandbox/v1/clock`]);
    const env = { SCALEKIT_ENV_URL: url, SK_CONNECT_SANDBOX_TOKEN: 'sandbox_token_of_another' };
    expect((await run(CLOCK, { env })).error()).toMatchObject({ code: 'not_a_sandbox' });
    expect(target.authorizations).toEqual([]);
  });

  it('a token that it does not take: 3', async () => {
    const { sandbox } = await scriptedSandbox();
    const env = { ...sandbox.env, SK_CONNECT_SANDBOX_TOKEN: 'sandbox_token_of_another' };
    const result = await run(CLOCK, { env });
    expect(result).toMatchObject({ exitCode: 3, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'control_token_refused', httpStatus: 401 });
  });

  it('an environment token does not open it either', async () => {
    const { sandbox } = await scriptedSandbox();
    const env = { ...sandbox.env, SK_CONNECT_SANDBOX_TOKEN: sandbox.env.SCALEKIT_CLIENT_SECRET };
    expect(await run(CLOCK, { env })).toMatchObject({ exitCode: 3 });
  });

  it('a group without its command says what there is: 2', async () => {
    const result = await run(['sandbox', 'faults']);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('sk-connect sandbox faults <command>');
  });
});
