import { resolve } from 'node:path';
import type { App } from '../../app.ts';
import { writePrivateFile } from '../../config/private-file.ts';
import { messageOf, SkConnectError, usageError, withMessage } from '../../errors.ts';
import type { SandboxOverview } from '../../sandbox/interface/control.ts';
import { openSandbox } from '../../sandbox-api.ts';
import { parseJsonArgument, readFileArgument } from '../../terminal/input.ts';
import { tellOverview } from './reset.ts';

export interface SnapshotOptions {
  output?: string;
  includeSecrets?: boolean;
}

/** Prints what the sandbox holds, or writes it to a file that only its owner may read. */
export async function takeSnapshot(app: App, options: SnapshotOptions): Promise<void> {
  const { output, includeSecrets = false } = options;
  if (includeSecrets && output === undefined && app.io.stdout.isTTY === true) {
    throw usageError(
      'a snapshot with secrets is not shown on a terminal',
      'Write it to a file: sk-connect sandbox snapshot --include-secrets --output sandbox.snapshot',
      { code: 'secrets_on_terminal' },
    );
  }
  const api = await openSandbox(app);
  const snapshot = await api.call<object>('GET', '/snapshot', { query: { includeSecrets } });
  if (output === undefined) return app.terminal.printJson(snapshot);
  const path = resolve(app.io.cwd, output);
  await writePrivateFile(path, `${JSON.stringify(snapshot)}\n`).catch((error: unknown) => {
    throw usageError(`--output ${output} cannot be written: ${messageOf(error)}`, undefined, {
      code: 'output_failed',
    });
  });
  const hint = includeSecrets
    ? 'It holds credentials.'
    : 'It holds no credentials; --include-secrets writes them too.';
  app.terminal.notice(`${output} is written. ${hint}`);
}

export async function restoreSnapshot(app: App, file: string): Promise<void> {
  const bytes = await readFileArgument(app, file, 'the snapshot');
  const name = file === '-' ? 'stdin' : file;
  try {
    const body = parseJsonArgument(bytes, name, { isSecret: true });
    const api = await openSandbox(app);
    const overview = await api.call<SandboxOverview>('PUT', '/snapshot', { body });
    await tellOverview(app, overview, 'is as the snapshot has it');
  } catch (error) {
    throw error instanceof SkConnectError ? aboutSnapshot(name, error) : error;
  }
}

function aboutSnapshot(name: string, error: SkConnectError): SkConnectError {
  const hint = 'A snapshot is what this writes: sk-connect sandbox snapshot --output FILE';
  if (error.code === 'bad_json') return withMessage(error, error.message, hint);
  if (error.code !== 'invalid_snapshot') return error;
  return withMessage(error, `${name} was not restored: ${error.message}`, hint);
}
