import parseLinks from 'http-link-header';
import { SkConnectError } from '../../errors.ts';
import type { HeaderList } from '../../http/headers.ts';

/** The target of `rel="next"` among the Link headers (RFC 8288); undefined where there is none. Throws `upstream` for a header that is none. */
export function nextLink(headers: HeaderList): string | undefined {
  for (const [name, value] of headers) {
    if (name.toLowerCase() !== 'link') continue;
    // A link with an anchor is one of another resource (section 3.2).
    const next = parse(value)
      .rel('next')
      .find(({ anchor }) => anchor === undefined);
    if (next !== undefined) return withoutRawBytes(next.uri);
  }
  return undefined;
}

/** Of links that preload: the parser takes all up to the next “=” for the name, the next link too. */
const WITHOUT_VALUE = /;\s*(crossorigin|nopush)\s*(?=[;,]|$)/gi;

function parse(value: string): parseLinks {
  try {
    return parseLinks.parse(value.replace(WITHOUT_VALUE, ''));
  } catch (error) {
    throw new SkConnectError('upstream', `the provider sent a Link header that is none: ${value}`, {
      code: 'bad_link_header',
      hint: 'Say where the next page is with --next, or count with --page-param.',
      cause: error,
    });
  }
}

/** Node reads headers as Latin-1, byte for byte: what is not ASCII is sent back as the bytes it came in. */
function withoutRawBytes(uri: string): string {
  return uri.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}
