import type { CallKind, FaultMatch } from '../interface/faults.ts';

/** A call as faults look at it. */
export interface FaultSubject {
  /** A tool call is also the RPC or the REST call that it came as. */
  kinds: readonly CallKind[];
  connectionName?: string | undefined;
  identifier?: string | undefined;
  toolName?: string | undefined;
  method?: string | undefined;
  /** Without query; of a proxied call what follows `/proxy`. */
  path?: string | undefined;
  /** `scalekit.v1.tools.ToolService/ExecuteTool` */
  rpc?: string | undefined;
}

type Test = (subject: FaultSubject) => boolean;

/** What a match asks for, as one function. Everything it names has to fit. */
export function compileMatch(match: FaultMatch): Test {
  const { connectionName, identifier, toolName, method, path, kind } = match;
  const tests: Test[] = [];
  if (kind !== undefined) tests.push(({ kinds }) => kinds.includes(kind));
  // What goes on beside the calls that somebody makes is only disturbed where it is asked for.
  else
    tests.push(({ kinds }) => !kinds.includes('oauth') && (path !== undefined || !kinds.includes('token')));
  if (connectionName !== undefined) tests.push((subject) => subject.connectionName === connectionName);
  if (identifier !== undefined) tests.push((subject) => subject.identifier === identifier);
  if (toolName !== undefined) tests.push(globTest(toolName, (subject) => subject.toolName));
  if (method !== undefined) {
    const upper = method.toUpperCase();
    tests.push((subject) => subject.method === upper);
  }
  if (path !== undefined) tests.push(globTest(path, (subject) => subject.path));
  if (match.rpc !== undefined) {
    const named = match.rpc.includes('/') ? match.rpc : `**/${match.rpc}`;
    tests.push(globTest(named, ({ rpc }) => rpc));
  }
  return (subject) => tests.every((test) => test(subject));
}

function globTest(glob: string, textOf: (subject: FaultSubject) => string | undefined): Test {
  const expression = globExpression(glob);
  return (subject) => {
    const text = textOf(subject);
    return text !== undefined && expression.test(text);
  };
}

/** `*` is anything within a segment, `**` anything at all, `/**` at the end also nothing. */
function globExpression(glob: string): RegExp {
  const source = glob
    .split(/(\/\*\*$|\*+)/)
    .map((part) => {
      if (part === '/**') return '(?:/.*)?';
      if (part.startsWith('**')) return '.*';
      if (part === '*') return '[^/]*';
      return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`, 's');
}
