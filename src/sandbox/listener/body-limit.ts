import type { Context, MiddlewareHandler } from 'hono';

/**
 * Refuses a body that is too large before it is read, or as soon as it is. Hono's own middleware makes a new Request of a
 * body without a length, which fails for those of @hono/node-server when the global classes stay those of Node.
 */
export function limitBody(
  mostBytes: number,
  refuse: (context: Context, message: string) => Response | Promise<Response>,
): MiddlewareHandler {
  function tooLarge(context: Context): Response | Promise<Response> {
    return refuse(context, `the body is larger than ${mostBytes} bytes`);
  }

  return async (context, next) => {
    const { raw } = context.req;
    const length = raw.headers.get('content-length');
    if (Number(length) > mostBytes) return tooLarge(context);
    if (length === null && raw.body) {
      const body = await readUpTo(raw.body, mostBytes);
      if (body === undefined) return tooLarge(context);
      // By its type it holds what was read, but it is awaited like the reading itself.
      Object.assign(context.req.bodyCache, { arrayBuffer: Promise.resolve(body) });
    }
    return next();
  };
}

async function readUpTo(
  body: ReadableStream<Uint8Array>,
  mostBytes: number,
): Promise<ArrayBuffer | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(new Uint8Array(chunk));
  }
  return new Blob(chunks).arrayBuffer();
}
