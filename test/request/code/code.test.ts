import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useEnvironment } from '../../commands/support/environment.ts';
import { programFolder } from './support/programs.ts';

const environment = useEnvironment();
const folder = programFolder();
afterAll(() => folder.remove());

beforeAll(() => {
  environment.rest.at('/v1/notes', ({ method }, response) => {
    const status = method === 'POST' ? 422 : 200;
    response.writeHead(status, { 'content-type': 'text/plain' }).end(`answer to ${method}`);
  });
});

const ACCOUNT = ['-c', 'rest', '-i', 'user_1'];

async function code(language: string, argv: readonly string[], account = ACCOUNT): Promise<string> {
  const { exitCode, stdout, stderr } = await environment.run([
    'request',
    ...argv,
    ...account,
    '--code',
    language,
  ]);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout;
}

async function runTypescript(text: string) {
  folder.write('program.ts', text);
  expect(await folder.compile(['program.ts'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  return folder.run([process.execPath, 'program.js'], { env: environment.sandbox.env });
}

it('writes TypeScript as on Scalekit’s pages', async () => {
  const argv = ['/gmail/v1/users/me/messages', '-q', 'q=is:unread', '-q', 'maxResults=10'];
  expect(await code('typescript', argv)).toBe(`import { ScalekitClient } from '@scalekit-sdk/node';
import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import 'dotenv/config';

const connectionName = 'rest';
const identifier = 'user_1';

const scalekit = new ScalekitClient(
  process.env.SCALEKIT_ENV_URL!,
  process.env.SCALEKIT_CLIENT_ID!,
  process.env.SCALEKIT_CLIENT_SECRET!,
);
const actions = scalekit.actions;

// This also signs in, which actions.request does not do by itself.
const { connectedAccount } = await actions.getOrCreateConnectedAccount({
  connectionName,
  identifier,
});

if (connectedAccount?.status !== ConnectorStatus.ACTIVE) {
  throw new Error('Connected account is not ACTIVE. Re-authorize the user.');
}

// For a status other than 2xx it throws; the exception's errDetails are the body.
const { data } = await actions.request({
  connectionName,
  identifier,
  method: 'GET',
  path: '/gmail/v1/users/me/messages',
  queryParams: { q: 'is:unread', maxResults: 10 },
});
console.log(typeof data === 'string' ? data : JSON.stringify(data, null, 2));
`);
});

it('writes Python as on Scalekit’s pages', async () => {
  const argv = ['/api/chat.postMessage', '-f', 'channel=C1', '-f', 'text=Hello', '-F', 'unfurl_links=false'];
  expect(await code('python', argv)).toBe(`import scalekit.client, os
from dotenv import load_dotenv
load_dotenv()

connection_name = "rest"
identifier = "user_1"

scalekit_client = scalekit.client.ScalekitClient(
    client_id=os.getenv("SCALEKIT_CLIENT_ID"),
    client_secret=os.getenv("SCALEKIT_CLIENT_SECRET"),
    env_url=os.getenv("SCALEKIT_ENV_URL"),
)
actions = scalekit_client.actions

account = actions.get_or_create_connected_account(
    connection_name=connection_name,
    identifier=identifier,
).connected_account

if account.status != "ACTIVE":
    raise ValueError("Connected account is not ACTIVE. Re-authorize the user.")

response = actions.request(
    connection_name=connection_name,
    identifier=identifier,
    method="POST",
    path="/api/chat.postMessage",
    body={"channel": "C1", "text": "Hello", "unfurl_links": False},
)
print(response.text)
response.raise_for_status()
`);
});

it('prints text as text', async () => {
  expect(await runTypescript(await code('typescript', ['/v1/notes']))).toEqual({
    exitCode: 0,
    stdout: 'answer to GET\n',
    stderr: '',
  });
});

it('makes a HEAD request, whose answer is in the headers', async () => {
  const fromTypescript = await runTypescript(await code('typescript', ['HEAD', '/v1/notes']));
  folder.write('program.sh', await code('curl', ['HEAD', '/v1/notes', '--quiet']));
  const fromCurl = await folder.run(['sh', 'program.sh'], { env: environment.sandbox.env });
  expect(environment.rest.received.slice(-2).map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
  expect(fromTypescript.stdout).toMatch(/^200 [\s\S]*'content-type': 'text\/plain'/);
  expect(fromCurl.stdout).toMatch(/^HTTP\/1\.1 200 [\s\S]*content-type: text\/plain/i);
});

it.each([
  ['the provider answers with an error', 'user_1', 'answer to POST', 'answer to POST'],
  [
    'the account is not ACTIVE',
    'expired',
    'Connected account is not ACTIVE. Re-authorize the user.',
    'is EXPIRED',
  ],
])('fails where %s', async (_, identifier, inTypescript, inCurl) => {
  const account = ['-c', 'rest', '-i', identifier];
  const typescript = await runTypescript(await code('typescript', ['POST', '/v1/notes'], account));
  expect(typescript).toMatchObject({ exitCode: 1, stdout: '' });
  expect(typescript.stderr).toContain(inTypescript);
  folder.write('program.sh', await code('curl', ['POST', '/v1/notes'], account));
  const curl = await folder.run(['sh', 'program.sh'], { env: environment.sandbox.env });
  expect(curl).toMatchObject({ exitCode: 22, stderr: expect.stringContaining('error: 4') as string });
  expect(curl.stdout).toContain(inCurl);
});

it('curl is not asked for anything where the credentials are refused or missing', async () => {
  folder.write('program.sh', await code('curl', ['/v1/notes']));
  const wrong = { ...environment.sandbox.env, SCALEKIT_CLIENT_SECRET: 'not the one' };
  const { length } = environment.rest.received;
  expect(await folder.run(['sh', 'program.sh'], { env: wrong })).toEqual({
    exitCode: 22,
    stdout: '',
    stderr: 'curl: (22) The requested URL returned error: 401\n',
  });
  const missing = await folder.run(['sh', 'program.sh']);
  expect(missing.exitCode).not.toBe(0);
  expect(missing.stderr).toContain('SCALEKIT_CLIENT_SECRET');
  expect(environment.rest.received).toHaveLength(length);
});

it.each(['sh', 'bash'])('in %s no argument of a process is secret', async (shell) => {
  const argv = [
    'request',
    '/v1/notes',
    '-H',
    'X-Auth-Token: sekret with $HOME',
    ...ACCOUNT,
    '--code',
    'curl',
  ];
  const { stdout } = await environment.run(argv);
  folder.write('program.sh', stdout);
  folder.write('home/curl', '#!/bin/sh\nprintf "%s\\n" "$@" >> arguments\nPATH=${PATH#*:} exec curl "$@"\n');
  folder.write('arguments', '');
  chmodSync(join(folder.path, 'home/curl'), 0o755);
  const PATH = `${join(folder.path, 'home')}:${process.env['PATH']}`;
  const env = { ...environment.sandbox.env, PATH, X_AUTH_TOKEN: 'sekret with $HOME' };
  expect(await folder.run([shell, 'program.sh'], { env })).toMatchObject({
    exitCode: 0,
    stdout: 'answer to GET',
  });
  expect(environment.rest.received.at(-1)?.headers['x-auth-token']).toBe('sekret with $HOME');
  const seen = readFileSync(join(folder.path, 'arguments'), 'utf8');
  expect(seen).toContain('grant_type=client_credentials');
  expect(seen).not.toMatch(/Bearer|sekret/);
  expect(seen).not.toContain(environment.sandbox.env.SCALEKIT_CLIENT_SECRET);
});

it('says which variables stand for secrets, and that on stderr', async () => {
  const argv = [
    'request',
    '/v1/notes',
    '-H',
    'X-Api-Key: sekret1',
    '-q',
    'key=sekret2',
    '-q',
    'nextToken=a',
    ...ACCOUNT,
  ];
  const { stdout, stderr } = await environment.run([...argv, '-q', 'api_key=', '--code', 'typescript']);
  expect(stdout).toContain("queryParams: { key: process.env.KEY!, nextToken: 'a', api_key: '' },");
  expect(stdout).toContain("headers: { 'X-Api-Key': process.env.X_API_KEY! },");
  expect(stderr).toBe(
    'What looks like a secret is not in the program: it takes KEY, X_API_KEY from the environment.\n',
  );
});

it('gives two secrets of one name two variables', async () => {
  const argv = [
    'POST',
    '/x',
    '-d',
    '[{"token": "sekret1"}, {"token": "sekret2"}, {"token": "sekret1"}]',
    '--quiet',
  ];
  expect(await code('python', argv)).toContain(
    'body=[{"token": os.environ["TOKEN"]}, {"token": os.environ["TOKEN_2"]}, {"token": os.environ["TOKEN"]}],'
      .replace('body=[', 'body=[\n        ')
      .replaceAll('}, {', '},\n        {')
      .replace('}],', '},\n    ],'),
  );
});

it('is one document with --json', async () => {
  const argv = ['/v1/notes', '-H', 'X-Api-Key: sekret'];
  const { stdout } = await environment.run(['request', ...argv, ...ACCOUNT, '--code', 'curl', '--json']);
  expect(JSON.parse(stdout)).toEqual({
    language: 'curl',
    program: await code('curl', [...argv, '--quiet']),
    variables: ['X_API_KEY'],
  });
});

it('sends nothing', async () => {
  const { length } = environment.rest.received;
  await code('typescript', ['POST', '/v1/notes', '-d', '{}']);
  expect(environment.rest.received).toHaveLength(length);
});
