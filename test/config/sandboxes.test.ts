import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findRunningSandbox, registerSandbox, type SandboxRegistration } from '../../src/config/sandboxes.ts';

let stateFolder = '';

beforeEach(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'sk-connect-test-'));
});

afterEach(() => rm(stateFolder, { recursive: true, force: true }));

/** Something that listens, as a sandbox does; closed when the test is over or before. */
async function listener(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  return { port, close };
}

function registration(port: number, startedAt = '2030-01-01T00:00:00.000Z'): SandboxRegistration {
  return {
    envUrl: `http://127.0.0.1:${port}`,
    clientId: `skc_${port}`,
    clientSecret: 'sandbox-secret',
    pid: process.pid,
    startedAt,
  };
}

const noSandbox = {
  kind: 'usage',
  code: 'no_sandbox',
  hint: expect.stringContaining('sandbox start') as unknown,
};

describe('findRunningSandbox', () => {
  it('finds the one that registered itself, until it takes that back', async () => {
    const { port } = await listener();
    const takeBack = await registerSandbox(stateFolder, registration(port));
    expect(await findRunningSandbox(stateFolder)).toEqual(registration(port));
    await takeBack();
    await expect(findRunningSandbox(stateFolder)).rejects.toMatchObject(noSandbox);
    await takeBack();
  });

  it.each([
    ['first', 0],
    ['in the middle', 1],
    ['last', 2],
  ])('takes the one that was started last, wherever it is listed (%s)', async (_, index) => {
    const ports = [await listener(), await listener(), await listener()]
      .map(({ port }) => port)
      .sort((a, b) => String(a).localeCompare(String(b)));
    for (const [each, port] of ports.entries()) {
      const startedAt = each === index ? '2030-06-01T00:00:00.000Z' : `2030-01-0${each + 1}T00:00:00.000Z`;
      await registerSandbox(stateFolder, registration(port, startedAt));
    }
    expect((await findRunningSandbox(stateFolder)).envUrl).toBe(`http://127.0.0.1:${ports[index]}`);
  });

  it('passes the file of a dead one over, though its process id lives', async () => {
    const dead = await listener();
    await dead.close();
    await registerSandbox(stateFolder, registration(dead.port, '2030-06-01T00:00:00.000Z'));
    await expect(findRunningSandbox(stateFolder)).rejects.toMatchObject(noSandbox);
    const { port } = await listener();
    await registerSandbox(stateFolder, registration(port, '2030-01-01T00:00:00.000Z'));
    expect((await findRunningSandbox(stateFolder)).envUrl).toBe(`http://127.0.0.1:${port}`);
  });

  it.each([
    ['nothing', ''],
    ['a half', '{"envUrl":"http://127.0.0.1:1",'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no secret', JSON.stringify({ ...registration(1), clientSecret: undefined })],
    ['no process id', JSON.stringify({ ...registration(1), pid: 'x' })],
    ['no URL', JSON.stringify({ ...registration(1), envUrl: 'somewhere' })],
    ['a port that is none', JSON.stringify({ ...registration(1), envUrl: 'http://127.0.0.1:99999' })],
    ['a URL without a port', JSON.stringify({ ...registration(1), envUrl: 'http://127.0.0.1' })],
    ['a number for a URL', JSON.stringify({ ...registration(1), envUrl: 5 })],
  ])('passes a file over that holds %s', async (_, content) => {
    const { port } = await listener();
    await registerSandbox(stateFolder, registration(port));
    await writeFile(join(stateFolder, 'sandboxes', '9.json'), content);
    await writeFile(join(stateFolder, 'sandboxes', 'README'), 'not one of ours');
    expect((await findRunningSandbox(stateFolder)).envUrl).toBe(`http://127.0.0.1:${port}`);
  });

  it('finds none where nothing was ever registered', async () => {
    await expect(findRunningSandbox(join(stateFolder, 'missing'))).rejects.toMatchObject(noSandbox);
  });

  it('says so when the state folder cannot be read', async () => {
    await writeFile(join(stateFolder, 'sandboxes'), '');
    await expect(findRunningSandbox(stateFolder)).rejects.toMatchObject({
      kind: 'usage',
      hint: expect.stringContaining('SK_CONNECT_STATE_DIR') as unknown,
    });
  });
});

describe('registerSandbox', () => {
  it('writes a file that only its owner may read, by its port', async () => {
    await registerSandbox(stateFolder, registration(4711));
    const path = join(stateFolder, 'sandboxes', '4711.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('replaces what a dead one left under the same port', async () => {
    await mkdir(join(stateFolder, 'sandboxes'));
    const { port } = await listener();
    await writeFile(join(stateFolder, 'sandboxes', `${port}.json`), 'left over');
    await registerSandbox(stateFolder, registration(port));
    expect(await findRunningSandbox(stateFolder)).toEqual(registration(port));
    expect(await readdir(join(stateFolder, 'sandboxes'))).toEqual([`${port}.json`]);
  });
});
