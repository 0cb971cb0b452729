import { usageError } from '../../errors.ts';
import { didYouMean } from '../../suggest.ts';

/** Names as OpenAPI descriptions have them. What else stands in braces, as JSON in a query, is left alone. */
const TEMPLATE = /\{([\p{L}_$][\p{L}\p{N}_.$~-]*)\}/gu;

/**
 * The path with each `{name}` filled from `name=value`, percent-encoded. Throws a usage error for a template
 * that stays open, and for a name that the path does not have.
 */
export function fillTemplates(path: string, pairs: readonly string[]): string {
  refuseShellsPath(path);
  const values = parseValues(pairs);
  const names = [...new Set([...path.matchAll(TEMPLATE)].map(([, name = '']) => name))];
  const unused = [...values.keys()].find((name) => !names.includes(name));
  if (unused !== undefined) throw notInPath(unused, names);
  const open = names.filter((name) => !values.has(name));
  if (open.length > 0) {
    throw usageError(
      `the path leaves ${open.map((name) => `{${name}}`).join(' and ')} open`,
      `Add ${open.map((name) => `--path ${name}=VALUE`).join(' ')} (or write %7B for a brace that is meant).`,
      { code: 'open_template' },
    );
  }
  return path.replace(TEMPLATE, (_, name: string) => encodeURIComponent(values.get(name) ?? ''));
}

function parseValues(pairs: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    if (name === '') throw usageError('a value of --path has no name', 'Write --path name=VALUE.');
    // An unset shell variable: the path would lose a segment, and lead elsewhere.
    if (at < 0 || at === pair.length - 1)
      throw usageError(`--path ${name} has no value`, `Write --path ${name}=VALUE.`);
    if (values.has(name)) throw usageError(`--path ${name} is given twice`, 'Give it once.');
    values.set(name, pair.slice(at + 1));
  }
  return values;
}

function notInPath(name: string, names: readonly string[]) {
  const otherwise =
    names.length === 0
      ? `Write {${name}} where it belongs in the path.`
      : `The path has ${names.map((each) => `{${each}}`).join(', ')}.`;
  return usageError(`--path ${name} is nowhere in the path`, didYouMean(name, names, otherwise), {
    code: 'unused_template',
  });
}

/** Git Bash turns `/user` into `C:/Program Files/Git/user` before anybody sees it. */
function refuseShellsPath(path: string): void {
  if (!/^[A-Za-z]:[\\/]/.test(path)) return;
  throw usageError(
    `the path ${JSON.stringify(path)} is one of this machine's files`,
    'If your shell made it of a path such as /user, leave the slash at its beginning out.',
    { code: 'bad_path' },
  );
}
