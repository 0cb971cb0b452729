import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { WireCase } from '../support/case.ts';
import { answer, brokenOff, chunked, get, json, lines, ok, wire } from '../support/message.ts';
import { failure } from '../support/printed.ts';

/** Of `zstd -19` 1.5.4: Node 20 decodes none and encodes none. */
const ZSTD_PAYLOAD = Buffer.from('KLUv/SAHOQAAcGF5bG9hZA==', 'base64');
const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);

const typed = '/x';
const arrives = get('/base/x');

/** How an answer is framed and encoded, and what of it reaches a pipe. */
export const answers: readonly WireCase[] = [
  { what: 'every byte', typed, arrives, answers: ok(everyByte), stdout: everyByte, isAlsoBuilt: true },
  { what: 'an empty body', typed, arrives, answers: ok() },
  { what: '204', typed, arrives, answers: answer('204 No Content') },
  {
    what: '304 with the length of what it does not send',
    typed,
    arrives,
    answers: answer('304 Not Modified', ['content-length: 99', 'etag: "a"']),
  },
  {
    what: 'no reason phrase',
    typed,
    arrives,
    answers: wire('HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nhi'),
    stdout: 'hi',
  },
  {
    what: 'a status of no standard',
    typed,
    arrives,
    answers: answer('299 Miscellaneous', [], 'hi'),
    stdout: 'hi',
  },
  {
    what: 'in chunks',
    typed,
    arrives,
    answers: wire(
      lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', ''),
      chunked('on', 'e\r\n', 'two\0'),
    ),
    stdout: 'one\r\ntwo\0',
  },
  {
    what: 'in chunks with extensions and a trailer',
    typed,
    arrives,
    answers: wire(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n',
    ),
    stdout: 'hi',
  },
  {
    what: 'until the connection ends',
    typed,
    arrives,
    answers: brokenOff('HTTP/1.1 200 OK\r\n\r\n', 'all of it'),
    stdout: 'all of it',
  },
  { what: 'HTTP/1.0', typed, arrives, answers: brokenOff('HTTP/1.0 200 OK\r\n\r\n', 'old'), stdout: 'old' },
  {
    what: 'early hints before it',
    typed,
    arrives,
    answers: wire(
      'HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n',
      lines('HTTP/1.1 200 OK', 'content-length: 2', ''),
      'hi',
    ),
    stdout: 'hi',
  },
  {
    what: 'byte for byte as it trickles in',
    typed,
    arrives,
    answers: wire('HTTP/1.1 200 OK\r\nconte', 'nt-length: 3\r\n\r', '\n', 'a', 'b', 'c'),
    stdout: 'abc',
  },
  {
    what: 'gzip',
    typed,
    arrives,
    answers: ok(gzipSync('payload'), 'content-encoding: gzip'),
    stdout: 'payload',
  },
  {
    what: 'gzip, two members',
    typed,
    arrives,
    answers: ok(Buffer.concat([gzipSync('pay'), gzipSync('load')]), 'content-encoding: gzip'),
    stdout: 'payload',
  },
  {
    what: 'br',
    typed,
    arrives,
    answers: ok(brotliCompressSync('payload'), 'content-encoding: br'),
    stdout: 'payload',
  },
  {
    what: 'deflate',
    typed,
    arrives,
    answers: ok(deflateSync('payload'), 'content-encoding: deflate'),
    stdout: 'payload',
  },
  {
    what: 'deflate without its wrapper',
    typed,
    arrives,
    answers: ok(deflateRawSync('payload'), 'content-encoding: deflate'),
    stdout: 'payload',
  },
  {
    what: 'zstd',
    typed,
    arrives,
    answers: ok(ZSTD_PAYLOAD, 'content-encoding: zstd'),
    stdout: 'payload',
    isAlsoBuilt: true,
  },
  {
    what: 'gzip in chunks',
    typed,
    arrives,
    answers: wire(
      lines('HTTP/1.1 200 OK', 'content-encoding: gzip', 'transfer-encoding: chunked', ''),
      chunked(gzipSync('payload').subarray(0, 5), gzipSync('payload').subarray(5)),
    ),
    stdout: 'payload',
  },
  {
    what: 'an encoding that nobody knows',
    typed,
    arrives,
    answers: ok('payload', 'content-encoding: snappy'),
    stdout: 'payload',
  },
  {
    what: 'JSON in a pipe, as it is',
    typed,
    arrives,
    answers: json('{"b":1.10, "a":9007199254740993}\r\n'),
    stdout: '{"b":1.10, "a":9007199254740993}\r\n',
  },
  { what: 'a BOM', typed, arrives, answers: json('\uFEFF{}'), stdout: '\uFEFF{}' },
  {
    what: 'Latin-1 text',
    typed,
    arrives,
    answers: ok(Buffer.from('caf\xe9', 'latin1'), 'content-type: text/plain; charset=iso-8859-1'),
    stdout: Buffer.from('caf\xe9', 'latin1'),
  },
  {
    what: 'a body that breaks off: what came, and exit 6',
    typed,
    arrives,
    answers: brokenOff('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n', 'begun'),
    stdout: 'begun',
    stderr: failure('the answer broke off: aborted'),
    exitCode: 6,
    isAlsoBuilt: true,
  },
  {
    what: 'chunks without their end',
    typed,
    arrives,
    answers: brokenOff('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '5\r\nbegun\r\n'),
    stdout: 'begun',
    stderr: failure('the answer broke off: aborted'),
    exitCode: 6,
  },
  {
    what: 'gzip that breaks off',
    typed,
    arrives,
    answers: ok(gzipSync('payload').subarray(0, 12), 'content-encoding: gzip'),
    stdout: /^/,
    stderr: failure('the answer broke off: unexpected end of file'),
    exitCode: 6,
  },
  {
    what: 'events of a stream, in a pipe as they are',
    typed,
    arrives,
    answers: wire(
      lines('HTTP/1.1 200 OK', 'content-type: text/event-stream', 'transfer-encoding: chunked', ''),
      chunked('event: a\r\ndata: {"b"', ':1}\r\n\r\n: ping\n\n', 'data: 2'),
    ),
    stdout: 'event: a\r\ndata: {"b":1}\r\n\r\n: ping\n\ndata: 2',
  },
  {
    what: 'gzip that holds another thing than it says',
    typed,
    arrives,
    answers: ok('no gzip', 'content-encoding: gzip'),
    stderr: failure('the answer does not decode: incorrect header check'),
    exitCode: 6,
  },
  {
    what: 'a redirect is an answer, and not followed',
    typed,
    arrives,
    answers: answer('302 Found', ['location: https://elsewhere.example/y'], 'moved'),
    stdout: 'moved',
    stderr: 'The provider redirects (302) to https://elsewhere.example/y; redirects are not followed.\n',
  },
];
