import type { GlobalOptions } from '../config/options.ts';

/** A command to run next against the same environment, ready to paste into a POSIX shell. */
export function commandLine(options: GlobalOptions, ...words: string[]): string {
  const environment = [
    ...(options.sandbox ? ['--sandbox'] : []),
    ...(options.envFile === undefined ? [] : ['--env-file', options.envFile]),
    ...(options.envUrl === undefined ? [] : ['--env-url', options.envUrl]),
    ...(options.clientId === undefined ? [] : ['--client-id', options.clientId]),
  ];
  return ['sk-connect', ...words, ...environment].map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
