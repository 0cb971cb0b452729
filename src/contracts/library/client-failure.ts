import { property } from './client-answer.ts';
import { ToolError } from './tool-error.ts';

/** What the SDK throws where no provider has answered, in words that say nothing of the app's environment; the cause has it all. */
export function clientFailure(toolName: string, error: unknown): ToolError {
  if (error instanceof ToolError) return error;
  return new ToolError('scalekit_error', messageFor(error), { toolName, cause: error });
}

function messageFor(error: unknown): string {
  const grpcStatus = property(error, 'grpcStatus');
  // A sign-in that is refused comes as axios' own error.
  const signIn = property(property(error, 'response'), 'status');
  if (grpcStatus === 16 || grpcStatus === 7 || signIn === 400 || signIn === 401 || signIn === 403) {
    return "Scalekit refused the app's credentials";
  }
  if (grpcStatus === 4) return 'Scalekit did not answer in time';
  if (grpcStatus === 5) return 'Scalekit does not know the connection';
  if (typeof grpcStatus === 'number' && grpcStatus !== 14) return 'Scalekit failed';
  return 'Scalekit cannot be reached';
}
