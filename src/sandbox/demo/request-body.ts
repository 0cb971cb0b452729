/**
 * A request's body as text; `undefined` where it has more bytes than allowed. Hono's `bodyLimit` is not
 * for here: it hands the request to the global `Request`, which knows only its own kind
 * (https://github.com/honojs/node-server, `overrideGlobalObjects`).
 */
export async function readBody(request: Request, limitBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
