import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { SandboxConfig } from '../../../src/sandbox/config/types.ts';
import { type TestEnvironment, useEnvironment } from './environment.ts';
import { type CallTool, type McpApi, mcpApi } from './mcp.ts';
import { callTestTool, testTools, toolsConnector } from './tools.ts';

interface Given {
  tools?: () => readonly Tool[] | Promise<readonly Tool[]>;
  call?: CallTool;
  /** Beside user_1's. */
  accounts?: SandboxConfig['accounts'];
}

interface ToolsEnvironment {
  environment: TestEnvironment;
  /** What was called during the test, oldest first. */
  readonly calls: McpApi['calls'];
}

/** An environment with the MCP connection `tools`, on which user_1 is ACTIVE, for one test file. */
export function useTools({ tools = () => testTools, call = callTestTool, accounts = [] }: Given = {}) {
  let mcp: McpApi;
  beforeAll(async () => {
    mcp = await mcpApi(await tools(), call);
  });
  afterAll(() => mcp.close());
  beforeEach(() => {
    mcp.calls.length = 0;
  });
  const environment = useEnvironment(() => ({
    connectors: [toolsConnector(mcp.url)],
    connections: [{ name: 'tools', connector: 'test-tools' }],
    accounts: [{ connection: 'tools', identifier: 'user_1' }, ...accounts],
  }));
  const found: ToolsEnvironment = {
    environment,
    get calls() {
      return mcp.calls;
    },
  };
  return found;
}
