import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadCustomTools } from '../../../src/contracts/load.ts';
import type { ContractProblem } from '../../../src/contracts/problems.ts';
import type { CustomTool } from '../../../src/contracts/tool.ts';
import { SkConnectError } from '../../../src/errors.ts';

/** A folder with these files, gone when the test is. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sk-connect-contracts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

export async function loaded(files: Readonly<Record<string, string>>): Promise<CustomTool[]> {
  return loadCustomTools(Object.keys(files), { cwd: await folderWith(files) });
}

/** `tools.yaml:4:7 tools[0].name: …`, all that is wrong. */
export async function problemsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const error: unknown = await loaded(files).catch((error: unknown) => error);
  if (!(error instanceof SkConnectError)) throw new Error('nothing is wrong', { cause: error });
  if (error.kind !== 'usage' || error.code !== 'bad_contract') throw error;
  const { problems } = error.details as { problems: ContractProblem[] };
  return problems.map(
    ({ file, line, column, path, message }) =>
      [file, line, column].filter((each) => each !== undefined).join(':') +
      (path === '' ? '' : ` ${path}`) +
      `: ${message}`,
  );
}
