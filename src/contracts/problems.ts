import { type SkConnectError, usageError } from '../errors.ts';
import { type Place, placeText } from './tool.ts';

export type PathKey = string | number;

/** What is wrong with a value of a contract file. */
export interface Finding {
  path: readonly PathKey[];
  message: string;
}

/** The same with its place. */
export interface ContractProblem extends Place {
  /** `tools[0].request.path`; empty for the file as a whole. */
  path: string;
  message: string;
}

/** `tools.yaml:4:7 tools[0].request.path: must begin with a slash`. */
function problemText(problem: ContractProblem): string {
  const { path, message } = problem;
  return `${placeText(problem)}${path === '' ? '' : ` ${path}`}: ${message}`;
}

/** What contract files that are wrong end with. */
export function badContracts(problems: readonly ContractProblem[]): SkConnectError {
  const [first] = problems;
  const message =
    problems.length === 1 && first !== undefined
      ? problemText(first)
      : [
          `${problems.length} problems in the custom tools:`,
          ...problems.map((each) => `  ${problemText(each)}`),
        ].join('\n');
  const isOfDocument = problems.some(({ line }) => line !== undefined);
  return usageError(message, isOfDocument ? SEE_FORMAT : SEE_KINDS, {
    code: 'bad_contract',
    details: { problems },
  });
}

const SEE_FORMAT = 'The format, for editors and people: tools.schema.json in the package sk-connect.';
const SEE_KINDS =
  'Custom tools are in a YAML or JSON file, or in a module that exports customTools and routeToolCall.';

export function pathText(path: readonly PathKey[]): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}
