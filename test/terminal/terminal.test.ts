import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/terminal/io.ts';
import { createTerminal } from '../../src/terminal/terminal.ts';

function terminalOf(columns: number | undefined) {
  const stderr = Object.assign(new PassThrough(), { isTTY: true, cursorTo: () => true, columns });
  return createTerminal({ stdout: stderr, stderr, stdin: new PassThrough(), env: {} } as unknown as Io, {});
}

describe('a terminal', () => {
  it.each([
    [80, 80, true],
    [undefined, 80, true],
    [0, 80, false],
  ])('of %s columns is %i wide; animated: %s', (columns, width, canAnimate) => {
    expect(terminalOf(columns)).toMatchObject({ width, canAnimate });
  });
});
