import { calculateJwkThumbprint, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';

const MOST_REMEMBERED = 100;

export type Signer = Awaited<ReturnType<typeof createSigner>>;

/** Signs and verifies the environment's tokens with a key made at start. ES256: RSA keys take longer to make than the rest of the start. */
export async function createSigner() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);

  /** A client sends the same token with every call: its signature is checked once. */
  const verified = new Map<string, number>();

  return {
    jwks: { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] },

    sign(claims: { iss: string; sub: string; iat: number; exp: number }): Promise<string> {
      return new SignJWT({ ...claims, client_id: claims.sub })
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid })
        .sign(privateKey);
    },

    /** Throws what jose throws: `code` is `ERR_JWT_EXPIRED` for a token that is only too old. */
    async verify(token: string, issuer: string, nowMs: number): Promise<void> {
      const goodUntilMs = verified.get(token);
      if (goodUntilMs !== undefined && nowMs < goodUntilMs) return;
      const options = { algorithms: ['ES256'], issuer, currentDate: new Date(nowMs) };
      const { payload } = await jwtVerify(token, publicKey, options);
      if (verified.size >= MOST_REMEMBERED) verified.clear();
      verified.set(token, (payload.exp ?? 0) * 1000);
    },
  };
}
