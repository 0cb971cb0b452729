import type { App } from '../../app.ts';
import { SkConnectError, usageError, withMessage } from '../../errors.ts';
import type { SandboxConnection } from '../../sandbox/interface/control.ts';
import type { Fault, FaultEffect, FaultInput, FaultMatch } from '../../sandbox/interface/faults.ts';
import { openSandbox, type SandboxApi } from '../../sandbox-api.ts';
import { readArgument } from '../../terminal/input.ts';
import { type Column, printTable } from '../../terminal/table.ts';
import { durationMs, durationSeconds } from './durations.ts';
import { pairs } from './pairs.ts';

export interface FaultOptions {
  connection?: string;
  identifier?: string;
  kind?: FaultMatch['kind'];
  tool?: string;
  path?: string;
  method?: string;
  rpc?: string;
  status?: number;
  body?: string;
  header?: string[];
  grpcCode?: string;
  latency?: string;
  bytesPerSecond?: number;
  reset?: boolean;
  /** True without a value. */
  rateLimit?: string | true;
  times?: number;
  once?: boolean;
  probability?: number;
  seed?: number;
}

const DEFAULT_RETRY_AFTER_S = 1;

const COLUMNS: Column<Fault>[] = [
  { header: 'ID', value: ({ id }) => id },
  { header: 'FOR', value: ({ match }) => named(match) || 'every call', isFlexible: true },
  { header: 'WHAT', value: ({ effect }) => named(effect), isFlexible: true },
  { header: 'TIMES', value: ({ times }) => (times === undefined ? 'always' : String(times)) },
  { header: 'CHANCE', value: ({ probability = 1 }) => String(probability) },
  { header: 'HITS', value: ({ hits }) => String(hits) },
];

export async function listFaults(app: App): Promise<void> {
  const api = await openSandbox(app);
  const { faults } = await api.call<{ faults: Fault[] }>('GET', '/faults');
  if (app.terminal.isJson) return app.terminal.printJson({ faults });
  if (faults.length === 0) app.terminal.notice('No faults: every call goes through.');
  await printTable(app.terminal, COLUMNS, faults);
}

export async function addFault(app: App, options: FaultOptions): Promise<void> {
  const fault: FaultInput = {
    match: matchOf(options),
    effect: await effectOf(app, options),
    ...given({ times: timesOf(options), probability: options.probability, seed: options.seed }),
  };
  if (Object.keys(fault.effect).length === 0) {
    throw usageError(
      'what shall happen?',
      'For example --status 503, --latency 2s, --rate-limit, --grpc-code unavailable or --reset.',
      { code: 'no_effect' },
    );
  }
  const api = await openSandbox(app);
  const added = await api.call<Fault>('POST', '/faults', { body: fault }).catch((error: unknown) => {
    throw inFlags(error);
  });
  if (app.terminal.isJson) await app.terminal.printJson(added);
  else await printTable(app.terminal, COLUMNS, [added]);
  await warnOfNobody(app, api, options.connection);
}

/** A name that was mistyped would let every call through; one of a connection that is still to come is none. */
async function warnOfNobody(app: App, api: SandboxApi, name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const { connections } = await api.call<{ connections: SandboxConnection[] }>('GET', '/connections');
  if (connections.some((connection) => connection.name === name)) return;
  app.terminal.notice(`No connection is named ${name} so far: sk-connect sandbox connections list`);
}

const FLAGS: Record<string, string> = {
  connectionName: '-c',
  identifier: '-i',
  toolName: '--tool',
  headers: '--header',
  grpcCode: '--grpc-code',
  latencyMs: '--latency',
  bytesPerSecond: '--bytes-per-second',
  retryAfterSeconds: '--rate-limit',
};

/** What the API says of a fault's fields, said of the flags that they were given by. */
function inFlags(error: unknown): unknown {
  if (!(error instanceof SkConnectError) || error.code !== 'invalid_request') return error;
  const { problems = [] } = error.details as { problems?: { path: string; message: string }[] };
  const flag = (field: string) => FLAGS[field] ?? `--${field}`;
  const said = problems.map(({ path, message }) => {
    const [field = ''] = path.replace(/^(effect|match)\./, '').split('.');
    return `${flag(field)} ${message.replace(/\b(status|probability|grpcCode)\b/g, flag)}`;
  });
  return withMessage(error, said.join('; '), 'What goes with what: sk-connect sandbox faults add --help');
}

export async function removeFault(app: App, id: string): Promise<void> {
  const api = await openSandbox(app);
  await api.call('DELETE', `/faults/${encodeURIComponent(id)}`);
  app.terminal.notice(`${id} is gone.`);
}

export async function clearFaults(app: App): Promise<void> {
  const api = await openSandbox(app);
  await api.call('DELETE', '/faults');
  app.terminal.notice('Every call goes through again.');
}

/** Flags alone: a variable that names a connection for other commands is no wish to break that one only. */
function matchOf(options: FaultOptions): FaultMatch {
  const { connection: connectionName, identifier, kind, tool: toolName, path, method, rpc } = options;
  return given({ connectionName, identifier, kind, toolName, path, method: method?.toUpperCase(), rpc });
}

async function effectOf(app: App, options: FaultOptions): Promise<FaultEffect> {
  const { status, body, header = [], grpcCode, latency, bytesPerSecond, reset, rateLimit } = options;
  return given({
    status,
    body: body === undefined ? undefined : jsonOrText(await readArgument(app, body, '--body')),
    headers: header.length === 0 ? undefined : pairs(header, '--header', ':'),
    grpcCode: grpcCode?.toLowerCase(),
    latencyMs: latency === undefined ? undefined : durationMs(latency, '--latency'),
    bytesPerSecond,
    reset,
    retryAfterSeconds:
      rateLimit === true
        ? DEFAULT_RETRY_AFTER_S
        : rateLimit === undefined
          ? undefined
          : durationSeconds(rateLimit, '--rate-limit'),
  });
}

function timesOf({ times, once }: FaultOptions): number | undefined {
  if (once && times !== undefined && times !== 1)
    throw usageError('--once and --times contradict each other', 'Leave one of them out.');
  return once ? 1 : times;
}

function jsonOrText(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}

/** `status 503, latencyMs 2000` */
function named(fields: object): string {
  return Object.entries(fields)
    .map(([name, value]) =>
      value === true ? name : `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join(', ');
}
