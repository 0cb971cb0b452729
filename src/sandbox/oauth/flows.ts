import type { JsonObject } from '@bufbuild/protobuf';
import type { Link } from '../state/links.ts';
import type { OAuthParties } from './client.ts';

/** One trip of a browser to a provider's authorize endpoint. */
export interface OAuthFlow {
  readonly state: string;
  readonly link: Link;
  readonly codeVerifier: string | undefined;
  readonly redirectUri: string;
  /** The account's, with what the user entered before the trip. */
  readonly apiConfig: JsonObject;
  /** With whom the code is exchanged: those whom the browser was sent to. */
  readonly parties: OAuthParties;
}

export type OAuthFlows = ReturnType<typeof createOAuthFlows>;

export function createOAuthFlows(now: () => number) {
  const flows = new Map<string, OAuthFlow>();

  function forgetOld(): void {
    for (const [state, flow] of flows) {
      if (flow.link.expiresAt > now()) break;
      flows.delete(state);
    }
  }

  return {
    add(flow: OAuthFlow): void {
      forgetOld();
      flows.set(flow.state, flow);
    },
    /** A state is good for one callback. */
    take(state: string): OAuthFlow | undefined {
      const flow = flows.get(state);
      flows.delete(state);
      return flow;
    },
    clear: () => flows.clear(),
  };
}
