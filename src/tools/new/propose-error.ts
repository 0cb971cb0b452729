import type { Contract } from '../../contracts/contract.ts';
import { isJsonObject } from '../../json/object.ts';

/** How an API that answers 200 whatever happens says that something failed; nothing for one that does not. */
export function proposeError(
  answer: unknown,
  { toolName, isGraphql }: { toolName: string; isGraphql: boolean },
): Pick<Contract, 'fail_when' | 'error'> {
  if (!isJsonObject(answer)) return {};
  const provider = toolName.split(/[_-]/)[0] ?? '';
  const label = `${provider.charAt(0).toUpperCase()}${provider.slice(1)} error: `;
  const worded = (message: string) => `${JSON.stringify(label)} + (${message} | tostring)`;
  if (isGraphql) return { fail_when: '.errors', error: worded('.errors[0].message // "unknown"') };
  if (answer['ok'] === true) return { fail_when: '.ok == false', error: worded('.error // "unknown"') };
  if (answer['success'] === true) {
    return { fail_when: '.success == false', error: worded('.error // .message // "unknown"') };
  }
  return {};
}
