import { describe, expect, it, vi } from 'vitest';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const MANY = 70;
const environment = useEnvironment(({ rest }) => ({
  connectors: [
    {
      display_name: 'Test Many',
      proxy_url: rest.origin,
      proxy_enabled: true,
      auth_patterns: [{ type: 'BEARER' }],
    },
  ],
  connections: Array.from({ length: MANY }, (_, index) => ({
    name: `many-${index}`,
    connector: 'test-many',
  })),
}));
const ALL = MANY + 7;

describe('connections', () => {
  it('in a pipe: a row for each, all pages', async () => {
    const result = await environment.run(['connections']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const rows = result.stdout.trimEnd().split('\n');
    expect(rows).toHaveLength(ALL);
    expect(rows[0]).toMatch(/^notes-demo\tdemo-notes\tOAUTH\tCOMPLETED\tconn_\d+$/);
    expect(rows.at(-1)).toMatch(new RegExp(`^many-${MANY - 1}\t`));
  });

  it('--json: the shape', async () => {
    const result = await environment.run(['connections', '--json']);
    const { connections, totalSize, ...rest } = result.json() as { connections: object[]; totalSize: number };
    expect(rest).toEqual({});
    expect(totalSize).toBe(ALL);
    expect(connections).toHaveLength(ALL);
    expect(connections[0]).toEqual({
      connectionName: 'notes-demo',
      connectionId: expect.stringMatching(/^conn_\d+$/),
      provider: 'demo-notes',
      type: 'OAUTH',
      status: 'COMPLETED',
      enabled: true,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it('--jq, as its help shows it', async () => {
    const result = await environment.run(['connections', '--jq', '.connections[].connectionName']);
    expect(result.stdout.split('\n').slice(0, 3)).toEqual(['"notes-demo"', '"weather-demo"', '"docs-demo"']);
  });

  it('a table on a terminal', async () => {
    const result = await environment.run(['connections', '--no-color'], { terminal: true, columns: 100 });
    expect(result.stdout.split('\n')[0]).toMatch(/^CONNECTION +PROVIDER +TYPE +STATUS +ID$/);
    expect(result.stdout).toMatch(/\nnotes-demo +demo-notes +OAUTH +COMPLETED +conn_\d+\n/);
  });
});
