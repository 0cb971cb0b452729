import { checkContracts } from './check.ts';
import type { Contract } from './contract.ts';
import type { CheckedDocument } from './load.ts';
import type { ContractProblem, Finding } from './problems.ts';
import { locatedProblem, readSource } from './source.ts';

/** Reads a contract file and finds all that is wrong with it; the document is there where nothing is. */
export async function checkSource(
  file: string,
  text: string,
): Promise<{ document?: CheckedDocument; problems: ContractProblem[] }> {
  const source = readSource(file, text);
  const isReadable = source.value !== undefined;
  const found = isReadable ? await findingsIn(source.value) : [];
  const problems = [...source.problems, ...found.map((finding) => locatedProblem(source, finding))].sort(
    byPlace,
  );
  if (problems.length > 0 || !isReadable) return { problems };
  const { tools } = source.value as { tools: Contract[] };
  return { problems, document: { tools, places: tools.map((_, index) => source.locate(['tools', index])) } };
}

async function findingsIn(value: unknown): Promise<Finding[]> {
  // An empty file, or one of comments alone.
  if (value === null) return [{ path: [], message: 'is empty: write tools: and a list of them' }];
  return checkContracts(value);
}

function byPlace(one: ContractProblem, other: ContractProblem): number {
  const [line, otherLine] = [one.line ?? 0, other.line ?? 0];
  return line === otherLine ? (one.column ?? 0) - (other.column ?? 0) : line - otherLine;
}
