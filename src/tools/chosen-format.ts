import { usageError } from '../errors.ts';
import { formats } from './formats/formats.ts';
import type { FormatName } from './formats/names.ts';
import type { ToolFormat } from './formats/tool-format.ts';

export interface FormatOptions {
  format?: FormatName;
  /** Strict variants of the tools that can have one. */
  strict?: boolean;
}

/** Throws a usage error where strict variants are wanted of a format that knows none. */
export function chosenFormat(name: FormatName, isStrict: boolean): ToolFormat {
  const format = formats[name];
  if (isStrict && format.strict === undefined) {
    throw usageError(
      `--format ${name} has no strict mode`,
      'Leave --strict out, or use --format anthropic, openai or openai-responses.',
      { code: 'no_strict_mode' },
    );
  }
  return format;
}
