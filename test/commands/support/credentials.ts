import { ScalekitClient } from '@scalekit-sdk/node';
import type { Sandbox } from '../../../src/sandbox/start.ts';
import { addSecret } from '../secrets.ts';

export function sdkOf({ env }: Sandbox): ScalekitClient {
  return new ScalekitClient(env.SCALEKIT_ENV_URL, env.SCALEKIT_CLIENT_ID, env.SCALEKIT_CLIENT_SECRET);
}

/** Looks up the tokens that an OAuth account holds, and has them looked for in all output. */
export async function rememberTokens(
  sandbox: Sandbox,
  connectionName: string,
  identifier: string,
): Promise<{ accessToken: string; refreshToken: string }> {
  const answer = await sdkOf(sandbox).actions.getConnectedAccount({ connectionName, identifier });
  const details = answer.connectedAccount?.authorizationDetails?.details;
  if (details?.case !== 'oauthToken') throw new Error('it holds no OAuth token');
  const { accessToken, refreshToken } = details.value;
  addSecret(`the access token of ${identifier}`, accessToken);
  addSecret(`the refresh token of ${identifier}`, refreshToken);
  return { accessToken, refreshToken };
}
