import type { Link } from '../state/links.ts';

export const LINK_PATH = '/magicLink';

export function linkUrl(origin: string, link: Link): string {
  return `${origin}${LINK_PATH}/${link.token}`;
}
