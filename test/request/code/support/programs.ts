import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectNoSecrets } from '../../../commands/secrets.ts';

const NODE_MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface ProgramFolder {
  path: string;
  write(name: string, text: string | Uint8Array): void;
  /** Strictly, as somebody's own project would; the JavaScript lies beside it. */
  compile(names: readonly string[]): Promise<Ended>;
  run(
    command: readonly string[],
    options?: { env?: NodeJS.ProcessEnv; stdin?: string | undefined },
  ): Promise<Ended>;
  remove(): void;
}

/** A folder such as a developer has: the SDK and dotenv are installed, ES modules. */
export function programFolder(): ProgramFolder {
  const path = mkdtempSync(join(tmpdir(), 'sk-connect-programs-'));
  symlinkSync(NODE_MODULES, join(path, 'node_modules'));
  writeFileSync(join(path, 'package.json'), '{"type":"module"}');
  mkdirSync(join(path, 'home'));
  const run: ProgramFolder['run'] = async (command, { env = {}, stdin = '' } = {}) => {
    const { PATH } = process.env;
    const ended = await spawned(
      command,
      { cwd: path, env: { PATH, HOME: join(path, 'home'), ...env } },
      stdin,
    );
    expectNoSecrets(command, [ended.stdout, ended.stderr]);
    return ended;
  };
  return {
    path,
    write: (name, text) => writeFileSync(join(path, name), text),
    compile: (names) => {
      const compilerOptions = {
        strict: true,
        module: 'nodenext',
        target: 'es2022',
        types: ['node'],
        skipLibCheck: true,
      };
      writeFileSync(join(path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: names }));
      return run([process.execPath, join(NODE_MODULES, 'typescript/bin/tsc'), '-p', path]);
    },
    run,
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function spawned(
  [command = '', ...args]: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
  stdin: string,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A program that reads none of it closes its end.
    child.stdin.on('error', () => {}).end(stdin);
    child.on('error', reject);
    child.on('close', (exitCode) =>
      resolve({
        exitCode,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      }),
    );
  });
}
