import type { Link } from '../state/links.ts';

export const LINK_PATH = '/magicLink';

/** Where the browser goes once the application has verified its user. */
export const VERIFIED_PATH = '/connect/success';

export function verifiedUrl(origin: string, link: Link): string {
  return `${origin}${VERIFIED_PATH}/${link.id}`;
}

export function linkUrl(origin: string, link: Link): string {
  return `${origin}${LINK_PATH}/${link.token}`;
}
