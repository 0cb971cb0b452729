import { Readable } from 'node:stream';

/** A stream of what a generator makes of another's bytes. The other ends with it, also while more is awaited of it. */
export function derive(
  source: Readable,
  generate: (source: Readable) => AsyncGenerator<Uint8Array>,
): Readable {
  const chunks = generate(source);
  return new Readable({
    // No chunk is asked for ahead: an error would take those with it that nobody has read yet.
    highWaterMark: 1,
    read() {
      chunks.next().then(
        ({ done, value }) => this.push(done ? null : value),
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, callback) {
      // First: the generator may be waiting for it.
      source.destroy();
      chunks.return(undefined).then(
        () => callback(error),
        () => callback(error),
      );
    },
  });
}
