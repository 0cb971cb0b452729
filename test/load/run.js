// npm run load: half a minute of everything at once on 50 clients, with faults on. Exits 1 where an acknowledged update was lost, a call
// failed that no fault hit, memory or file descriptors were not given back, or the sandbox did not stop within two seconds.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WORKERS } from './plan.js';
import { createWorker } from './worker.js';

const SECONDS = Number(process.env.LOAD_SECONDS ?? 30);
/** Between two collections, with 20,000 calls and more: how far it gets depends on the machine. What stays is held to the next limit. */
const MOST_PEAK_MIB = 800;
const MOST_GROWTH_MIB = 64;
const MOST_TOLD = 20;
const MOST_STOP_MS = 2_000;
/** Connections that are kept for a while, and what Node opens for itself. */
const MOST_DESCRIPTORS_LEFT = 4;

const problems = [];
const counts = new Map();
const tally = {
  done(name, outcome, ms) {
    const count = counts.get(name) ?? { done: 0, faults: 0, ms: 0 };
    counts.set(name, count);
    count.ms += ms;
    if (outcome === 'fault') count.faults += 1;
    else count.done += 1;
  },
  wrong(name, error) {
    problems.push(`${name}: ${error.stack ?? error}`);
  },
};

const start = (name, ...args) =>
  fork(fileURLToPath(new URL(name, import.meta.url)), args, { execArgv: ['--expose-gc'] });
const told = async (child) => (await once(child, 'message'))[0];
const ask = (child, question) => {
  child.send(question);
  return told(child);
};

const providers = start('providers.js');
const { port } = await told(providers);
const sandbox = start('sandbox.js', String(port));
const ended = once(sandbox, 'exit');
void ended.then(([code]) => {
  if (code !== 0) problems.push(`the sandbox ended with ${code}`);
});
const { env } = await told(sandbox);

const atRest = await ask(sandbox, {});
const workers = Array.from({ length: WORKERS }, (_, index) => createWorker(index, env, tally));
const ending = new AbortController();
const running = Promise.all(workers.map((worker) => worker.run(ending.signal)));
await sleep(SECONDS * 500);
const halfway = await ask(sandbox, {});
await sleep(SECONDS * 500);
ending.abort();
await running;

for (const worker of workers) problems.push(...(await worker.problems()));
const after = await settled();
const growth = after.memoryMiB - halfway.memoryMiB;
if (growth > MOST_GROWTH_MIB) problems.push(`memory grew by ${growth.toFixed(0)} MiB in the second half`);
if (after.peakMiB > MOST_PEAK_MIB) problems.push(`memory rose to ${after.peakMiB.toFixed(0)} MiB`);

const clients = await busyClients();
const stopped = await ask(sandbox, { stop: true });
const stoppedAt = performance.now();
await Promise.race([ended, sleep(MOST_STOP_MS)]);
const exitMs = performance.now() - stoppedAt;
if (stopped.stoppedInMs > MOST_STOP_MS) problems.push(`it took ${stopped.stoppedInMs.toFixed(0)} ms to stop`);
if (stopped.descriptors > atRest.descriptors) {
  problems.push(`${stopped.descriptors} file descriptors when stopped, ${atRest.descriptors} at rest`);
}
if (sandbox.exitCode === null) problems.push('the process went on after the sandbox had stopped');
for (const client of clients) client.destroy();
for (const worker of workers) await worker.close();
providers.disconnect();
report();

/** When the connections that are kept open for a while have been closed; the workers' HTTP/2 ones stay. */
async function settled() {
  const most = atRest.descriptors + WORKERS + MOST_DESCRIPTORS_LEFT;
  for (let waited = 0; ; waited += 250) {
    const now = await ask(sandbox, {});
    if (now.descriptors <= most) return now;
    if (waited > 10_000) {
      problems.push(`${now.descriptors} file descriptors, ${atRest.descriptors} before`);
      return now;
    }
    await sleep(250);
  }
}

/** Everything that may be under way when a sandbox is stopped. */
async function busyClients() {
  const { port: sandboxPort } = new URL(env.SCALEKIT_ENV_URL);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: env.SCALEKIT_CLIENT_ID,
    client_secret: env.SCALEKIT_CLIENT_SECRET,
  });
  const answer = await fetch(`${env.SCALEKIT_ENV_URL}/oauth/token`, { method: 'POST', body: form });
  const { access_token } = await answer.json();
  const headers = `Host: 127.0.0.1\r\nAuthorization: Bearer ${access_token}\r\nconnection_name: rest\r\nidentifier: user_0\r\n`;
  const said = [
    `GET /proxy/hang HTTP/1.1\r\n${headers}\r\n`,
    `GET /proxy/stream HTTP/1.1\r\n${headers}\r\n`,
    `POST /proxy/api/plain HTTP/1.1\r\n${headers}Content-Length: 100000\r\n\r\nbegun`,
    `POST /oauth/token HTTP/1.1\r\n${headers}Content-Length: 100\r\n\r\nbegun`,
    'GET /keys HTTP/1.1\r\nHo',
    'PRI * HT',
    '',
  ];
  const sockets = said.flatMap((text) =>
    Array.from({ length: 20 }, () => {
      const socket = connect(sandboxPort, '127.0.0.1', () => socket.write(text));
      return socket.on('error', () => {});
    }),
  );
  const sessions = Array.from({ length: 5 }, () => connectHttp2(env.SCALEKIT_ENV_URL).on('error', () => {}));
  for (const session of sessions) {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/scalekit.v1.tools.ToolService/ExecuteTool',
      'content-type': 'application/grpc',
      authorization: `Bearer ${access_token}`,
    });
    stream.on('error', () => {}).write(Buffer.from([0, 0, 0, 0]));
  }
  for (const worker of workers) worker.hang();
  await sleep(500);
  return [...sockets, ...sessions];
}

function report() {
  const total = [...counts.values()].reduce((sum, { done, faults }) => sum + done + faults, 0);
  console.log(
    `${total} calls by ${WORKERS} clients in ${SECONDS} s, ${(total / SECONDS).toFixed(0)} a second\n`,
  );
  console.log('| | done | hit by a fault | mean |\n|---|---|---|---|');
  for (const [name, { done, faults, ms }] of counts)
    console.log(`| ${name} | ${done} | ${faults} | ${(ms / (done + faults)).toFixed(0)} ms |`);
  console.log(
    `\nmemory: ${atRest.memoryMiB.toFixed(0)} MiB at rest, ${halfway.memoryMiB.toFixed(0)} halfway, ${after.memoryMiB.toFixed(0)} after, ${after.peakMiB.toFixed(0)} at most`,
  );
  console.log(
    `file descriptors: ${atRest.descriptors} at rest, ${after.descriptors} after, ${WORKERS} of them of clients that stay connected; ${stopped.descriptors} when stopped`,
  );
  console.log(
    `stopped in ${stopped.stoppedInMs.toFixed(0)} ms with everything under way, the process ${exitMs.toFixed(0)} ms later`,
  );
  for (const problem of problems.slice(0, MOST_TOLD)) console.log(`\nWRONG: ${problem}`);
  // The SDK's connections would keep it waiting.
  // oxlint-disable-next-line unicorn/no-process-exit
  process.exit(problems.length > 0 ? 1 : 0);
}
