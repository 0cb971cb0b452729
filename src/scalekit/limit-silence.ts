import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/** Breaks a request off where nothing moves for `idleMs` before its answer begins, unless `isOurTurn` says why. */
export function limitSilence(request: ClientRequest, idleMs: number, isOurTurn: () => boolean): void {
  const giveUp = () => {
    const error = new Error(`nothing came for ${idleMs / 1000} s`);
    request.destroy(Object.assign(error, { code: 'ECONNABORTED' }));
  };
  // Until there is a connection, or a tunnel through a proxy.
  const connecting = setTimeout(giveUp, idleMs);
  request.once('close', () => clearTimeout(connecting));
  request.once('socket', (socket: Socket) => {
    clearTimeout(connecting);
    const onTimeout = () => {
      if (!isOurTurn()) giveUp();
    };
    const watch = () => socket.setTimeout(idleMs);
    socket.on('timeout', onTimeout);
    watch();
    // axios sets its own limit, which is none, when the connection is there.
    if (socket.connecting) socket.once('connect', watch);
    const release = () => {
      socket.off('timeout', onTimeout).off('connect', watch).setTimeout(0);
    };
    request.once('response', release).once('close', release);
  });
}
