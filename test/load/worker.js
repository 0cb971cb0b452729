import { randomBytes } from 'node:crypto';
import { ScalekitClient } from '@scalekit-sdk/node';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Pool } from 'undici';
import { OAUTH_USERS } from './plan.js';

const FAULT = /a fault of the sandbox|HTTP status 500/;

/** One client, with a connection of each kind, that does one thing after the other until it is told to stop. */
export function createWorker(index, env, tally) {
  const { SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET } = env;
  const scalekit = new ScalekitClient(SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET);
  const pool = new Pool(SCALEKIT_ENV_URL, { connections: 1 });
  const random = xoroshiro128plus(index);
  const upTo = (most) => uniformInt(random, 0, most);
  const identifier = `user_${index}`;
  const own = { connectionName: 'rest', identifier };
  let authorization = '';
  let sequence = 0;
  /** The last number that was acknowledged for each account it was written to. */
  const acknowledged = { [identifier]: 0, shared: 0 };
  const left = new Set();

  const things = {
    list,
    update,
    createAndDelete,
    get,
    post,
    faulty,
    reset,
    slow,
    tool,
    tools,
    link,
    refreshed,
  };

  async function run(signal) {
    const form = {
      grant_type: 'client_credentials',
      client_id: SCALEKIT_CLIENT_ID,
      client_secret: SCALEKIT_CLIENT_SECRET,
    };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = String(new URLSearchParams(form));
    const { access_token } = JSON.parse((await send('POST', '/oauth/token', headers, body)).body);
    authorization = `Bearer ${access_token}`;
    const names = Object.keys(things);
    while (!signal.aborted) {
      const name = names[upTo(names.length - 1)];
      const startedAt = performance.now();
      try {
        tally.done(name, await things[name](), performance.now() - startedAt);
      } catch (error) {
        tally.wrong(name, error);
      }
    }
  }

  async function send(method, path, headers, body) {
    const answer = await pool.request({ method, path, headers, body });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return {
      status: answer.statusCode,
      sentWith: String(answer.headers['x-authorization']),
      isFault: 'x-sandbox-fault' in answer.headers,
      body: bytes,
    };
  }

  const proxied = (method, path, body, account = own) =>
    send(
      method,
      `/proxy${path}`,
      { authorization, connection_name: account.connectionName, identifier: account.identifier },
      body,
    );

  async function list() {
    const pageSize = 1 + upTo(99);
    let pageToken = '';
    let count = 0;
    let totalSize = 0;
    do {
      const page = await scalekit.actions.listConnectedAccounts({
        connectionName: 'mcp',
        pageSize,
        pageToken,
      });
      count += page.connectedAccounts.length;
      ({ nextPageToken: pageToken, totalSize } = page);
    } while (pageToken !== '');
    expect(count === totalSize && count === 50, `${count} of ${totalSize} accounts were listed`);
  }

  /** Each to a field of its own: an update that is lost shows, also among others of the same account. */
  async function update() {
    const target = upTo(1) === 0 ? identifier : 'shared';
    sequence += 1;
    const apiConfig = { [`worker_${index}`]: sequence };
    const refused = await orFault(
      scalekit.actions.updateConnectedAccount({ connectionName: 'rest', identifier: target, apiConfig }),
    );
    if (refused) return 'fault';
    acknowledged[target] = sequence;
    return undefined;
  }

  async function createAndDelete() {
    const temporary = `temporary_${index}_${randomBytes(6).toString('hex')}`;
    left.add(temporary);
    const authorizationDetails = {
      details: { case: 'staticAuth', value: { details: { token: temporary } } },
    };
    const { connectedAccount } = await scalekit.actions.createConnectedAccount({
      connectionName: 'rest',
      identifier: temporary,
      authorizationDetails,
    });
    const { status, sentWith } = await proxied('GET', '/api/plain', null, {
      connectionName: 'rest',
      identifier: temporary,
    });
    expect(status === 200 && sentWith === `Bearer ${temporary}`, `${status} for a new account`);
    await scalekit.actions.deleteConnectedAccount({ connectedAccountId: connectedAccount.id });
    left.delete(temporary);
  }

  async function get() {
    const { status, sentWith, body } = await proxied('GET', `/api/plain/${sequence}?a=b`);
    expect(
      status === 200 && body.toString() === `/api/plain/${sequence}?a=b`,
      `${status} ${body.toString()}`,
    );
    expect(sentWith === `Bearer token-${identifier}`, `sent with ${sentWith}`);
  }

  async function post() {
    const sent = randomBytes(upTo(64 * 1024));
    const { status, body } = await proxied('POST', '/api/plain', sent);
    expect(
      status === 200 && body.equals(sent),
      `${status}, ${body.length} of ${sent.length} bytes came back`,
    );
  }

  async function faulty() {
    const { status, isFault } = await proxied('GET', '/api/faulty/x');
    if (status === 200) return undefined;
    expect([429, 503].includes(status) && isFault, `${status} without a fault`);
    return 'fault';
  }

  async function reset() {
    try {
      const { status } = await proxied('GET', '/api/reset/x');
      expect(status === 200, `${status} where a reset was due`);
      return undefined;
    } catch (error) {
      if (error.code !== 'ECONNRESET' && error.code !== 'UND_ERR_SOCKET') throw error;
      return 'fault';
    }
  }

  async function slow() {
    const sent = randomBytes(2_000);
    const { status, body } = await proxied('POST', '/api/slow/x', sent);
    expect(
      status === 200 && body.equals(sent),
      `${status}, ${body.length} of ${sent.length} bytes came back`,
    );
  }

  async function tool() {
    const text = `hello ${sequence}`;
    const call = { toolName: 'c-mcp_echo', connector: 'mcp', identifier, toolInput: { text } };
    let data;
    const refused = await orFault(
      scalekit.actions.executeTool(call).then((result) => {
        data = result.data;
      }),
    );
    if (refused) return 'fault';
    expect(data?.content?.[0]?.text === text, `the tool said ${JSON.stringify(data)}`);
    return undefined;
  }

  async function tools() {
    const { tools: found } = await scalekit.tools.listScopedTools(identifier, {
      filter: { connectionNames: ['mcp'] },
    });
    expect(found.length === 2, `${found.length} tools`);
  }

  /** A link to its end: the form behind it, filled in. */
  async function link() {
    const account = { connectionName: 'rest', identifier: `linked_${index}` };
    await scalekit.actions.getOrCreateConnectedAccount(account);
    const { link: url } = await scalekit.actions.getAuthorizationLink(account);
    const { pathname } = new URL(url);
    const page = (await send('GET', pathname, {})).body.toString();
    const formToken = /name="__form_token" value="([^"]+)"/.exec(page)?.[1];
    const form = String(new URLSearchParams({ __form_token: formToken, token: `linked-${sequence}` }));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const first = await send('POST', pathname, headers, form);
    const second = await send('POST', pathname, headers, form);
    expect(
      first.status < 400 && second.status === 410,
      `a link answered ${first.status}, then ${second.status}`,
    );
    const { sentWith } = await proxied('GET', '/api/plain', null, account);
    expect(sentWith === `Bearer linked-${sequence}`, `sent with ${sentWith}`);
  }

  /** Shared by some workers, so that many calls at once find the same token at its end. */
  async function refreshed() {
    const account = { connectionName: 'oauth', identifier: `oauth_${index % OAUTH_USERS}` };
    const { status, body } = await proxied('GET', '/x', null, account);
    expect(status === 200, `${status} ${body.toString()}`);
  }

  async function problems() {
    const found = [];
    for (const [target, number] of Object.entries(acknowledged)) {
      const { connectedAccount } = await scalekit.actions.getConnectedAccount({
        connectionName: 'rest',
        identifier: target,
      });
      const kept = Number(connectedAccount.apiConfig?.[`worker_${index}`] ?? 0);
      if (kept !== number) found.push(`worker ${index} wrote ${number} to ${target}, where ${kept} is kept`);
    }
    for (const name of left) found.push(`${name} was not deleted`);
    return found;
  }

  /** A call that nothing comes of. */
  function hang() {
    const call = { toolName: 'c-mcp_hang', connector: 'mcp', identifier, toolInput: {} };
    scalekit.actions.executeTool(call).catch(() => {});
  }

  return { run, problems, hang, close: () => pool.destroy() };
}

/** Whether a fault refused it; any other failure is thrown. */
async function orFault(promise) {
  try {
    await promise;
    return false;
  } catch (error) {
    if (!FAULT.test(String(error.message))) throw error;
    return true;
  }
}

function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
