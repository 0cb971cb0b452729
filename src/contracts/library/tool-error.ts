/**
 * `unknown_tool` · `invalid_input`: the message lists all that does not fit, for the model to correct ·
 * `account_not_active`: the user has to authorize, see `connectionName` and `hint` · `provider_error`: the provider
 * answered with an error or not at all · `tool_error`: the contract's `fail_when` found one in the answer ·
 * `bad_answer`: what was answered cannot be made into the output · `scalekit_error`: Scalekit refused the call, or
 * cannot be reached.
 */
export type ToolErrorCode =
  | 'unknown_tool'
  | 'invalid_input'
  | 'account_not_active'
  | 'provider_error'
  | 'tool_error'
  | 'bad_answer'
  | 'scalekit_error';

export interface ToolErrorFacts {
  toolName: string;
  httpStatus?: number | undefined;
  connectionName?: string | undefined;
  hint?: string | undefined;
  cause?: unknown;
}

/** Why a tool gave nothing. The message may go to a model: it has no raw payload, no credentials and no identifier in it. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: ToolErrorCode;
  readonly toolName: string;
  /** What the provider answered, where that is known: the SDK does not tell every status. */
  readonly httpStatus: number | undefined;
  /** Of the account that is not ACTIVE. */
  readonly connectionName: string | undefined;
  /** For the app, not for the model: what to do about it. */
  readonly hint: string | undefined;

  constructor(code: ToolErrorCode, message: string, facts: ToolErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.toolName = facts.toolName;
    this.httpStatus = facts.httpStatus;
    this.connectionName = facts.connectionName;
    this.hint = facts.hint;
  }
}
