import type { RunOptions } from '../run.ts';
import type { TestEnvironment } from './environment.ts';
import type { RestApi } from './http.ts';

export const ACCOUNT = ['-c', 'rest', '-i', 'user_1'];
export const THREE = ['[{"id":1},{"id":2}]', '[{"id":3}]', '[{"id":4}]'];

/** An API with pages, numbered from 1; behind the last it answers that one again. */
export interface Pages {
  bodies: readonly (string | Uint8Array)[];
  /** The query parameter that says which page is meant; without one it is the first. */
  parameter?: string;
  /** The pages come one after the other, whatever is asked for. */
  isInOrder?: boolean;
  /** The Link headers that lead to a page. */
  link?: (next: number) => string | string[];
  status?: (page: number) => number;
  headers?: Record<string, string>;
  /** The answer ends within the body. */
  breaks?: (page: number) => boolean;
  /** No answer comes. */
  hangs?: (page: number) => boolean;
}

export function pagesAt(rest: RestApi, path: string, pages: Pages): void {
  const { bodies, parameter = 'page', isInOrder = false } = pages;
  let calls = 0;
  rest.at(path, ({ url }, response) => {
    calls++;
    const asked = new URL(url, rest.origin).searchParams.get(parameter);
    const page = Math.min(isInOrder ? calls : Number(asked ?? '1'), bodies.length);
    if (pages.hangs?.(page) === true) return;
    const isBroken = pages.breaks?.(page) === true;
    const link = page < bodies.length ? pages.link?.(page + 1) : undefined;
    response.writeHead(pages.status?.(page) ?? 200, {
      'content-type': 'application/json',
      'x-page': String(page),
      ...(link === undefined ? {} : { link }),
      ...pages.headers,
      ...(isBroken ? { 'content-length': '100000' } : {}),
    });
    if (isBroken) {
      response.write(bodies[page - 1]);
      setImmediate(() => response.destroy());
    } else response.end(bodies[page - 1]);
  });
}

/** Has pages at /things, and gives what the command made of them, or of the path that `argv` begins with. */
export async function paginate(
  environment: TestEnvironment,
  pages: Pages,
  argv: readonly string[] = [],
  options?: RunOptions,
) {
  const { rest } = environment;
  pagesAt(rest, '/things', pages);
  rest.received.length = 0;
  const path = argv[0]?.startsWith('/') === true ? [] : ['/things'];
  const result = await environment.run(['request', ...path, ...argv, '--paginate', ...ACCOUNT], options);
  return { ...result, targets: rest.received.map(({ url }) => url) };
}
