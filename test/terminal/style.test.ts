import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { styleFor } from '../../src/terminal/style.ts';

describe('styleFor: --no-color, NO_COLOR, FORCE_COLOR, then whether the stream is a terminal', () => {
  it.each<[noColor: boolean, env: Record<string, string>, isTTY: boolean, isColoured: boolean]>([
    [false, {}, true, true],
    [false, {}, false, false],
    [false, { TERM: 'dumb' }, true, false],
    [true, {}, true, false],
    [true, { FORCE_COLOR: '1' }, true, false],
    [false, { NO_COLOR: '1' }, true, false],
    [false, { NO_COLOR: '0' }, true, false],
    [false, { NO_COLOR: '' }, true, true],
    [false, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [false, { FORCE_COLOR: '1' }, false, true],
    [false, { FORCE_COLOR: 'true' }, false, true],
    [false, { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
    [false, { FORCE_COLOR: '0' }, true, false],
    [false, { FORCE_COLOR: 'false' }, true, false],
    [false, { FORCE_COLOR: '' }, false, false],
  ])('flag %s, %j, terminal %s: %s', (noColor, env, isTTY, isColoured) => {
    const stream = Object.assign(new PassThrough(), { isTTY });
    expect(styleFor(stream, env, noColor).red('x')).toBe(isColoured ? '\u001b[31mx\u001b[39m' : 'x');
  });
});
