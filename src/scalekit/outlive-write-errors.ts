// oxlint-disable no-underscore-dangle -- so are the methods named that a Writable writes with
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { systemErrorCode } from '../errors.ts';

type Done = (error?: Error | null) => void;

/**
 * Keeps a connection that takes no more open for reading, and calls `onClosed`: Node would drop what the server said
 * before it closed its side. A server that said nothing is told by what is read next, an end or a reset.
 */
export function outliveWriteErrors(socket: Socket, request: ClientRequest, onClosed: () => void): void {
  const outlive =
    (done: Done): Done =>
    (error) => {
      const code = systemErrorCode(error);
      if (request.destroyed || (code !== 'EPIPE' && code !== 'ECONNRESET')) return done(error);
      onClosed();
      done();
    };
  const write = socket._write.bind(socket);
  const writev = socket._writev?.bind(socket);
  socket._write = (chunk, encoding, done) => write(chunk, encoding, outlive(done));
  if (writev !== undefined) socket._writev = (chunks, done) => writev(chunks, outlive(done));
  // Back to those of its class: another call may use it next.
  request.once('close', () => {
    Reflect.deleteProperty(socket, '_write');
    Reflect.deleteProperty(socket, '_writev');
  });
}
