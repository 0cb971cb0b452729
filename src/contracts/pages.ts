import { SkConnectError } from '../errors.ts';
import { readBody } from '../request/answer/content.ts';
import type { RequestOptions } from '../request/options.ts';
import { type Ending, walkPages } from '../request/pages/walk.ts';
import { openWay } from '../request/pages/way.ts';
import type { SentResponse } from '../request/send.ts';
import type { ProxyCall } from '../scalekit/proxy-input.ts';
import { asSent, providerFailure } from './answer.ts';
import type { Contract, ContractPages } from './contract.ts';
import { ToolFailure } from './failure.ts';
import type { ContractHost } from './host.ts';

/** The items of all pages as one JSON list. Throws a ToolFailure where a page is an error, or leads nowhere. */
export async function allPages(
  contract: Contract,
  call: ProxyCall,
  send: ContractHost['send'],
): Promise<string> {
  const options = pageOptions(contract);
  const items: string[] = [];
  let hostsError: unknown;
  const sendPage = async (page: ProxyCall): Promise<SentResponse> => {
    try {
      return asSent(await send(page));
    } catch (error) {
      hostsError = error;
      throw error;
    }
  };
  try {
    const typed = { call, path: call.path, query: [], headers: call.headers ?? [], body: undefined };
    const way = await openWay(typed, options);
    const tally = { pages: 0, items: 0, withoutList: 0 };
    const ending = await walkPages(way, sendPage, options, tally, async (found) => {
      for (const item of found) items.push(item);
    });
    await requireSuccess(contract, ending);
  } catch (error) {
    const isOfPages = error instanceof SkConnectError && error !== hostsError;
    if (!isOfPages || error.kind === 'interrupted') throw error;
    throw new ToolFailure('bad_answer', inFieldNames(error.message), { cause: error });
  }
  return `[${items.join(',')}]`;
}

function pageOptions({ pages, fail_when: failOn }: Contract): RequestOptions {
  const { next, page_param, page_size_param, items, max_pages, max_items, base_url }: ContractPages =
    typeof pages === 'object' ? pages : {};
  const options = {
    next,
    pageParam: page_param,
    pageSizeParam: page_size_param,
    items,
    maxPages: max_pages,
    maxItems: max_items,
    baseUrl: base_url,
    failOn,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

async function requireSuccess(contract: Contract, ending: Ending): Promise<void> {
  if (ending.kind === 'refused') {
    const { response } = ending;
    throw await providerFailure({ ...response, body: await readBody(response) });
  }
  if (ending.kind !== 'error') return;
  const { errorOf } = await import('./program.ts');
  throw await errorOf(contract, ending.page.json ?? 'null');
}

/** `--page-param` is `pages.page_param` here. */
function inFieldNames(message: string): string {
  return message
    .replace(/--fail-on\b/g, 'fail_when')
    .replace(/--([a-z]+(?:-[a-z]+)*)/g, (_, flag: string) => `pages.${flag.replaceAll('-', '_')}`);
}
