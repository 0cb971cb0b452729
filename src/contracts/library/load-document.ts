import { isJsonObject } from '../../json/object.ts';
import { checkContracts } from '../check.ts';
import type { Contract } from '../contract.ts';
import { badContracts, pathText } from '../problems.ts';
import type { CustomTool } from '../tool.ts';

/** The tools of a document that the app has parsed itself. Throws a usage error with all that is wrong with it. */
export async function loadDocument(document: unknown): Promise<CustomTool[]> {
  const found = await checkContracts(document);
  if (found.length > 0) {
    throw badContracts(found.map(({ path, message }) => ({ file: WHOLE, path: pathText(path), message })));
  }
  const contracts = (isJsonObject(document) ? document['tools'] : []) as Contract[];
  return contracts.map((contract) => ({ kind: 'contract', contract, place: { file: WHOLE } }));
}

const WHOLE = 'the contracts';
