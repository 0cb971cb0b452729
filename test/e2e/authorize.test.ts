import { describe, expect, it, vi } from 'vitest';
import { addSecret } from '../commands/secrets.ts';
import { browseToListener, isListening, open } from '../commands/support/browser.ts';
import { useEnvironment } from '../commands/support/environment.ts';
import { launch, onTerminal, shell } from './support/program.ts';

vi.setConfig({ testTimeout: 30_000 });
const environment = useEnvironment(() => ({ environment: { user_verification: 'custom' } }));
const LINK = /http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/;
const authorize = (identifier: string) => ['authorize', '-c', 'notes-demo', '-i', identifier, '--no-open'];

/** Where the browser is about to come back to, after its user has consented. */
async function consented(link: string): Promise<URL> {
  const arrival = await browseToListener(link);
  addSecret('the state', arrival.searchParams.get('state') ?? '');
  addSecret('the auth request', arrival.searchParams.get('auth_request_id') ?? '');
  return arrival;
}

describe('authorize where users are verified', () => {
  it('on a terminal: says that the browser is awaited, and ends when it has come', async () => {
    const terminal = onTerminal(authorize('pty_1'), { env: environment.sandbox.env, columns: 140 });
    const [link] = await terminal.says(LINK);
    await terminal.says(/Waiting for pty_1 to authorize: PENDING_AUTH/);
    const arrival = await consented(link);
    await terminal.says(
      /Waiting for pty_1's browser to come back to http:\/\/127\.0\.0\.1:\d+\/verify: PENDING_VERIFICATION/,
    );
    expect((await open(new URL('/verify?state=wrong', arrival))).status).toBe(403);
    expect(await open(arrival)).toMatchObject({
      status: 200,
      text: expect.stringContaining('go back to the terminal'),
    });
    await terminal.says(/✓ pty_1 is ACTIVE on notes-demo/);
    expect(await terminal.exited).toBe(0);
    expect(await isListening(Number(arrival.port))).toBe(false);
  });

  it('Ctrl-C on a terminal: nothing listens any more', async () => {
    const terminal = onTerminal(authorize('pty_2'), { env: environment.sandbox.env });
    const [link] = await terminal.says(LINK);
    const { port } = await consented(link);
    expect(await isListening(Number(port))).toBe(true);
    terminal.pty.write('\u0003');
    await terminal.says(/error: interrupted/);
    expect(await terminal.exited).toBe(130);
    expect(await isListening(Number(port))).toBe(false);
  });

  it('the process ends with the page, whatever else is connected', async () => {
    const { child, says, ended } = launch([...authorize('piped'), '--wait'], {
      env: environment.sandbox.env,
    });
    const [link] = await says(LINK);
    const arrival = await consented(link);
    expect(await isListening(Number(arrival.port))).toBe(true);
    await open(arrival);
    expect(await ended).toMatchObject({
      code: 0,
      signal: null,
      stdout: expect.stringContaining('\tACTIVE\t'),
    });
    expect(child.exitCode).toBe(0);
  });

  it('--approve in a script', async () => {
    const line =
      'sk-connect authorize -c notes-demo -i scripted --approve -q && sk-connect request /v1/notes -c notes-demo -i scripted';
    const result = await shell(line, { env: environment.sandbox.env });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toContain('"notes"');
  });
});
