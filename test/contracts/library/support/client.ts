import { ScalekitClient } from '@scalekit-sdk/node';
import { type Contract, loadTools, ToolError, type Tools } from '../../../../src/contracts/library.ts';
import { expectNoSecrets } from '../../../commands/secrets.ts';
import type { TestEnvironment } from '../../../commands/support/environment.ts';

/** The app's own client, as the SDK's samples make it. */
export function appClient({ sandbox: { env } }: TestEnvironment): ScalekitClient {
  return new ScalekitClient(env.SCALEKIT_ENV_URL, env.SCALEKIT_CLIENT_ID, env.SCALEKIT_CLIENT_SECRET);
}

export type Draft = Partial<Omit<Contract, 'request'>> & { request: Partial<Contract['request']> };

/** A tool named `tool`, on the connection `rest`, with what a test does not say filled in. */
export function toolWith({ request, ...rest }: Draft): Contract {
  return {
    name: 'tool',
    input_schema: { type: 'object', properties: {} },
    ...rest,
    request: { connection: 'rest', path: '/at', ...request },
  };
}

export function toolsWith(client: ScalekitClient, draft: Draft): Promise<Tools> {
  return loadTools({ tools: [toolWith(draft)] }, { client });
}

/** What the call rejects with, which has to be a ToolError that may be shown to a model. */
export async function toolErrorOf(work: Promise<unknown>): Promise<ToolError> {
  const error: unknown = await work.then(
    (output) => new Error(`it gave ${JSON.stringify(output)}`),
    (error: unknown) => error,
  );
  if (!(error instanceof ToolError)) throw error;
  expectNoSecrets(['call'], [error.message, error.hint ?? '', JSON.stringify(error)]);
  return error;
}
