import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect, type Provider } from './support/provider.ts';

vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 });

/** Debian's package: .ci/run installs it, and then it has to be there. */
const isInstalled = canRun('syncthing', '--version');
const isRequired = process.env['SK_CONNECT_THIRD_PARTY'] === 'required';

function canRun(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** On this machine alone: it looks for no other device and tells nobody. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['listenAddress', 'tcp://127.0.0.1:0'],
  ['globalAnnounceEnabled', 'false'],
  ['localAnnounceEnabled', 'false'],
  ['relaysEnabled', 'false'],
  ['natEnabled', 'false'],
  ['crashReportingEnabled', 'false'],
  ['urAccepted', '-1'],
  ['autoUpgradeIntervalH', '0'],
];

async function startSyncthing(
  home: string,
): Promise<{ child: ChildProcess; origin: string; apiKey: string }> {
  execFileSync('syncthing', ['generate', '--home', home, '--no-default-folder'], { stdio: 'ignore' });
  const file = join(home, 'config.xml');
  const config = SETTINGS.reduce(
    (xml, [name, value]) => xml.replace(new RegExp(`<${name}>[^<]*`), `<${name}>${value}`),
    readFileSync(file, 'utf8'),
  );
  writeFileSync(file, config);
  const flags = ['--no-browser', '--no-restart', '--no-upgrade', '--skip-port-probing'];
  const child = spawn('syncthing', ['serve', '--home', home, '--gui-address', '127.0.0.1:0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let log = '';
    child.stdout.on('data', (chunk: Buffer) => {
      log += String(chunk);
      const found = /API listening on (\S+)/.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => reject(new Error(`syncthing ended: ${log}`)));
  });
  return { child, origin: `http://${address}`, apiKey: /<apikey>([^<]+)/.exec(config)?.[1] ?? '' };
}

describe.skipIf(!isInstalled && !isRequired)('syncthing behind its API key', () => {
  let home: string;
  let child: ChildProcess;
  let provider: Provider;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'sk-connect-syncthing-'));
    const started = await startSyncthing(home);
    child = started.child;
    provider = await connect(
      `${started.origin}/rest`,
      { type: 'API_KEY', auth_header_key_override: 'X-API-Key' },
      { api_key: started.apiKey },
      { api_key: 'not-the-api-key' },
    );
  });
  afterAll(async () => {
    await provider?.sandbox.close();
    await new Promise<void>((resolve) => {
      child.once('close', () => resolve());
      child.kill();
    });
    rmSync(home, { recursive: true });
  });

  it('the right key', async () => {
    const result = await provider.request(['/system/ping', '--jq', '.ping', '-r']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'pong\n', stderr: '' });
  });

  it('the wrong one: its 403 is the provider’s', async () => {
    const result = await provider.requestAsStranger(['/system/ping']);
    expect(result).toMatchObject({ exitCode: 5, stdout: 'CSRF Error\n' });
    expect(result.stderr).toMatch(/^error: the provider answered 403 Forbidden/);
  });

  it('made, read, changed, listed, deleted', async () => {
    const folder = { id: 'notes', label: 'Notés', path: join(home, 'notes'), paused: true };
    const made = await provider.request(['/config/folders', '-d', '-'], { stdin: JSON.stringify(folder) });
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    const changed = await provider.request([
      'PATCH',
      '/config/folders/{id}',
      '--path',
      'id=notes',
      '-F',
      'rescanIntervalS=60',
    ]);
    expect(changed).toMatchObject({ exitCode: 0, stderr: '' });
    const read = await provider.request([
      '/config/folders/notes',
      '--jq',
      '[.label, .rescanIntervalS, .paused]',
    ]);
    expect(JSON.parse(read.stdout)).toEqual(['Notés', 60, true]);
    const listed = await provider.request(['/config/folders', '--jq', '.[].id', '-r']);
    expect(listed.stdout).toBe('notes\n');
    expect(await provider.request(['DELETE', '/config/folders/notes'])).toMatchObject({ exitCode: 0 });
    const gone = await provider.request(['/config/folders/notes']);
    expect(gone).toMatchObject({ exitCode: 5, stdout: 'No folder with given ID\n' });
  });

  it('its pages: events since the last one seen, without what they hold of its settings', async () => {
    const paging = ['--paginate', '--next', '.[-1].id', '--page-param', 'since', '--max-pages', '3'];
    const items = ['--items', '.[] | {id, type}', '--stream', '--quiet'];
    const result = await provider.request([
      '/events',
      '-q',
      'limit=1',
      '-q',
      'timeout=1',
      ...paging,
      ...items,
    ]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const ids = result.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids).toEqual([...new Set(ids)]);
  });
});
