import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { OutputStream } from '../terminal/io.ts';

export interface Tee {
  stream: OutputStream;
  /** What went through, once all of it has. Ends the stream. */
  text(): Promise<string>;
}

/** A stream that passes on to another, looks like it to a command, and remembers what went through. */
export function teeOutput(target: OutputStream, { isSilent }: { isSilent: boolean }): Tee {
  const chunks: Buffer[] = [];
  const writable = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      if (isSilent) done();
      else target.write(chunk, done);
    },
  });
  const stream: OutputStream = Object.assign(writable, {
    isTTY: target.isTTY === true && !isSilent,
    columns: target.columns ?? 80,
  });
  const text = async () => {
    stream.end();
    await finished(stream);
    return Buffer.concat(chunks).toString('utf8');
  };
  return { stream, text };
}
