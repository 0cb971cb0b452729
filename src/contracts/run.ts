import { preloadJq } from '../json/jq-engine.ts';
import type { JsonObject } from '../json/object.ts';
import type { Violation } from '../json/schema.ts';
import { answerJson } from './answer.ts';
import { accountOf, buildCall, type Caller } from './call.ts';
import type { Contract } from './contract.ts';
import { misfits, requireFit } from './fit.ts';
import type { ContractHost } from './host.ts';
import { withDefaults, withIdentifier } from './input.ts';

export interface RunContext extends Caller {
  host: ContractHost;
  signal?: AbortSignal | undefined;
  /** The input was held against the schema already, or is to be sent whatever it is. */
  isInputTrusted?: boolean;
}

export interface ContractResult {
  /** A JSON text: integers beyond 2^53 are in it as they came. */
  output: string;
  /** What of it does not fit `output_schema`. */
  violations: Violation[];
}

/**
 * Runs a custom tool once: input validated, account ACTIVE, one proxied call (or as many as it has pages), output
 * made. Throws a ToolFailure; what the host throws passes through.
 */
export async function runContract(
  contract: Contract,
  given: JsonObject,
  context: RunContext,
): Promise<ContractResult> {
  const { host, signal, isInputTrusted = false } = context;
  const schema = contract.input_schema;
  const input = withDefaults(schema, withIdentifier(schema, given, context.identifier));
  if (!isInputTrusted) await requireFit(contract.name, schema, input);
  const account = accountOf(contract, input, context);
  const call = buildCall(contract, input, account);
  signal?.throwIfAborted();
  preloadFor(contract);
  await host.requireActive(account.connectionName, account.identifier);
  const send: ContractHost['send'] = async (call) => {
    signal?.throwIfAborted();
    return host.send(call);
  };
  const output = await answered(contract, call, send);
  return { output, violations: await outputMisfits(contract, output) };
}

type Call = ReturnType<typeof buildCall>;

async function answered(contract: Contract, call: Call, send: ContractHost['send']): Promise<string> {
  const { output } = contract;
  if (contract.pages !== undefined && contract.pages !== false) {
    const [{ allPages }, { outputOf }] = await Promise.all([import('./pages.ts'), import('./program.ts')]);
    // Each page was asked whether it is an error.
    const items = await allPages(contract, call, send);
    return output === undefined ? items : outputOf({ name: contract.name, output }, items);
  }
  const json = await answerJson(await send(call));
  if (!needsJq(contract)) return json;
  const { outputOf } = await import('./program.ts');
  return outputOf(contract, json);
}

/** Begins to load what the answer will need: most of it is done beside the waiting for the network. */
export function preloadFor(contract: Contract): void {
  if (needsJq(contract)) preloadJq();
}

function needsJq({ output, fail_when: failWhen, pages }: Contract): boolean {
  return output !== undefined || failWhen !== undefined || typeof pages === 'object';
}

async function outputMisfits({ output_schema: schema }: Contract, output: string): Promise<Violation[]> {
  return schema === undefined ? [] : misfits(schema, JSON.parse(output));
}
