import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { Duplex, PassThrough, Readable } from 'node:stream';
import { connect } from 'node:tls';
// @ts-expect-error -- it ships no types: (url) => the proxy's URL, or an empty text
import { getProxyForUrl } from 'proxy-from-env';
import { isLoopback } from '../http/loopback.ts';

/**
 * How gRPC reaches an environment from behind HTTPS_PROXY (NO_PROXY honoured): TLS through a tunnel that the
 * proxy opens (CONNECT, RFC 9110 section 9.3.6). axios does so by itself; the SDK's gRPC would go past the proxy.
 * Undefined where there is no proxy on the way.
 */
export function tunnelTo(envUrl: string): (() => Duplex) | undefined {
  const { protocol, hostname, port } = new URL(envUrl);
  const proxy: string = protocol === 'https:' && !isLoopback(hostname) ? getProxyForUrl(envUrl) : '';
  if (proxy === '') return undefined;
  const authority = `${hostname}:${port || 443}`;
  return () =>
    connect({ socket: openTunnel(new URL(proxy), authority), servername: hostname, ALPNProtocols: ['h2'] });
}

/** A stream at once, as HTTP/2 asks for one: what is written waits until the proxy has answered. */
function openTunnel(proxy: URL, authority: string): Duplex {
  const outgoing = new PassThrough();
  async function* incoming() {
    const socket = await connectThrough(proxy, authority);
    outgoing.pipe(socket);
    yield* socket;
  }
  return Duplex.from({ writable: outgoing, readable: Readable.from(incoming(), { objectMode: false }) });
}

function connectThrough(proxy: URL, authority: string): Promise<Duplex> {
  const credentials = decodeURIComponent(`${proxy.username}:${proxy.password}`);
  const headers = {
    host: authority,
    ...(proxy.username === ''
      ? {}
      : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
  };
  const request = (proxy.protocol === 'https:' ? secureRequest : plainRequest)(proxy, {
    method: 'CONNECT',
    path: authority,
    headers,
  });
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(
        new Error(`the proxy ${proxy.host} refused the way to ${authority} (HTTP ${response.statusCode})`),
      );
    });
    request.end();
  });
}
