import type { PathKey } from '../../contracts/problems.ts';
import { isJsonObject } from '../../json/object.ts';
import { freeName, idName, inputName } from './input-names.ts';
import type { CallShape, Part } from './request-parts.ts';

type Candidate = Omit<Part, 'inputName'> & { names: readonly string[] };

export interface FindOptions {
  /** The document of a GraphQL request is no input, its variables are. */
  isGraphql: boolean;
}

/** What of a call could be an input, in the order in which it was typed. */
export function findParts(shape: CallShape, options: FindOptions): Part[] {
  const taken = new Set<string>();
  return [...pathParts(shape), ...queryParts(shape), ...bodyParts(shape, options)].map(
    ({ names, ...part }) => {
      const name = freeName(names, taken);
      taken.add(name);
      return { ...part, inputName: name };
    },
  );
}

function pathParts({ path }: CallShape): Candidate[] {
  return path.flatMap((piece, index) => {
    if (typeof piece === 'string') return [];
    const { value, template } = piece;
    const before = path[index - 1];
    const segment = typeof before === 'string' ? before.split('/').at(-2) : undefined;
    const name = template === undefined ? idName(segment, value) : inputName(template);
    return [
      {
        where: { in: 'path', piece: index },
        label: template ?? value,
        value,
        names: [name, `path_${name}`],
        isLikely: true,
      },
    ];
  });
}

/** How an answer looks, and not what is in it. */
const SHAPING =
  /^\$?(format|alt|fields|expand|include|embed|select|sort|sort_?by|order|order_?by|direction|pretty_?print|(api[-_]?)?version|v|locale|lang|part|with_.*)$/i;

function queryParts({ query }: CallShape): Candidate[] {
  return [...query].map(([name, value]) => ({
    where: { in: 'query', name },
    label: name,
    value: fromText(value),
    names: [inputName(name), `query_${inputName(name)}`],
    isLikely: !SHAPING.test(name) && value !== '',
  }));
}

/** What a text of a query or a form spells, or each of several. */
export function fromText(value: unknown): unknown {
  return Array.isArray(value) ? value.map(fromText) : typeof value === 'string' ? typedValue(value) : value;
}

/** `007` and `1e3` stay texts. */
function typedValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text !== '' && String(number) === text && Number.isFinite(number) && Math.abs(number) <= 2 ** 53 - 1
    ? number
    : text;
}

const DEEPEST = 4;
const CONSTANT = /^(type|kind|object|jsonrpc|method|(api_?)?version|mime_?type)$/i;

function bodyParts({ body, isForm }: CallShape, { isGraphql }: FindOptions): Candidate[] {
  if (body === undefined || body === null) return [];
  const found = isGraphql && isJsonObject(body) ? leaves(body['variables'], ['variables']) : leaves(body, []);
  return found.map(({ keys, value: sent }) => {
    const value = isForm ? fromText(sent) : sent;
    const named = keys.filter((key) => typeof key === 'string');
    const last = named.at(-1) ?? 'body';
    const own = isGraphql ? named.slice(1) : named;
    return {
      where: { in: 'body', keys },
      label: keys.length === 0 ? 'body' : keys.join('.'),
      value,
      names: [inputName(last), inputName(...own.slice(-2)), inputName(...own), `body_${inputName(...own)}`],
      isLikely: !CONSTANT.test(last) && isSimple(value),
    };
  });
}

interface Leaf {
  keys: readonly PathKey[];
  value: unknown;
}

/** What is no object, or a deep one. A null says nothing of what may stand there. */
function leaves(value: unknown, keys: readonly PathKey[]): Leaf[] {
  if (value === undefined || value === null || value === '') return [];
  if (!isJsonObject(value) || keys.length >= DEEPEST) return [{ keys, value }];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...keys, key]));
}

function isSimple(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((each) => typeof each !== 'object');
  return typeof value !== 'object';
}
