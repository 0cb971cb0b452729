import type { ContractHost, ContractResponse } from '../../contracts/host.ts';
import { decodeContent } from '../../http/content-encoding.ts';
import { type HeaderList, headerValue } from '../../http/headers.ts';
import type { OpenExchange } from '../exchanges/exchange-log.ts';
import { headerPairs } from '../faults/effects.ts';
import { strikeOwnRequest } from '../faults/own-request.ts';
import { ensureFresh } from '../oauth/refresh.ts';
import { credentialHeader } from '../proxy/credentials.ts';
import { upstreamTarget } from '../proxy/target.ts';
import type { Account } from '../state/accounts.ts';
import { requireActive } from '../state/find-account.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

type Call = Parameters<ContractHost['send']>[0];

interface HostOptions {
  toolName: string;
  signal: AbortSignal;
  /** Of the call that executes the tool. */
  exchange: OpenExchange | undefined;
}

/** Serves a connector's tools as the proxy serves a request: the same place, credential, renewal, limits and faults. */
export function createBuiltInHost(state: SandboxState, account: Account, options: HostOptions): ContractHost {
  return {
    async requireActive() {
      await ensureFresh(state, account);
      requireActive(account, state.now());
    },

    async send(call) {
      const target = upstreamTarget(account, `/proxy${call.path}`);
      return struck(state, account, call, options, async () => {
        await ensureFresh(state, account);
        requireActive(account, state.now());
        state.accounts.touch(account);
        const response = await state.upstream.request({
          ...target,
          method: call.method,
          headers: headersOf(call, credentialHeader(account)),
          body: call.body instanceof Uint8Array ? call.body : null,
          signal: options.signal,
        });
        const headers = pairsOf(response.headers);
        const decoded = decodeContent(response.body, headerValue(headers, 'content-encoding'));
        const { statusCode: status, statusText } = response;
        return { status, statusText, headers, body: await allOf(decoded) };
      });
    },
  };
}

/** What a fault on the proxied path makes of the provider's answer. One that names the tool alone strikes where the tool is called. */
async function struck(
  state: SandboxState,
  { connection, identifier }: Account,
  { method, path }: Call,
  { toolName, signal, exchange }: HostOptions,
  ask: () => Promise<ContractResponse & { body: Uint8Array }>,
): Promise<ContractResponse> {
  if (state.faults.isEmpty()) return ask();
  const subject = {
    connectionName: connection.name,
    identifier,
    toolName,
    method,
    path: path.split('?', 1)[0],
  };
  const fault = state.faults.take({ kinds: ['proxy'], ...subject }, ({ match }) => {
    return match.kind === 'proxy' || match.path !== undefined;
  });
  if (!fault) return ask();
  return strikeOwnRequest(fault, {
    exchange,
    signal,
    ask,
    answerOf: (answer) => {
      const { status, statusText, body } = answer;
      return { status, statusText, headers: headerPairs(answer), body };
    },
    sizeOf: ({ body }) => body.length,
  });
}

/** The credential in place of whatever has its name, as in the proxy. */
function headersOf({ headers = [] }: Call, credential: [string, string] | null): string[] {
  const given = headers.filter(([name]) => name.toLowerCase() !== credential?.[0].toLowerCase());
  const has = (name: string) => headerValue(headers, name) !== undefined;
  return [
    ...given.flat(),
    ...(has('accept') ? [] : ['accept', 'application/json, */*']),
    // Some APIs answer nobody who does not say who it is.
    ...(has('user-agent') ? [] : ['user-agent', 'sk-connect-sandbox']),
    ...(credential ?? []),
  ];
}

function pairsOf(headers: Record<string, string | string[] | undefined>): HeaderList {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => [name, each] as const),
  );
}

async function allOf(body: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
