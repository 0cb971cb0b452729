import { Writable } from 'node:stream';
import type { OutputStream } from '../terminal/io.ts';

/** A stream that passes on to another, looks like it to a command, and remembers what went through. */
export function teeOutput(
  target: OutputStream,
  { isSilent }: { isSilent: boolean },
): { stream: OutputStream; text(): string } {
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
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
