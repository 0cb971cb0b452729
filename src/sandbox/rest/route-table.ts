import { invalidArgument } from '../refusal.ts';

/** Routes by verb and path template, as grpc-gateway matches them: `/v1/things/{id}:verb`. */
export interface Route<T> {
  verb: string;
  template: string;
  target: T;
}

export interface Matched<T> {
  target: T;
  /** Decoded. */
  parameters: Record<string, string>;
}

export interface RouteTable<T> {
  find(verb: string, path: string): Matched<T> | undefined;
  /** The verbs that the path can be called with; none where there is no such path. */
  verbsOf(path: string): string[];
}

interface Compiled<T> extends Route<T> {
  expression: RegExp;
}

/** A segment that is given matches before one that is named. */
export function createRouteTable<T>(routes: readonly Route<T>[]): RouteTable<T> {
  const compiled = routes
    .map((route): Compiled<T> => ({ ...route, expression: expressionOf(route.template) }))
    .sort((left, right) => namesIn(left.template) - namesIn(right.template));
  const matching = (path: string) => compiled.filter(({ expression }) => expression.test(path));

  return {
    find(verb, path) {
      const route = matching(path).find((each) => each.verb === verb);
      if (!route) return undefined;
      const groups = Object.entries(route.expression.exec(path)?.groups ?? {});
      const parameters = groups.map(([name, value]) => [name, decoded(name, value)]);
      return { target: route.target, parameters: Object.fromEntries(parameters) };
    },
    verbsOf: (path) => [...new Set(matching(path).map(({ verb }) => verb))],
  };
}

function expressionOf(template: string): RegExp {
  const source = template
    .split(/(\{\w+\})/)
    .map((part) =>
      part.startsWith('{') ? `(?<${part.slice(1, -1)}>[^/:]+)` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`);
}

function decoded(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument(name, 'is not percent-encoded UTF-8');
  }
}

function namesIn(template: string): number {
  return template.split('{').length - 1;
}
