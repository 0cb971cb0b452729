import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import type { Refusal } from '../refusal.ts';
import { codeOfStatus, networkFailure, type Told, toolError, tooSlow } from '../tools/tool-error.ts';
import { refusalOf } from '../upstream/failure.ts';
import type { Hearing, HttpFailure } from './hearing.ts';

const REQUEST_TIMEOUT: number = ErrorCode.RequestTimeout;
const INVALID_PARAMS: number = ErrorCode.InvalidParams;

/** Whatever a conversation with an MCP server failed with, as the provider's failure that it is. */
export function toolFailure(error: unknown, hearing: Hearing, executionId: string): Refusal {
  const refusal = refusalOf(error);
  if (refusal) return refusal;
  return toolError(told(error, hearing), executionId);
}

const WHO = 'the MCP server';

function told(error: unknown, hearing: Hearing): Told {
  const { failure, protocolVersion, endedEarly, method } = hearing;
  if (failure)
    return hearing.hasSession && needsSession(failure) ? sessionNeeded(failure) : answered(failure);
  if (protocolVersion !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(protocolVersion)) {
    const versions = SUPPORTED_PROTOCOL_VERSIONS.join(', ');
    const message = `the MCP server speaks version ${protocolVersion} of the protocol, the sandbox ${versions}`;
    return ['failed_precondition', 'UNSUPPORTED_PROTOCOL_VERSION', message];
  }
  if (endedEarly !== undefined) {
    return ['internal', 'NO_ANSWER', `the MCP server ended its answer to ${endedEarly} before there was one`];
  }
  if (error instanceof McpError) return toldByServer(error, method);
  if (isNoMessage(error)) {
    const what =
      error instanceof StreamableHTTPError ? 'neither JSON nor a stream of events' : 'no message of MCP';
    return ['unknown', 'INVALID_ANSWER', `what the MCP server answered to ${method} is ${what}`];
  }
  return networkFailure(error, WHO);
}

function toldByServer(error: McpError, method: string): Told {
  if (error.code === REQUEST_TIMEOUT) return tooSlow(WHO);
  const isInput = error.code === INVALID_PARAMS && method === 'tools/call';
  return [isInput ? 'invalid_argument' : 'unknown', String(error.code), withoutPrefix(error)];
}

/** What a server says to a request without the session that it offered (MCP, "Session Management"). */
function needsSession({ method, status }: HttpFailure): boolean {
  return method !== 'initialize' && (status === 400 || status === 404);
}

function sessionNeeded({ method, status, words }: HttpFailure): Told {
  const said = words === undefined ? '' : ` (${words})`;
  const message = `the MCP server needs a session: without one it answers ${method} with HTTP status ${status}${said}. Scalekit connects to stateless MCP servers only`;
  return ['failed_precondition', 'SESSION_NEEDED', message];
}

function answered({ method, status, location, words }: HttpFailure): Told {
  const isRedirect = status < 400 && location !== null;
  const said = isRedirect ? `, to ${withoutQuery(location)}: redirects are not followed` : saidIn(words);
  const hint =
    method === 'initialize' && (status === 404 || status === 405)
      ? '. Does proxy_url name the endpoint of its streamable HTTP?'
      : '';
  return [
    codeOfStatus(status),
    String(status),
    `the MCP server answered with HTTP status ${status}${said}${hint}`,
  ];
}

function saidIn(words: string | undefined): string {
  return words === undefined ? '' : `: ${words}`;
}

/** It may be a sign-in page's, with a token in it. */
function withoutQuery(location: string): string {
  return location.replace(/[?#].*/s, '');
}

/** What the SDK throws for an answer that it cannot read: zod's errors, JSON's, and its own for another content type. */
function isNoMessage(error: unknown): boolean {
  const isOfZod = error instanceof Error && 'issues' in error;
  return isOfZod || error instanceof SyntaxError || error instanceof StreamableHTTPError;
}

/** The SDK puts `MCP error -32602: ` before what the server said; a server that is built on it does so as well. */
function withoutPrefix(error: McpError): string {
  const prefix = `MCP error ${error.code}: `;
  let { message } = error;
  while (message.startsWith(prefix)) message = message.slice(prefix.length);
  return message;
}
