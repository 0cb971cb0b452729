import type { App } from '../app.ts';

/** Opens a link where somebody sits in front of a browser: on a terminal, not over SSH, not in CI. Failing to is no error, as the link has been shown. */
export async function openBrowser({ io, terminal }: App, link: string): Promise<void> {
  if (!terminal.canPrompt || isRemote(io.env) || !isWebLink(link)) return;
  try {
    const { default: open } = await import('open');
    const child = await open(link);
    child.on('error', () => terminal.notice('  No browser could be opened: open the link yourself.'));
  } catch {
    terminal.notice('  No browser could be opened: open the link yourself.');
  }
}

export function isRemote(env: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(env['SSH_CONNECTION'] || env['SSH_CLIENT'] || env['SSH_TTY']);
}

/** A link comes over the wire: `file:` or an app's own scheme could run something. */
export function isWebLink(link: string): boolean {
  return URL.canParse(link) && /^https?:$/.test(new URL(link).protocol);
}
