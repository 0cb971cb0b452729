import type { App } from '../../app.ts';
import type { LockedConnection, Lockfile } from '../../contracts/lockfile.ts';
import { type SkConnectError, usageError } from '../../errors.ts';
import { commandLine } from '../../terminal/command-line.ts';
import { printTable } from '../../terminal/table.ts';
import { readAllowed } from './allow.ts';
import { connectionChanges } from './changes.ts';
import { connectionOf, hasCustom, joined, lockedAll } from './connections.ts';
import { lockfileText } from './entries.ts';
import { DEFAULT_FILE, readLockfile, writeLockfile } from './file.ts';
import { failedCheck, printReport, reportOf } from './report.ts';
import { todaysTools } from './today.ts';

export interface LockOptions {
  file?: string;
  contracts?: string[];
  /** Compare only. */
  check?: boolean;
  /** Compare, then write. */
  update?: boolean;
  allow?: string[];
}

/** Writes the tools as they are now, or holds them against what was written. Throws `expectation` for breaking changes. */
export async function lockTools(app: App, options: LockOptions): Promise<void> {
  const isCheck = options.check === true || options.update === true;
  if (options.allow !== undefined && !isCheck) {
    throw usageError('--allow is for --check', 'Add --check.', { code: 'allow_without_check' });
  }
  const file = options.file ?? DEFAULT_FILE;
  const lockfile = await readLockfile(app, file);
  if (!isCheck) return write(app, file, lockfile, options);
  return check(app, file, await requireLocked(app, file, lockfile, options), options);
}

async function write(
  app: App,
  file: string,
  lockfile: Lockfile | undefined,
  { contracts = [] }: LockOptions,
): Promise<void> {
  const today = await todaysTools(app, { contracts, lockfile });
  const locked = lockedAll(today, lockfile, contracts.length > 0);
  const isWritten = await writeLockfile(app, file, lockfileText(joined(lockfile, locked)));
  await printLocked(app, file, locked);
  app.terminal.notice(isWritten ? `Wrote ${file}.` : `${file} says so already.`);
}

async function check(app: App, file: string, lockfile: Lockfile, options: LockOptions): Promise<void> {
  const { contracts = [], allow = [] } = options;
  const today = await todaysTools(app, { contracts, lockfile });
  const locked = lockedAll(today, lockfile, true);
  const toolNames = new Set<string>();
  const changes = [...locked]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, now]) => {
      const before = connectionOf(lockfile, name) ?? { provider: '', tools: {} };
      for (const tool of [...Object.keys(before.tools), ...Object.keys(now.tools)]) toolNames.add(tool);
      return connectionChanges(name, before, now);
    });
  const isAllowed = readAllowed(app.terminal, allow, toolNames);
  const report = reportOf(
    file,
    changes.map((change) => ({ ...change, isAllowed: change.isBreaking !== false && isAllowed(change) })),
  );
  await printReport(app, report);
  if (changes.length === 0) app.terminal.notice(`No changes: ${counted(locked)} as in ${file}.`);
  if (options.update === true) {
    const isWritten = await writeLockfile(app, file, lockfileText(joined(lockfile, locked)));
    if (isWritten) app.terminal.notice(`Wrote ${file}.`);
    return;
  }
  const failure = failedCheck(app, report, await flagsOf(app, options));
  if (failure !== undefined) throw failure;
  if (changes.length > 0) app.terminal.notice('No breaking changes.');
}

/** Throws a usage error where there is nothing to hold the tools against. */
async function requireLocked(
  app: App,
  file: string,
  lockfile: Lockfile | undefined,
  options: LockOptions,
): Promise<Lockfile> {
  const lock = commandLine(app.options, 'tools', 'lock', ...(await flagsOf(app, options)));
  if (lockfile === undefined) {
    throw usageError(`there is no ${file} to hold the tools against`, `Write one: ${lock}`, {
      code: 'no_lockfile',
    });
  }
  const chosen = await app.settings.connectionName();
  if (chosen !== undefined && connectionOf(lockfile, chosen) === undefined) {
    throw usageError(`${file} has no connection ${chosen}`, `Lock its tools: ${lock}`, {
      code: 'not_locked',
    });
  }
  const names = chosen === undefined ? Object.keys(lockfile.connections) : [chosen];
  const custom = names.filter((name) => hasCustom(connectionOf(lockfile, name)));
  if (custom.length > 0 && (options.contracts ?? []).length === 0) throw missingContracts(file, custom);
  return lockfile;
}

function missingContracts(file: string, names: readonly string[]): SkConnectError {
  return usageError(
    `${file} holds custom tools on ${names.join(', ')}, and no file with them is named`,
    'Add --contracts FILE.',
    { code: 'missing_contracts' },
  );
}

async function printLocked(
  app: App,
  file: string,
  locked: ReadonlyMap<string, LockedConnection>,
): Promise<void> {
  const rows = [...locked].map(([connectionName, { provider, tools }]) => ({
    connectionName,
    provider,
    tools: Object.keys(tools).length,
  }));
  if (app.terminal.isJson) return app.terminal.printJson({ file, connections: rows });
  return printTable(
    app.terminal,
    [
      { header: 'CONNECTION', value: ({ connectionName }) => connectionName },
      { header: 'PROVIDER', value: ({ provider }) => provider },
      { header: 'TOOLS', value: ({ tools }) => String(tools) },
    ],
    rows,
  );
}

function counted(locked: ReadonlyMap<string, LockedConnection>): string {
  const tools = [...locked.values()].reduce(
    (sum, connection) => sum + Object.keys(connection.tools).length,
    0,
  );
  return `${tools} ${tools === 1 ? 'tool is' : 'tools are'}`;
}

/** The same selection once more. */
async function flagsOf(app: App, { file, contracts = [] }: LockOptions): Promise<string[]> {
  const [connectionName, identifier] = [app.options.connection, await app.settings.identifier()];
  return [
    ...(connectionName === undefined ? [] : ['-c', connectionName]),
    ...(identifier === undefined ? [] : ['-i', identifier]),
    ...(file === undefined ? [] : ['--file', file]),
    ...contracts.flatMap((name) => ['--contracts', name]),
  ];
}
