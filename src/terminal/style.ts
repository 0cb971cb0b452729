import { Chalk, type ChalkInstance } from 'chalk';
import type { Io, OutputStream } from './io.ts';

export type Style = ChalkInstance;

/** `--no-color`, then NO_COLOR, then FORCE_COLOR, then whether that stream is a terminal. */
export function styleFor(stream: OutputStream, env: Io['env'], noColorFlag: boolean): Style {
  return new Chalk({ level: wantsColor(stream, env, noColorFlag) ? 1 : 0 });
}

function wantsColor(stream: OutputStream, env: Io['env'], noColorFlag: boolean): boolean {
  if (noColorFlag) return false;
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
