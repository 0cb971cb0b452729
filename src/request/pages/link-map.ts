import { messageOf, SkConnectError, usageError } from '../../errors.ts';
import { maskQuery } from '../../redact.ts';
import { checkProxyCall, type ProxyCall } from '../../scalekit/proxy-input.ts';
import { startOf, tailOf, under } from './segments.ts';

/** A reference to the next page, and where it was found. */
export interface Reference {
  /** A URL, a path or a query (RFC 3986 section 4.1). */
  uri: string;
  /** From `--next`: somebody chose it, and a path that looks like no other is taken as it is. */
  isChosen: boolean;
}

/** The proxy path for a reference that the answer to `path` gave. Throws `upstream` where that cannot be told safely. */
export type LinkMap = (reference: Reference, path: string) => string;

/** What stands before a proxy path in the provider's own URLs. */
interface Base {
  /** Undefined where only paths were seen. */
  host: string | undefined;
  /** Without a slash at its end. */
  prefix: string;
}

/**
 * Maps the provider's links back to paths behind the proxy, where the environment's token goes along: only what is
 * known to lead below the connector's base URL. That is `--base-url` or, without it, what a link has before the
 * path that was called, if it is the same for every page.
 */
export function createLinkMap(baseUrl: string | undefined): LinkMap {
  const given = baseUrl === undefined ? undefined : parseBaseUrl(baseUrl);
  let seen: Base | undefined;

  /** Without `--base-url`: the link has to end with the path that was called. */
  const byTail = (reference: Reference, parts: Parts, path: string): string => {
    const tail = tailOf(parts.pathname, pathnameOf(path));
    if (tail === undefined)
      throw unmappable(reference, `its path does not end with ${pathnameOf(path)}`, parts);
    const base = { host: parts.host ?? seen?.host, prefix: tail.before };
    if (seen !== undefined && (seen.prefix !== base.prefix || (seen.host ?? base.host) !== base.host)) {
      throw unmappable(reference, 'it leads to another place than the links before', parts);
    }
    seen = base;
    return tail.path;
  };

  const whole = (reference: Reference, parts: Parts, path: string): string => {
    if (given === undefined) return byTail(reference, parts, path);
    if (parts.host !== given.host)
      throw unmappable(reference, `it is not on the host of --base-url ${baseUrl}`);
    const below = under(parts.pathname, given.prefix);
    if (below === undefined) throw unmappable(reference, `it is not below --base-url ${baseUrl}`);
    return below;
  };

  const rooted = (reference: Reference, parts: Parts, path: string): string => {
    const below = given === undefined ? undefined : under(parts.pathname, given.prefix);
    if (below !== undefined) return below;
    const isChosen = reference.isChosen && tailOf(parts.pathname, pathnameOf(path)) === undefined;
    return isChosen ? parts.pathname : byTail(reference, parts, path);
  };

  return (reference, path) => {
    const parts = partsOf(reference);
    if (parts.host !== undefined) return whole(reference, parts, path) + parts.query;
    if (parts.pathname === '') return pathnameOf(path) + parts.query;
    if (parts.pathname.startsWith('/')) return rooted(reference, parts, path) + parts.query;
    if (reference.isChosen && !/[/?]/.test(reference.uri)) throw cursorWithoutName(reference);
    return startOf(pathnameOf(path)) + parts.pathname + parts.query;
  };
}

/** The call that a link led to. Throws `upstream` where it must not be sent. */
export function checkLinkedCall(call: ProxyCall, reference: Reference): ProxyCall {
  try {
    checkProxyCall(call);
    return call;
  } catch (error) {
    throw unmappable(reference, messageOf(error));
  }
}

interface Parts {
  scheme: string | undefined;
  /** With its port where that is not the scheme's own. */
  host: string | undefined;
  pathname: string;
  /** With its question mark; empty where there is none. */
  query: string;
}

/** RFC 3986 appendix B. URL would do more: it removes dot segments and encodes anew. The fragment is never sent. */
const REFERENCE = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?/;

function partsOf(reference: Reference): Parts {
  const [, scheme, authority, pathname = '', query = ''] = REFERENCE.exec(reference.uri.trim()) ?? [];
  if (scheme !== undefined && (!/^https?$/i.test(scheme) || authority === undefined)) {
    throw unmappable(reference, 'it is no http or https URL');
  }
  if (authority?.includes('@')) throw unmappable(reference, 'it has credentials in it');
  if (pathname.split(/\/|%2f|%5c|\\/i).some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) {
    throw unmappable(reference, 'it has “.” or “..” segments');
  }
  return { scheme, host: hostOf(reference, scheme ?? 'https', authority), pathname, query };
}

function hostOf(reference: Reference, scheme: string, authority: string | undefined): string | undefined {
  if (authority === undefined) return undefined;
  const url = `${scheme}://${authority}`;
  if (!URL.canParse(url)) throw unmappable(reference, 'it is no valid URL');
  // Behind a proxy that ends TLS providers write http:// for what is https://: the scheme tells nothing here.
  return new URL(url).host;
}

function pathnameOf(path: string): string {
  const [pathname = ''] = path.split('?', 1);
  return pathname.startsWith('/') ? pathname : `/${pathname}`;
}

function parseBaseUrl(text: string): Base {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search + url.hash + url.username !== '') {
    throw usageError(
      `--base-url ${JSON.stringify(text)} is no base URL`,
      "Write the connector's proxy_url: --base-url https://api.example.com/v1",
      { code: 'bad_base_url' },
    );
  }
  return { host: url.host, prefix: url.pathname.replace(/\/+$/, '') };
}

function unmappable({ uri, isChosen }: Reference, reason: string, parts?: Parts): SkConnectError {
  const link = maskQuery(uri);
  const origin = parts?.host === undefined ? 'https://…' : `${parts.scheme ?? 'https'}://${parts.host}`;
  const baseUrl = `Say what the connector's base URL is: --base-url ${origin}`;
  return new SkConnectError(
    'upstream',
    `the link to the next page cannot be mapped to a path behind the proxy: ${link}: ${reason}`,
    {
      code: 'next_link_unmappable',
      hint:
        parts === undefined
          ? 'Say where the next page is with --next, or count with --page-param.'
          : `${baseUrl}${isChosen ? '' : ', or where the next page is: --next EXPR'}`,
      details: { link },
    },
  );
}

function cursorWithoutName({ uri }: Reference): SkConnectError {
  return usageError(
    `--next gave ${JSON.stringify(uri)}, which is neither a path nor a query nor a URL`,
    'If it is a cursor, say which parameter takes it: --page-param NAME',
    { code: 'next_is_cursor' },
  );
}
