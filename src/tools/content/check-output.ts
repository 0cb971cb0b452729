import { SkConnectError } from '../../errors.ts';
import type { JsonObject } from '../../json/object.ts';
import { type Violation, violationText } from '../../json/schema.ts';
import { violationsOf } from '../../json/violations.ts';
import { contentOf } from './content.ts';

/**
 * What of an answer does not fit the tool's output schema, which for MCP is about `structuredContent`. Nothing
 * where the schema itself is broken.
 */
export async function outputViolations(schema: JsonObject, data: string): Promise<Violation[]> {
  const answer: unknown = JSON.parse(data);
  const content = contentOf(answer);
  if (content !== undefined && content.structured === undefined) {
    return [{ path: '', message: 'has no structuredContent' }];
  }
  return violationsOf(schema, content === undefined ? answer : content.structured).catch(() => []);
}

/** What `--strict-output` ends with. */
export function unfitOutput(toolName: string, violations: readonly Violation[]): SkConnectError {
  return new SkConnectError('expectation', outputText(toolName, violations), {
    code: 'output_mismatch',
    hint: 'The tool ran: its answer is above. Leave --strict-output out to be warned only.',
    details: { violations },
  });
}

export function outputText(toolName: string, violations: readonly Violation[]): string {
  const lines = violations.map(
    ({ path, message }) => `  ${violationText({ path: path.slice(1), message }, 'the answer')}`,
  );
  return [`the answer does not fit the output schema of ${toolName}:`, ...lines].join('\n');
}
