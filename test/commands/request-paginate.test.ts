import { describe, expect, it, vi } from 'vitest';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();

describe('pages', () => {
  it('joins them', async () => {
    environment.rest.at('/notes', ({ url }, response) => {
      const page = Number(/page=(\d+)/.exec(url)?.[1] ?? '1');
      if (page < 3) response.setHeader('link', `<https://api.example.com/v1/notes?page=${page + 1}>; rel="next"`);
      response.end(`[{"id": ${page}}]`);
    });
    const result = await environment.run(['request', '/notes', '--paginate', '-c', 'rest', '-i', 'user_1']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '3 pages, 3 items\n' });
    expect(result.json()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  });
});
