import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { invalidArgument, Refusal } from '../refusal.ts';

/** Deeper than any schema or input, and shallow enough for every recursion over it. */
const DEEPEST = 200;

/** A request's body as an object, whatever content type it names; an empty body is an empty object, as for grpc-gateway. */
export function parseBody(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Not the whole of the engine's message: it repeats what it choked on, and that may be a credential.
    const position = error instanceof Error ? /at position \d+/.exec(error.message)?.[0] : undefined;
    throw new Refusal(
      'invalid_argument',
      'INVALID_JSON',
      position === undefined ? 'the body is not JSON' : `the body is not JSON, ${position}`,
    );
  }
  if (!isJsonObject(value)) throw invalidArgument('body', 'must be a JSON object');
  if (isDeeper(value, DEEPEST)) throw invalidArgument('body', `is nested deeper than ${DEEPEST} levels`);
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}
