import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { checkSource } from '../../contracts/check-source.ts';
import type { Contract } from '../../contracts/contract.ts';
import { badContracts } from '../../contracts/problems.ts';
import { readSource } from '../../contracts/source.ts';
import { messageOf, usageError } from '../../errors.ts';
import type { Io } from '../../terminal/io.ts';
import { replaceFile } from '../replace-file.ts';
import { appendTool, newFile } from './append-tool.ts';

/** The contract file that a tool is added to. */
export interface Target {
  /** As it was named. */
  file: string;
  add(contract: Contract): Promise<Added>;
}

export interface Added {
  /** Of the whole file. */
  text: string;
  /** Where the tool stands in it, from 1. */
  line: number;
}

/** Throws a usage error where the file takes no further tool of this name: before a request is made for it. */
export async function openTarget({ cwd }: Io, file: string, toolName: string): Promise<Target> {
  const extension = extname(file).toLowerCase();
  if (!['.yaml', '.yml', '.json'].includes(extension)) {
    throw usageError(
      `${file} is no contract file`,
      'Name a .yaml, .yml or .json file; - prints the tool only.',
    );
  }
  const path = resolve(cwd, file);
  const text = await textOf(path, file);
  if (text !== undefined) await checkRoom(file, text, toolName);
  return {
    file,
    add: async (contract) => {
      const after =
        text === undefined ? newFile(contract, extension === '.json') : appendTool(text, contract, file);
      await requireUnchanged(path, file, text);
      await replaceFile(path, file, after);
      const source = readSource(file, after);
      const { tools } = source.value as { tools: unknown[] };
      return { text: after, line: source.locate(['tools', tools.length - 1]).line };
    },
  };
}

async function textOf(path: string, file: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    return text.trim() === '' ? undefined : text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw usageError(`${file} cannot be read: ${messageOf(error)}`, 'Name another file with --file.', {
      code: 'file_unreadable',
    });
  }
}

async function checkRoom(file: string, text: string, toolName: string): Promise<void> {
  const { document, problems } = await checkSource(file, text);
  if (document === undefined) throw badContracts(problems);
  const index = document.tools.findIndex(({ name }) => name === toolName);
  if (index < 0) return;
  const line = document.places[index]?.line;
  throw usageError(
    `${file}${line === undefined ? '' : `:${line}`} has a tool named ${toolName} already`,
    'Choose another name, or take that one out first.',
    { code: 'tool_exists' },
  );
}

/** Somebody may have edited it while questions were answered. */
async function requireUnchanged(path: string, file: string, text: string | undefined): Promise<void> {
  if ((await textOf(path, file)) === text) return;
  throw usageError(`${file} was changed meanwhile`, 'Run it again.', { code: 'file_changed' });
}
