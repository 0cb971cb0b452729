import { errors } from 'jose';
import { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

/** Throws unless the Authorization header carries a token of this environment that is still good. */
export async function requireEnvironmentToken(
  state: SandboxState,
  authorization: string | null | undefined,
): Promise<void> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated('missing access token');
  try {
    await state.signer.verify(token, state.origin, state.now());
  } catch (error) {
    const expired = error instanceof errors.JWTExpired;
    throw unauthenticated(expired ? 'access token expired' : 'invalid access token');
  }
}

function unauthenticated(message: string): Refusal {
  return new Refusal('unauthenticated', 'UNAUTHENTICATED', message);
}
