import { usageError } from '../../errors.ts';
import { didYouMean } from '../../suggest.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import type { Change } from './changes.ts';
import { type ChangeKind, KINDS } from './kinds.ts';

export type IsAllowed = (change: Pick<Change, 'tool' | 'kind'>) => boolean;

/** `--allow`: a kind of change, a tool, or `TOOL:KIND`. What is meant by none of the changes is told. */
export function readAllowed(
  terminal: Pick<Terminal, 'notice'>,
  words: readonly string[],
  toolNames: ReadonlySet<string>,
): IsAllowed {
  const rules = words.map((word) => readRule(terminal, word, toolNames));
  return (change) =>
    rules.some(
      ({ tool, kind }) =>
        (tool === undefined || tool === change.tool) && (kind === undefined || kind === change.kind),
    );
}

interface Rule {
  tool?: string;
  kind?: ChangeKind;
}

function readRule(terminal: Pick<Terminal, 'notice'>, word: string, toolNames: ReadonlySet<string>): Rule {
  if (toolNames.has(word)) return { tool: word };
  if (isKind(word)) return { kind: word };
  const colon = word.lastIndexOf(':');
  const [tool, kind] = [word.slice(0, colon), word.slice(colon + 1)];
  if (colon > 0 && isKind(kind)) {
    if (!toolNames.has(tool)) tellUnknown(terminal, word, tool, toolNames);
    return { tool, kind };
  }
  if (colon > 0 && toolNames.has(tool)) {
    throw usageError(
      `--allow ${word}: ${kind} is no kind of change`,
      didYouMean(kind, KINDS, `There are ${KINDS.join(', ')}.`),
    );
  }
  tellUnknown(terminal, word, word, [...KINDS, ...toolNames]);
  return { tool: word };
}

function isKind(word: string): word is ChangeKind {
  return (KINDS as readonly string[]).includes(word);
}

/** No error: the tool it was about may be gone. */
function tellUnknown(
  terminal: Pick<Terminal, 'notice'>,
  word: string,
  name: string,
  known: Iterable<string>,
): void {
  const hint = didYouMean(name, [...known], 'It is neither a tool nor a kind of change.');
  terminal.notice(`--allow ${word} means nothing here. ${hint}`);
}
