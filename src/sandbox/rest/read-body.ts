import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalidArgument, Refusal } from '../refusal.ts';

/** As much as a gRPC server takes of one message where nothing else is said. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;

/** A request's body as text. Throws a Refusal for one that is too large or not UTF-8. */
export async function readBody(request: IncomingMessage, response: ServerResponse): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY_BYTES) throw tooLarge(response);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length;
    if (length > LARGEST_BODY_BYTES) throw tooLarge(response);
    chunks.push(chunk as Buffer);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw invalidArgument('body', 'is not UTF-8');
  }
}

/** What was not read stays on the connection, which nobody can use again. */
function tooLarge(response: ServerResponse): Refusal {
  response.setHeader('Connection', 'close');
  return new Refusal(
    'resource_exhausted',
    'BODY_TOO_LARGE',
    `the body is larger than ${LARGEST_BODY_BYTES} bytes`,
  );
}
