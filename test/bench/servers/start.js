import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A provider and a sandbox before it, each in a process of its own, so that what is measured is not theirs. */
export async function startServers() {
  const provider = start('provider.js');
  const { port } = await told(provider);
  const sandbox = start('sandbox.js', String(port));
  const { env } = await told(sandbox);
  return {
    env,
    /** For a client that is not ours. */
    token: () => environmentToken(env),
    close() {
      for (const child of [sandbox, provider]) child.disconnect();
    },
  };
}

/** A provider, a sandbox and a bare pass-through before it, and who calls them; each in a process of its own. */
export async function startGateways() {
  const provider = start('provider.js');
  const { port } = await told(provider);
  const sandbox = start('sandbox.js', String(port));
  const { env } = await told(sandbox);
  const passThrough = start('pass-through.js', String(port));
  const { port: passThroughPort } = await told(passThrough);
  const caller = start('caller.js');
  const headers = {
    authorization: `Bearer ${await environmentToken(env)}`,
    connection_name: 'rest',
    identifier: 'user_123',
  };
  const ask = (child, message) => {
    child.send(message);
    return told(child);
  };
  return {
    proxied: { url: `${env.SCALEKIT_ENV_URL}/proxy`, headers },
    bare: { url: `http://127.0.0.1:${passThroughPort}`, headers },
    /** Answers in a second, with 50 connections. */
    rate: async ({ url, headers }, path, seconds) =>
      (await ask(caller, { url: url + path, headers, connections: 50, seconds })).rate,
    /** The sandbox's. */
    peakMiB: async () => (await ask(sandbox, {})).peakKiB / 1024,
    close() {
      for (const child of [caller, passThrough, sandbox, provider]) child.disconnect();
    },
  };
}

/** A sandbox with 10,000 connected accounts. */
export async function startAccountServer() {
  const server = start('accounts.js');
  const { env } = await told(server);
  return { env, close: () => server.disconnect() };
}

/** A sandbox before MCP servers with `one`, a `page` of and `many` tools. */
export async function startToolServers() {
  const server = start('tools.js');
  const { env } = await told(server);
  return {
    env,
    /** The sandbox asks a server for its tools anew after some seconds, which is not what is measured. */
    async learn(connection) {
      server.send({ connection });
      await told(server);
    },
    close: () => server.disconnect(),
  };
}

const start = (name, ...args) => fork(fileURLToPath(new URL(name, import.meta.url)), args);

async function told(child) {
  const listening = new AbortController();
  const { signal } = listening;
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) =>
        Promise.reject(new Error(`a server ended with ${code}`)),
      ),
    ]);
    return message;
  } finally {
    listening.abort();
  }
}

async function environmentToken({ SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET }) {
  const response = await fetch(`${SCALEKIT_ENV_URL}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: SCALEKIT_CLIENT_ID,
      client_secret: SCALEKIT_CLIENT_SECRET,
    }),
  });
  return (await response.json()).access_token;
}
