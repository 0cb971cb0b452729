import { line, messageFrom } from '../../request/answer/provider-message.ts';
import { answeredBy, gatewayMessage } from '../../scalekit/answered-by.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';
import type { ContractHost, ContractResponse } from '../host.ts';
import { type LookUpStatus, requireStatusActive } from './client-accounts.ts';
import { fromResponse, type RefusedAnswer, refusedAnswer, wasRedirected } from './client-answer.ts';
import { clientFailure } from './client-failure.ts';
import type { ToolsClient } from './interface.ts';
import { ToolError } from './tool-error.ts';

export interface ClientHostOptions {
  client: ToolsClient;
  lookUp: LookUpStatus;
  toolName: string;
}

/** Serves contracts through the app's own client. Throws a ToolError for whatever the SDK throws. */
export function createClientHost({ client, lookUp, toolName }: ClientHostOptions): ContractHost {
  const statusOf = async (connectionName: string, identifier: string) => {
    try {
      return await lookUp({ connectionName, identifier });
    } catch (error) {
      throw clientFailure(toolName, error);
    }
  };
  const attempt = async (call: ProxyCall): Promise<ContractResponse> => {
    try {
      const response = await client.actions.request(paramsOf(call));
      if (wasRedirected(response)) throw redirected(toolName);
      return fromResponse(response);
    } catch (error) {
      const answer = refusedAnswer(error);
      if (answer === undefined) throw clientFailure(toolName, error);
      return answerTo(toolName, answer);
    }
  };
  return {
    requireActive: async (connectionName, identifier) => {
      const key = { connectionName, identifier };
      requireStatusActive(toolName, await statusOf(connectionName, identifier), key);
    },
    send: async (call) => {
      const response = await attempt(call);
      if (!(await isScalekits(response))) return response;
      if (response.status !== 401) throw refused(toolName, response);
      // actions.request never signs in; another call does, where the token has expired meanwhile.
      await statusOf(call.connectionName, call.identifier);
      const second = await attempt(call);
      if (await isScalekits(second)) throw refused(toolName, second);
      return second;
    },
  };
}

/** A body goes as it is only with a type. The query is in the path: the SDK would encode it in its own way. */
function paramsOf({ connectionName, identifier, method, path, headers = [], body }: ProxyCall) {
  return {
    connectionName,
    identifier,
    method,
    path: path.replaceAll(' ', '%20'),
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : { body }),
  };
}

function answerTo(toolName: string, { status, statusText, data }: RefusedAnswer): ContractResponse {
  if (status === undefined) {
    const said = messageFrom({ status: 0, statusText, headers: [] }, data) ?? line(statusText);
    throw new ToolError(
      'provider_error',
      `the provider answered with an error${said === '' ? '' : `: ${said}`}`,
      {
        toolName,
      },
    );
  }
  return fromResponse({ status, statusText, headers: {}, data, config: {} });
}

async function isScalekits(response: ContractResponse): Promise<boolean> {
  return response.status >= 400 && (await answeredBy(response, response.body)) === 'scalekit';
}

function refused(toolName: string, { status, statusText, body }: ContractResponse): ToolError {
  const said = line(gatewayMessage(body) ?? statusText);
  const isSilent = status === 502 || status === 503 || status === 504;
  const message = isSilent
    ? `Scalekit's proxy got no answer from the provider: ${said}`
    : `Scalekit's proxy refused the call: ${said}`;
  return new ToolError(isSilent ? 'provider_error' : 'scalekit_error', message, {
    toolName,
    httpStatus: status,
  });
}

/** The same contract fails so on the command line, where none is followed. */
function redirected(toolName: string): ToolError {
  const message = 'the provider redirected the call: what is answered elsewhere is not taken';
  return new ToolError('provider_error', message, { toolName });
}
