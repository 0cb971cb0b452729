import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import type { Exchange, ExchangePage } from '../../sandbox/interface/exchanges.ts';
import { openSandbox, type SandboxApi } from '../../sandbox-api.ts';
import { type Column, growingTable, tabSeparated } from '../../terminal/table.ts';

export interface LogOptions {
  follow?: boolean;
  limit?: number;
  connection?: string;
  identifier?: string;
}

const DEFAULT_LIMIT = 50;
/** The longest that the API waits. */
const WAIT_SECONDS = 25;

const COLUMNS: Column<Exchange>[] = [
  { header: 'TIME', value: ({ at }) => at.replace(/^.*T(.*)Z$/, '$1') },
  { header: 'KIND', value: ({ kind }) => kind },
  {
    header: 'STATUS',
    value: ({ status, grpcCode }) =>
      grpcCode === null || grpcCode === 'ok' ? String(status ?? '-') : grpcCode,
  },
  { header: 'MS', value: ({ durationMs }) => String(Math.round(durationMs)) },
  {
    header: 'CALL',
    value: shownCall,
    isFlexible: true,
  },
  {
    header: 'ACCOUNT',
    value: ({ connectionName, identifier }) =>
      [connectionName, identifier].filter((part) => part !== null).join(' '),
    isFlexible: true,
  },
  {
    header: 'NOTE',
    value: ({ fault, error }) => [fault, error].filter((part) => part !== null).join(' '),
    isFlexible: true,
  },
];

/** Without what is the same everywhere: an RPC's service, and the proxy's prefix before the provider's path. */
function shownCall({ kind, method, path, toolName }: Exchange): string {
  if (toolName !== null) return toolName;
  if (kind === 'grpc') return path.slice(path.lastIndexOf('/') + 1);
  return `${method} ${kind === 'proxy' ? path.replace(/^\/proxy(?=\/)/, '') : path}`;
}

/** For pipes, one thing a column. */
const FIELDS = [
  'id',
  'at',
  'kind',
  'method',
  'path',
  'connectionName',
  'identifier',
  'toolName',
  'status',
  'grpcCode',
  'durationMs',
  'fault',
  'error',
] as const;

/** Prints the last calls and, where it follows, those that come until Ctrl-C, which is its ordinary end. */
export async function showLog(app: App, options: LogOptions): Promise<void> {
  const api = await openSandbox(app);
  const { limit = DEFAULT_LIMIT, connection: connectionName, identifier } = options;
  const about = { connectionName, identifier };
  const page = await api.call<ExchangePage>('GET', '/exchanges', { query: { limit, ...about } });
  if (!options.follow) {
    if (app.terminal.isJson) return app.terminal.printJson(page);
    if (page.exchanges.length === 0) app.terminal.notice('No calls yet.');
    return printer(app)(page.exchanges);
  }
  try {
    await follow(app, api, page, about);
  } catch (error) {
    const { reason } = app.signal;
    const isStopped = app.signal.aborted && reason instanceof SkConnectError && reason.kind === 'interrupted';
    if (!isStopped) throw error;
  }
}

async function follow(
  app: App,
  api: SandboxApi,
  first: ExchangePage,
  about: { connectionName: string | undefined; identifier: string | undefined },
): Promise<void> {
  const print = printer(app);
  let page = first;
  for (;;) {
    await print(page.exchanges);
    app.signal.throwIfAborted();
    page = await api.call<ExchangePage>('GET', '/exchanges', {
      query: { after: page.nextAfter, waitSeconds: WAIT_SECONDS, ...about },
    });
  }
}

/** Under `--json` an exchange a line, as their list has no end. */
function printer({ terminal }: App): (exchanges: readonly Exchange[]) => Promise<void> {
  if (terminal.isJson) {
    return async (exchanges) => {
      for (const exchange of exchanges) await terminal.printJson(exchange);
    };
  }
  if (terminal.isForPerson) {
    const render = growingTable(terminal, COLUMNS);
    return async (exchanges) => terminal.print(await render(exchanges));
  }
  return (exchanges) =>
    terminal.print(
      exchanges
        .map((exchange) => tabSeparated(FIELDS.map((field) => String(exchange[field] ?? ''))))
        .join(''),
    );
}
