import { formatOutputs, type JqLook, jqOutputs } from '../../src/json/jq.ts';

/** What jq prints for an expression over the JSON values of a text, as the commands put it together. */
export async function runJq(
  expression: string,
  json: string,
  { flag, ...look }: JqLook & { flag?: string } = {},
): Promise<string> {
  return formatOutputs(await jqOutputs(expression, json, flag), look);
}
