import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isBinary } from '../../../src/request/answer/binary.ts';

describe('isBinary', () => {
  it.each([
    ['ASCII', 'plain', undefined, false],
    ['UTF-8', 'añ日🙂', undefined, false],
    ['UTF-8 cut off within a character', Buffer.from('日').subarray(0, 2), undefined, false],
    ['text that says it is an octet stream', 'plain', 'application/octet-stream', false],
    ['an SVG', '<svg/>', 'image/svg+xml', false],
    ['terminal controls', '\u001b[2J', 'text/plain', false],
    ['Latin-1 that says so', Buffer.from('caf\xe9', 'latin1'), 'text/plain; charset=iso-8859-1', false],
    ['Latin-1 that says it is text', Buffer.from('caf\xe9', 'latin1'), 'text/plain', false],
    ['UTF-16 with a byte order mark', Buffer.from('\uFEFFabc', 'utf16le'), undefined, false],
    ['a NUL', 'a\0b', 'text/plain', true],
    ['a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'image/png', true],
    ['a PDF, whose first bytes are ASCII', '%PDF-1.7\n', 'application/pdf', true],
    ['gzip', gzipSync('x'), 'application/json', true],
    ['bytes of no declared type', Buffer.from([0xff, 0xd8, 0xff]), undefined, true],
  ])('%s: %s', (_what, head, contentType, expected) => {
    expect(isBinary(Buffer.from(head), contentType)).toBe(expected);
  });
});
