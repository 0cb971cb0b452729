import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { callTool } from './library/call.ts';
import { createLookUp } from './library/client-accounts.ts';
import { definitionsOf } from './library/definitions.ts';
import type { CallOptions, ContractDocument, LoadToolsOptions, Tools } from './library/interface.ts';
import { loadDocument } from './library/load-document.ts';
import { loadCustomTools } from './load.ts';
import { type CustomTool, definitionOf } from './tool.ts';

export type { Contract, ContractPages, ContractRequest, Example } from './contract.ts';
export type {
  CallOptions,
  ContractDocument,
  Definitions,
  LoadToolsOptions,
  ObjectSchema,
  Tools,
  ToolsClient,
} from './library/interface.ts';
export { ToolError, type ToolErrorCode } from './library/tool-error.ts';

/**
 * The custom tools of a contract file, or of what it parses into, served through the app's own ScalekitClient. A path
 * is relative to the working folder; a URL such as `new URL('tools.yaml', import.meta.url)` is not.
 * @throws Error with the code `bad_contract` that tells everything wrong with the file, with its places.
 */
export async function loadTools(
  source: string | URL | ContractDocument,
  options: LoadToolsOptions,
): Promise<Tools> {
  const tools = await load(source);
  const context = {
    ...options,
    tools: new Map(tools.map((tool) => [definitionOf(tool).name, tool])),
    lookUp: createLookUp(options.client),
  };
  return {
    names: () => [...context.tools.keys()],
    definitions: (format) => definitionsOf(tools, format),
    call: async (name, input, caller) => {
      requireIdentifier(caller);
      caller.signal?.throwIfAborted();
      return untilAborted(callTool(context, name, input, caller), caller.signal);
    },
  };
}

async function load(source: string | URL | ContractDocument): Promise<CustomTool[]> {
  if (typeof source !== 'string' && !(source instanceof URL)) return loadDocument(source);
  const file = typeof source === 'string' ? source : fileURLToPath(source);
  return loadCustomTools([file], { cwd: resolve() });
}

/** Without one, the model could name the user itself in a tool that takes an identifier. */
function requireIdentifier(caller: Partial<CallOptions> | undefined): void {
  const identifier: unknown = caller?.identifier;
  if (typeof identifier === 'string' && identifier !== '') return;
  throw new TypeError('tools.call(name, input, { identifier }) needs the identifier of the user');
}

/** The SDK takes no signal: what was sent goes on, and nobody waits for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
