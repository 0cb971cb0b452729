import type { App } from '../../app.ts';
import { type SkConnectError, usageError } from '../../errors.ts';
import type { SandboxAccount, SandboxLink } from '../../sandbox/interface/control.ts';
import { openSandbox, type SandboxApi } from '../../sandbox-api.ts';
import { parseJsonArgument, readFileArgument } from '../../terminal/input.ts';
import { type Column, printTable } from '../../terminal/table.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { printAccount } from './accounts.ts';
import { pairs } from './pairs.ts';
import { pickOne } from './pick.ts';
import { authorizeLine, ofWhom } from './selection.ts';

const COLUMNS: Column<SandboxLink>[] = [
  { header: 'ID', value: ({ id }) => id },
  { header: 'CONNECTION', value: ({ connectionName }) => connectionName, isFlexible: true },
  { header: 'IDENTIFIER', value: ({ identifier }) => identifier, isFlexible: true },
  { header: 'STATE', value: ({ state }) => state },
];
const EXPIRES: Column<SandboxLink> = { header: 'EXPIRES', value: ({ expiresAt }) => expiresAt };
const ERROR: Column<SandboxLink> = { header: 'ERROR', value: ({ error = '' }) => error };
const LINK: Column<SandboxLink> = { header: 'LINK', value: ({ link }) => link };

/** Always the same in a pipe. A table that a terminal of 80 columns holds has no milliseconds, and errors where there are some. */
function columnsFor({ isForPerson }: Terminal, links: readonly SandboxLink[]): Column<SandboxLink>[] {
  if (!isForPerson) return [...COLUMNS, EXPIRES, ERROR, LINK];
  const toSeconds = { ...EXPIRES, value: ({ expiresAt }: SandboxLink) => expiresAt.replace(/\.\d+/, '') };
  return [...COLUMNS, toSeconds, ...(links.some(({ error }) => error !== undefined) ? [ERROR] : [])];
}

export async function listLinks(app: App, { all = false }: { all?: boolean }): Promise<void> {
  const links = await selectedLinks(app, await openSandbox(app), all ? 'all' : 'open');
  if (app.terminal.isJson) return app.terminal.printJson({ links });
  if (links.length === 0)
    app.terminal.notice(all ? 'No links yet.' : 'No open links; --all shows those that ended.');
  await printTable(app.terminal, columnsFor(app.terminal, links), links);
  if (!app.terminal.isForPerson) return;
  for (const { state, link } of links) if (state === 'open') app.terminal.notice(link);
}

export interface ApproveOptions {
  /** `name=value` each. */
  field?: string[];
  /** A file with a JSON object of them, or - for stdin. */
  fields?: string;
}

/** Does what the user would do behind the link. */
export async function approveLink(
  app: App,
  given: string | undefined,
  options: ApproveOptions,
): Promise<void> {
  const fields = await fieldsOf(app, options);
  const api = await openSandbox(app);
  const id = await linkOf(app, api, given);
  const account = await api.call<SandboxAccount>('POST', `/links/${encodeURIComponent(id)}/approve`, {
    body: { fields },
  });
  await printAccount(app, account);
}

async function fieldsOf(app: App, { field = [], fields }: ApproveOptions): Promise<Record<string, string>> {
  const named = pairs(field, '--field');
  if (fields === undefined) return named;
  const read = parseJsonArgument(await readFileArgument(app, fields, '--fields'), '--fields', {
    isSecret: true,
  });
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw usageError('--fields is not a JSON object', 'It looks like {"api_key": "…"}.', {
      code: 'bad_json',
    });
  }
  const texts = Object.entries(read).map(([name, value]) => [name, String(value)]);
  return { ...(Object.fromEntries(texts) as Record<string, string>), ...named };
}

export interface DenyOptions {
  error?: string;
  description?: string;
}

export async function denyLink(app: App, given: string | undefined, options: DenyOptions): Promise<void> {
  const api = await openSandbox(app);
  const id = await linkOf(app, api, given);
  const { error, description: errorDescription } = options;
  const link = await api.call<SandboxLink>('POST', `/links/${encodeURIComponent(id)}/deny`, {
    body: { error, errorDescription },
  });
  if (app.terminal.isJson) return app.terminal.printJson(link);
  await printTable(app.terminal, columnsFor(app.terminal, [link]), [link]);
}

/** The one that was named, or the only open one of the connection and identifier that were given. */
async function linkOf(app: App, api: SandboxApi, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const open = await selectedLinks(app, api, 'open');
  const [first] = open;
  if (first === undefined) throw await noOpenLink(app);
  const shown = ({ id, connectionName, identifier }: SandboxLink) =>
    `${id} (${connectionName}, ${identifier})`;
  return pickOne(first, open, shown, 'Name one by its id or its address, or with -c and -i.').id;
}

async function selectedLinks(app: App, api: SandboxApi, state: 'open' | 'all'): Promise<SandboxLink[]> {
  const { links } = await api.call<{ links: SandboxLink[] }>('GET', '/links', { query: { state } });
  const connectionName = await app.settings.connectionName();
  const identifier = await app.settings.identifier();
  return links.filter(
    (link) =>
      (connectionName === undefined || link.connectionName === connectionName) &&
      (identifier === undefined || link.identifier === identifier),
  );
}

async function noOpenLink(app: App): Promise<SkConnectError> {
  const authorize = await authorizeLine(app, '--no-wait');
  return usageError(
    `there is no open link${await ofWhom(app)}`,
    `An app asks for one, as does: ${authorize}`,
    {
      code: 'no_open_link',
    },
  );
}
