import type { Io } from './io.ts';

/** Calls back for every line that is entered at the terminal; returns how to stop. Ctrl-C stays the terminal's. */
export function onEnter(io: Io, callback: () => void): () => void {
  const { stdin } = io;
  const onData = () => callback();
  stdin.on('data', onData);
  stdin.resume();
  return () => {
    stdin.off('data', onData);
    // A stream that flows keeps the process waiting for input.
    stdin.pause();
  };
}
