import type { App } from '../../app.ts';
import type { Contract } from '../../contracts/contract.ts';
import { ToolFailure } from '../../contracts/failure.ts';
import type { ContractResponse } from '../../contracts/host.ts';
import { runContract } from '../../contracts/run.ts';
import { SkConnectError } from '../../errors.ts';
import type { JsonObject } from '../../json/object.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import { createContractHost } from '../contract-host.ts';
import { difference } from './same-call.ts';

/** The request that worked. */
export interface Worked {
  call: ProxyCall;
  response: ContractResponse;
}

export interface Rehearsal {
  /** A JSON text. */
  output: string;
  /** What of its call is not as it was in the request. */
  difference: string | undefined;
  /** Whether the call was made again. */
  isSent: boolean;
}

/**
 * Runs a contract once with the inputs of the request that it was made of. A call that changes something is not made
 * twice: the contract gets the answer that there is. Throws where the tool fails.
 */
export async function rehearse(
  app: App,
  contract: Contract,
  input: JsonObject,
  worked: Worked,
): Promise<Rehearsal> {
  const { identifier } = worked.call;
  const host = createContractHost(app, { preflight: false });
  let different: string | undefined;
  let isSent = false;
  try {
    const { output } = await runContract(contract, input, {
      identifier,
      signal: app.signal,
      host: {
        requireActive: async () => {},
        send: async (call) => {
          different = difference(worked.call, call);
          isSent = contract.read_only === true && different === undefined;
          return isSent ? host.send(call) : worked.response;
        },
      },
    });
    return { output, difference: different, isSent };
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    throw new SkConnectError('upstream', `the tool fails: ${error.message}`, {
      code: 'tool_error',
      hint: 'Nothing was written. Another output: --output-expr EXPR.',
      cause: error,
    });
  }
}
