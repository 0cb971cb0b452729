import type { JsonObject } from '../json/object.ts';
import type { Violation } from '../json/schema.ts';
import type { Contract } from './contract.ts';
import type { ContractHost } from './host.ts';

export interface RunContext {
  host: ContractHost;
  /** The caller's, where the contract names none. */
  connectionName?: string | undefined;
  identifier?: string | undefined;
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
  _contract: Contract,
  _input: JsonObject,
  _context: RunContext,
): Promise<ContractResult> {
  throw new Error('to come');
}
