import { Lexer } from 'yaml';

/** `# sk-connect-disable-next-line rule-a, rule-b -- why`; without rules it means all of them. */
const DIRECTIVE =
  /^#\s*sk-connect-disable(?<where>-next-line|-line)?(?<rules>(?:[\s,]+(?!--)[\w-]+)*)\s*(?:--.*)?$/;

/** What the comments of a file say is not to be reported. */
export interface Disabled {
  /** The line that it is for; undefined for the whole file. */
  line: number | undefined;
  /** Undefined for every rule. */
  rules: ReadonlySet<string> | undefined;
}

export function disabledIn(text: string): Disabled[] {
  if (!text.includes('sk-connect-disable')) return [];
  const found: Disabled[] = [];
  let line = 1;
  for (const token of new Lexer().lex(text)) {
    const directive = token.startsWith('#') ? DIRECTIVE.exec(token.trimEnd())?.groups : undefined;
    if (directive !== undefined) found.push(fromDirective(directive, line));
    line += token.split('\n').length - 1;
  }
  return found;
}

function fromDirective({ where, rules = '' }: Record<string, string | undefined>, line: number): Disabled {
  const names = rules.split(/[\s,]+/).filter((name) => name !== '');
  return {
    line: where === undefined ? undefined : line + (where === '-next-line' ? 1 : 0),
    rules: names.length === 0 ? undefined : new Set(names),
  };
}

export function isDisabled(disabled: readonly Disabled[], rule: string, line: number | undefined): boolean {
  return disabled.some(
    (each) =>
      (each.line === undefined || each.line === line) && (each.rules === undefined || each.rules.has(rule)),
  );
}
