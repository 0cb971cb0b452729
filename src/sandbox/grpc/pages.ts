import { createHmac, randomBytes } from 'node:crypto';
import { Refusal } from '../refusal.ts';

/**
 * Page tokens say where a page starts and which listing they belong to: six bytes of position and ten
 * of signature. At most 32 characters, the limit that the SDK's descriptors set.
 */
export interface PageTokens {
  encode(position: number, scope: string): string;
  /** 0 for the empty token: the first page. */
  decode(token: string, scope: string): number;
}

const POSITION_BYTES = 6;
const SIGNATURE_BYTES = 10;

export function createPageTokens(): PageTokens {
  const key = randomBytes(32);

  function signature(position: Buffer, scope: string): Buffer {
    return createHmac('sha256', key).update(position).update(scope).digest().subarray(0, SIGNATURE_BYTES);
  }

  return {
    encode(position, scope) {
      const bytes = Buffer.alloc(POSITION_BYTES);
      bytes.writeUIntBE(position, 0, POSITION_BYTES);
      return Buffer.concat([bytes, signature(bytes, scope)]).toString('base64url');
    },

    decode(token, scope) {
      if (token === '') return 0;
      const bytes = Buffer.from(token, 'base64url');
      const position = bytes.subarray(0, POSITION_BYTES);
      const signed = bytes.subarray(POSITION_BYTES);
      if (position.length < POSITION_BYTES || !signed.equals(signature(position, scope))) {
        const violations = [{ field: 'page_token', description: 'is not a token of this listing' }];
        throw new Refusal('invalid_argument', 'INVALID_PAGE_TOKEN', 'invalid page token', { violations });
      }
      return position.readUIntBE(0, POSITION_BYTES);
    },
  };
}

/** Names a listing by everything that decides which elements it has, so that its tokens fit no other. */
export function listingScope(name: string, filter: unknown): string {
  return JSON.stringify([name, filter]);
}
