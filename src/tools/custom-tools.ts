import type { App } from '../app.ts';
import { cacheFolder } from '../config/folders.ts';
import { accountOf, buildCall, type Caller } from '../contracts/call.ts';
import { createDocumentCache } from '../contracts/document-cache.ts';
import type { ContractHost } from '../contracts/host.ts';
import { withDefaults, withIdentifier } from '../contracts/input.ts';
import { loadCustomTools } from '../contracts/load.ts';
import { type ContractResult, preloadFor, type RunContext, runContract } from '../contracts/run.ts';
import { type ContractTool, type CustomTool, definitionOf } from '../contracts/tool.ts';
import { type SkConnectError, usageError } from '../errors.ts';
import type { JsonObject } from '../json/object.ts';
import type { ProxyCall } from '../scalekit/proxy-input.ts';
import { didYouMean } from '../suggest.ts';
import { commandLine } from '../terminal/command-line.ts';
import { JsonText } from '../terminal/terminal.ts';
import { createContractHost } from './contract-host.ts';
import { callerOf } from './custom-caller.ts';
import { customFailure } from './custom-failure.ts';
import { listCustomFirst, toListed } from './custom-listing.ts';
import type { ListedTool, ToolBox, ToolBoxOptions } from './toolbox.ts';

/** The tools of contract files beside those of the account, which are asked for only where they are needed. */
export async function openCustomTools(app: App, account: ToolBox, options: ToolBoxOptions): Promise<ToolBox> {
  const files = options.contracts ?? [];
  const cache = createDocumentCache(cacheFolder(app.io));
  const tools = await loadCustomTools(files, { cwd: app.io.cwd, cache, signal: app.signal });
  const byName = new Map(tools.map((tool) => [definitionOf(tool).name, tool]));
  const customOf = ({ source, name }: ListedTool) => (source === 'custom' ? byName.get(name) : undefined);
  const host = createContractHost(app, options);
  const callers = new Map<CustomTool, Promise<Caller>>();
  const callerFor = (tool: CustomTool) => {
    const caller = callers.get(tool) ?? callerOf(app, tool);
    callers.set(tool, caller);
    return caller;
  };

  return {
    list: (filter) => listCustomFirst(app, account, tools, filter),
    find: async (name) => {
      const tool = byName.get(name);
      const connectionName = await app.settings.connectionName();
      if (tool !== undefined) {
        if (tool.kind === 'contract') preloadFor(tool.contract);
        return toListed(tool, connectionName);
      }
      if (connectionName === undefined) throw unknownTool(app, files, name, [...byName.keys()]);
      return account.find(name, [...byName.keys()]);
    },
    complete: async (listed, input) => {
      const tool = customOf(listed);
      if (tool === undefined) return account.complete(listed, input);
      const caller = await callerFor(tool);
      await preflight(app, host, tool, caller);
      try {
        return withIdentifier(definitionOf(tool).input_schema, input, caller.identifier);
      } catch (error) {
        throw customFailure(app, { tool, caller, input }, error);
      }
    },
    execute: async (listed, input) => {
      const tool = customOf(listed);
      if (tool === undefined) return account.execute(listed, input);
      const caller = await callerFor(tool);
      const context = { ...caller, host, signal: app.signal, isInputTrusted: true };
      try {
        const { output, violations } = await runTool(tool, input, context);
        return { data: new JsonText(output), executionId: null, violations };
      } catch (error) {
        throw customFailure(app, { tool, caller, input }, error);
      }
    },
    flags: async (listed) => {
      const tool = customOf(listed);
      return tool === undefined
        ? account.flags(listed)
        : [...contractFlags(files), ...(await accountFlags(app, tool))];
    },
    account: async (listed, input) => {
      const tool = customOf(listed);
      if (tool === undefined) return account.account(listed, input);
      const { connectionName, identifier } = await callerFor(tool);
      if (tool.kind === 'contract' && connectionName !== undefined && identifier !== undefined) {
        return accountOf(tool.contract, input, { connectionName, identifier });
      }
      return {
        ...(connectionName === undefined ? {} : { connectionName }),
        ...(identifier === undefined ? {} : { identifier }),
      };
    },
    request: async (listed, input) => {
      const tool = customOf(listed);
      if (tool === undefined || tool.kind === 'module') return undefined;
      return requestOf(app, tool, await callerFor(tool), input);
    },
    fileOf: (listed) => customOf(listed)?.place.file,
  };
}

async function runTool(tool: CustomTool, input: JsonObject, context: RunContext): Promise<ContractResult> {
  if (tool.kind === 'contract') return runContract(tool.contract, input, context);
  const { runModuleTool } = await import('../contracts/run-module.ts');
  return runModuleTool(tool, input, context);
}

async function accountFlags(app: App, tool: CustomTool): Promise<string[]> {
  const isCallers = tool.kind === 'contract' && tool.contract.request.connection === undefined;
  const connectionName = isCallers ? await app.settings.connectionName() : undefined;
  const identifier = await app.settings.identifier();
  return [
    ...(connectionName === undefined ? [] : ['-c', connectionName]),
    ...(identifier === undefined ? [] : ['-i', identifier]),
  ];
}

function requestOf(app: App, tool: ContractTool, caller: Caller, input: JsonObject): ProxyCall {
  const { contract } = tool;
  try {
    const whole = withDefaults(contract.input_schema, input);
    return buildCall(contract, whole, accountOf(contract, whole, caller));
  } catch (error) {
    throw customFailure(app, { tool, caller, input }, error);
  }
}

/** Whose account it is may only be known with the whole input; else it is asked about while that is put together. */
async function preflight(app: App, host: ContractHost, tool: CustomTool, caller: Caller): Promise<void> {
  if (tool.kind === 'module' || tool.contract.request.identifier !== undefined) return;
  const { connectionName, identifier } = caller;
  if (connectionName === undefined || identifier === undefined) return;
  const active = host.requireActive(connectionName, identifier);
  // Nobody is to answer questions for an account that cannot be used.
  if (app.terminal.canPrompt) await active;
  else active.catch(() => {});
}

function unknownTool(
  app: App,
  files: readonly string[],
  name: string,
  names: readonly string[],
): SkConnectError {
  const list = commandLine(app.options, 'tools', 'list', ...contractFlags(files));
  return usageError(
    `no tool is named ${JSON.stringify(name)} in ${files.join(', ')}`,
    didYouMean(name, names, `See what there is: ${list}`),
    { code: 'tool_not_found' },
  );
}

function contractFlags(files: readonly string[]): string[] {
  return files.flatMap((file) => ['--contracts', file]);
}
