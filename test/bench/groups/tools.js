import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measureDifference, measureTogether } from '../measure.js';
import { startServers, startToolServers } from '../servers/start.js';
import { header, memoryRow, row } from './row.js';

/** Lists of 16,000 tools in bounded memory, each page as it comes; and what a custom tool adds to the call that it is. */
export async function measureTools(bench) {
  return { header, rows: [...(await measureLists(bench)), ...(await measureContracts(bench))] };
}

async function measureLists({ cli, env: base, runs }) {
  const servers = await startToolServers();
  const count = runs(7);
  const list = (connection, ...flags) => ({
    name: `tools list on ${connection}`,
    args: [cli, 'tools', 'list', '-c', connection, ...flags],
    env: { ...base, ...servers.env },
    prepare: () => servers.learn(connection),
  });
  const rows = [];
  try {
    for (const flags of [[], ['--format', 'anthropic'], ['--json']]) {
      const title = ['16,000 tools listed', ...flags].join(' ');
      const programs = ['one', 'page', 'many'].map((connection) => list(connection, ...flags));
      const [one, page, many] = await measureTogether(programs, count);
      rows.push(memoryRow(title, many, one, 128), firstRow(title, many, page));
    }
  } finally {
    servers.close();
  }
  return rows;
}

/** Against a list that is that first page alone: what the other pages do to it. */
const firstRow = (title, many, page) =>
  row(`${title}: first row`, {
    measured: `${many.firstMs.toFixed(0)} ms`,
    against: `${page.firstMs.toFixed(0)} ms of 100 tools`,
    value: many.firstMs / page.firstMs,
    limit: 1.5,
    unit: '×',
  });

async function measureContracts({ cli, folder, env: base, runs }) {
  const servers = await startServers();
  const contracts = join(folder, 'tools.yaml');
  await writeFile(contracts, CONTRACTS);
  const env = { ...base, ...servers.env, SCALEKIT_CONNECTION_NAME: 'rest' };
  const program = (...args) => ({ name: args.slice(0, 3).join(' '), args: [cli, ...args], env });
  const exec = (tool) => program('tools', 'exec', tool, '--contracts', contracts, '-p', 'size=2000');
  try {
    const plain = await measureDifference([program('request', '/json/2000'), exec('get_records')], runs(41));
    const filtered = await measureDifference(
      [program('request', '/json/2000', '--jq', '.items[0:3]'), exec('first_records')],
      runs(41),
    );
    return [
      costRow('tools exec on a custom tool', plain, 'request'),
      costRow('tools exec on a custom tool with an output', filtered, 'request --jq'),
    ];
  } finally {
    servers.close();
  }
}

const costRow = (title, { firstMs, secondMs, differenceMs }, name) =>
  row(title, {
    measured: `${secondMs.toFixed(1)} ms`,
    against: `${firstMs.toFixed(1)} ms of ${name}`,
    value: differenceMs,
    limit: 10,
    unit: 'ms',
  });

const CONTRACTS = `tools:
  - name: get_records
    description: Get the records of a size
    input_schema: &input
      type: object
      properties:
        size: { type: integer, minimum: 1, description: About how many bytes }
      required: [size]
    request: { connection: rest, method: GET, path: "/json/{{size}}" }
    read_only: true
  - name: first_records
    description: Get the first three records
    input_schema: *input
    request: { connection: rest, method: GET, path: "/json/{{size}}" }
    output: .items[0:3]
    read_only: true
`;
