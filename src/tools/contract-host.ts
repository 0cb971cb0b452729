import { requireActiveAccount } from '../accounts/active.ts';
import type { App } from '../app.ts';
import type { ContractHost } from '../contracts/host.ts';
import { readBody } from '../request/answer/content.ts';
import type { ToolBoxOptions } from './toolbox.ts';

/** Serves contracts through the environment of the invocation; an account is asked about once. */
export function createContractHost(
  app: App,
  { preflight = true }: Pick<ToolBoxOptions, 'preflight'>,
): ContractHost {
  const asked = new Map<string, Promise<unknown>>();
  return {
    requireActive: async (connectionName, identifier) => {
      if (!preflight) return;
      const name = JSON.stringify([connectionName, identifier]);
      const active = asked.get(name) ?? requireActiveAccount(app, { connectionName, identifier });
      asked.set(name, active);
      await active;
    },
    send: async (call) => {
      const response = await (await app.scalekit()).request(call);
      const body = await readBody(response);
      if (response.answeredBy === 'scalekit') {
        const { scalekitRefusal } = await import('../request/answer/scalekit-refusal.ts');
        throw await scalekitRefusal(app, call, { response, body });
      }
      const { status, statusText, headers } = response;
      return { status, statusText, headers, body };
    },
  };
}
