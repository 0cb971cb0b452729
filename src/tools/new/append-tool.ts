import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isScalar, isSeq, type Node, parseDocument, visit, type YAMLSeq } from 'yaml';
import type { Contract } from '../../contracts/contract.ts';
import toolsSchema from '../../contracts/tools.schema.json' with { type: 'json' };
import { usageError } from '../../errors.ts';

/** The tool as an entry of `tools`, in YAML. */
export function toolText(contract: Contract): string {
  const document = new Document([contract], { aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_key, list) => {
      list.flow = list.items.every((item) => isScalar(item));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** A file that has this tool alone. */
export function newFile(contract: Contract, isJson: boolean): string {
  if (isJson) return `${JSON.stringify({ $schema: toolsSchema.$id, tools: [contract] }, null, 2)}\n`;
  return `# yaml-language-server: $schema=${toolsSchema.$id}\ntools:\n${indented(toolText(contract), '  ')}`;
}

/**
 * The text of a contract file with one more tool behind those it has; all else in it stays as it is. Throws a usage
 * error where the tool cannot be put into it.
 */
export function appendTool(text: string, contract: Contract, file: string): string {
  const document = parseDocument(text, { merge: true });
  const tools = document.get('tools');
  const edited = isSeq(tools) ? inserted(text, tools, contract) : undefined;
  const before = document.toJS() as { tools: unknown[] };
  if (edited !== undefined) {
    const after: unknown = parseDocument(edited, { merge: true }).toJS();
    if (isDeepStrictEqual(after, { ...before, tools: [...before.tools, contract] })) return edited;
  }
  throw usageError(
    `the tool cannot be added to ${file}: its tools are written in a way that leaves no place for one`,
    'Write it into a file of its own with --file, or print it with --file -.',
    { code: 'file_not_appendable' },
  );
}

function inserted(text: string, tools: YAMLSeq, contract: Contract): string | undefined {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const last = tools.items.at(-1) as Node | undefined;
  if (tools.range === undefined || tools.range === null) return undefined;
  if (tools.flow === true) return intoFlow(text, tools, last, contract, lineBreak);
  const end = lastLineEnd(text, tools);
  const start = last?.range?.[0];
  if (end === undefined || start === undefined) return undefined;
  const dash = text.lastIndexOf('-', start);
  const indent = ' '.repeat(dash - (text.lastIndexOf('\n', dash) + 1));
  const entry = indented(toolText(contract), indent).trimEnd().replaceAll('\n', lineBreak);
  return `${text.slice(0, end)}${lineBreak}${entry}${text.slice(end)}`;
}

/** JSON, and lists in brackets; YAML takes JSON in them. */
function intoFlow(
  text: string,
  { range }: YAMLSeq,
  last: Node | undefined,
  contract: Contract,
  lineBreak: string,
): string | undefined {
  if (!range) return undefined;
  const start = last?.range?.[0] ?? range[0] + 1;
  const end = last?.range?.[1] ?? range[0] + 1;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(lineStart, start);
  const isOnOwnLine = last !== undefined && before.trim() === '';
  const indent = isOnOwnLine ? before : '';
  const json = isOnOwnLine
    ? indented(JSON.stringify(contract, null, 2), indent)
        .trimStart()
        .trimEnd()
        .replaceAll('\n', lineBreak)
    : JSON.stringify(contract);
  const separator = last === undefined ? '' : isOnOwnLine ? `,${lineBreak}${indent}` : ', ';
  return text.slice(0, end) + separator + json + text.slice(end);
}

/** Where the line ends that the last value of a block stands on; what comments follow stay behind it. */
function lastLineEnd(text: string, node: Node): number | undefined {
  let last: unknown = node;
  for (;;) {
    if (isMap(last) && last.flow !== true) last = last.items.at(-1)?.value ?? last.items.at(-1)?.key;
    else if (isSeq(last) && last.flow !== true) last = last.items.at(-1);
    else break;
  }
  const range = (last as Node | null | undefined)?.range;
  if (!range) return undefined;
  const isBlock = isScalar(last) && (last.type === 'BLOCK_LITERAL' || last.type === 'BLOCK_FOLDED');
  if (isBlock) return text.slice(0, range[1]).trimEnd().length;
  const at = text.indexOf('\n', range[1]);
  return at < 0 ? text.length : text[at - 1] === '\r' ? at - 1 : at;
}

function indented(text: string, indent: string): string {
  return text.replace(/^(?=.)/gm, indent);
}
