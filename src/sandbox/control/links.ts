import { z } from 'zod';
import { approveLink } from '../approve/approve-link.ts';
import { LINK_PATH } from '../hosted-pages/link-url.ts';
import type { SandboxControl } from '../interface/control.ts';
import { SandboxControlError } from '../interface/control-error.ts';
import type { Link } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { toControlError } from './control-error.ts';
import { parse } from './parse.ts';
import { shownAccount, shownLink } from './shown.ts';

type LinkOperations = Pick<SandboxControl, 'links' | 'pendingLinks' | 'link' | 'approveLink' | 'denyLink'>;

const filterSchema = z.strictObject({ state: z.enum(['open', 'all']).optional() });
const fieldsSchema = z.record(z.string(), z.string());
const denialSchema = z.strictObject({
  // RFC 6749 section 4.1.2.1 says which characters a code and its description may have.
  error: z
    .string()
    .regex(
      /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,100}$/,
      'may hold up to 100 printable ASCII characters, but not " or \\ (RFC 6749)',
    )
    .optional(),
  errorDescription: z
    .string()
    .regex(
      /^[\x20\x21\x23-\x5b\x5d-\x7e]{0,500}$/,
      'may hold up to 500 printable ASCII characters, but not " or \\ (RFC 6749)',
    )
    .optional(),
});

export function linkOperations(state: SandboxState): LinkOperations {
  const links: LinkOperations['links'] = (filter = {}) => {
    const { state: wanted } = parse(filterSchema, filter);
    const found = wanted === 'all' ? state.links.all() : state.links.open();
    return found.map((link) => shownLink(state, link));
  };
  return {
    links,
    pendingLinks: () => links(),
    link: (link) => shownLink(state, requireLink(state, link)),

    async approveLink(reference, fields = {}) {
      const given = parse(fieldsSchema, fields);
      const link = requireLink(state, reference);
      try {
        await approveLink(state, link, given);
      } catch (error) {
        throw toControlError(error);
      }
      return shownAccount(state, link.account);
    },

    denyLink(reference, failure = {}) {
      const { error = 'access_denied', errorDescription } = parse(denialSchema, failure);
      const link = requireLink(state, reference);
      const linkState = state.links.stateOf(link);
      if (linkState !== 'open') {
        throw new SandboxControlError(409, 'link_not_open', `the link ${link.id} is ${linkState}, not open`, {
          hint: 'GET /sandbox/v1/links has the open ones.',
        });
      }
      state.links.deny(link, error, errorDescription);
      return shownLink(state, link);
    },
  };
}

/** By its id, or by its address. */
function requireLink(state: SandboxState, reference: string): Link {
  const token = new RegExp(`${LINK_PATH}/([^/?#]+)$`).exec(reference)?.[1];
  const link = token === undefined ? state.links.byId(reference) : state.links.get(token);
  if (link) return link;
  const named = token === undefined ? ` ${reference}` : ' of this address';
  throw new SandboxControlError(404, 'link_not_found', `there is no link${named}`, {
    hint: 'GET /sandbox/v1/links?state=all has all of them.',
  });
}
