import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';

/** A private key for ES256 (RFC 7518 section 6.2). */
export interface PrivateJwk {
  kty: 'EC';
  crv: string;
  x: string;
  y: string;
  d: string;
}

const MOST_REMEMBERED = 100;

export type Signer = Awaited<ReturnType<typeof createSigner>>;

/**
 * Signs and verifies the environment's tokens, with the key of an earlier run or with a new one. ES256: RSA keys take
 * longer to make than the rest of the start. Rejects where the JWK is no such key.
 */
export async function createSigner(privateJwk?: PrivateJwk) {
  const privateKey = await (privateJwk === undefined
    ? newKey()
    : importJWK(privateJwk, 'ES256', { extractable: true }));
  const exported = (await exportJWK(privateKey)) as PrivateJwk;
  const { d: _private, ...jwk } = exported;
  const publicKey = await importJWK(jwk, 'ES256');
  const kid = await calculateJwkThumbprint(jwk);

  /** A client sends the same token with every call: its signature is checked once. */
  const verified = new Map<string, number>();

  return {
    /** For the file that keeps it between runs. */
    privateJwk: exported,
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

async function newKey() {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return privateKey;
}
