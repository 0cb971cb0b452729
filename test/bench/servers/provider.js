// A REST API in a process of its own. It tells its port to its parent, and ends with it.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';

const PIECE = Buffer.alloc(1024 * 1024, 'sk-connect');

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://provider');
  const [, kind, count] = url.pathname.split('/');
  const answer = { bytes: sendBytes, count: countBytes, json: sendJson, file: sendFile }[kind];
  answer(request, response, Number(count), url.searchParams);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());

function sendBytes(_request, response, count) {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': count });
  Readable.from(pieces(count), { objectMode: false, highWaterMark: PIECE.length }).pipe(response);
}

function* pieces(count) {
  for (let left = count; left > 0; left -= PIECE.length) yield PIECE.subarray(0, left);
}

function countBytes(request, response) {
  let bytes = 0;
  request.on('data', (chunk) => {
    bytes += chunk.length;
  });
  request.on('end', () =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"bytes":${bytes}}`),
  );
}

/** About so many bytes. */
function sendJson(_request, response, count) {
  const item = { id: 1, name: 'Ada Lovelace', tags: ['a', 'b'], active: true, score: 9.5 };
  const items = Array.from({ length: Math.ceil(count / JSON.stringify(item).length) }, () => item);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items }));
}

function sendFile(_request, response, _count, query) {
  response.writeHead(200, { 'content-type': 'application/json' });
  createReadStream(query.get('path'), { highWaterMark: 1024 * 1024 }).pipe(response);
}
