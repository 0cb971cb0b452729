import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parse } from 'node-html-parser';
import { expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { mcpServer } from '../sandbox/support/mcp-server.ts';
import { connector, sandboxWith, signedInSdk } from '../sandbox/support/sandbox.ts';
import { upstream } from '../sandbox/support/upstream.ts';

/** A sample as its reader runs it. `onLink` is the user at the link, before Enter is pressed. */
async function runSample(
  name: string,
  { env }: Sandbox,
  onLink?: (link: string) => Promise<void>,
): Promise<string> {
  const file = fileURLToPath(new URL(`samples/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [file], { env: { PATH: process.env['PATH'], ...env } });
  let printed = '';
  const answerPrompt = async (): Promise<void> => {
    const link = /^Authorize connector: (\S+)\nPress Enter/m.exec(printed)?.[1];
    if (link === undefined || onLink === undefined) return;
    const authorize = onLink;
    onLink = undefined;
    await authorize(link);
    child.stdin.end('\n');
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      void answerPrompt();
    });
  }
  const [code] = (await once(child, 'close')) as [number];
  expect(code, printed).toBe(0);
  return printed;
}

async function fillForm(link: string, fields: Record<string, string>): Promise<void> {
  const page = parse(await (await fetch(link)).text());
  const form = new URLSearchParams(fields);
  for (const input of page.querySelectorAll('input[type=hidden]')) {
    form.set(input.getAttribute('name') ?? '', input.getAttribute('value') ?? '');
  }
  const answer = await fetch(link, { method: 'POST', body: form });
  expect(answer.status).toBe(200);
}

it('REST API proxy calls: the link, the user, the call', async () => {
  const acme = await upstream((request, response) => {
    const isAuthorized = request.headers.authorization === 'Bearer acme_token';
    response.writeHead(isAuthorized ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ customers: [{ id: 'cus_1' }], asked: request.url }));
  });
  const sandbox = await sandboxWith({
    connectors: [connector({ display_name: 'Acme', proxy_url: acme })],
    connections: [{ name: 'acme-prod', connector: 'acme' }],
  });
  const printed = await runSample('proxy-call', sandbox, (link) => fillForm(link, { token: 'acme_token' }));
  expect(printed).toContain('status: 200');
  expect(printed).toContain("asked: '/v1/customers'");
});

it('MCP tool calling: discover the tools, execute one', async () => {
  const sandbox = await sandboxWith({
    connectors: [
      connector({
        display_name: 'Docs MCP',
        proxy_url: await mcpServer(),
        auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }],
      }),
    ],
    connections: [{ name: 'docs-mcp', connector: 'docs-mcp' }],
  });
  const sdk = await signedInSdk(sandbox);
  await sdk.actions.getOrCreateConnectedAccount({ connectionName: 'docs-mcp', identifier: 'user_123' });
  expect(await runSample('discover-tools', sandbox)).toBe(
    "Available tools: [ 'c-docs-mcp_add', 'c-docs-mcp_fail' ]\n",
  );
  const printed = await runSample('execute-tool', sandbox);
  expect(printed).toContain('structuredContent: { sum: 42 }');
  expect(printed).toMatch(/executionId: '\w+'/);
});
