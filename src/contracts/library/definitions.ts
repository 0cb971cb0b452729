import { defineTool, definitionText } from '../../tools/formats/definition.ts';
import { formats } from '../../tools/formats/formats.ts';
import type { Definable } from '../../tools/formats/tool-format.ts';
import { forModel } from '../model-schema.ts';
import { type CustomTool, definitionOf, isReadOnly } from '../tool.ts';
import type { Definitions } from './interface.ts';

/** The document that `tools list --format` prints for these tools, parsed. */
export function definitionsOf<Format extends keyof Definitions>(
  tools: readonly CustomTool[],
  format: Format,
): Definitions[Format] {
  const chosen = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (chosen === undefined) {
    throw new TypeError(`no format is named ${JSON.stringify(format)}: ${Object.keys(formats).join(', ')}`);
  }
  const texts = tools.map((tool) => {
    const definable = toDefinable(tool);
    return definitionText(definable, defineTool(definable, chosen).definition, chosen);
  });
  return JSON.parse(`${chosen.open}${texts.join(',')}${chosen.close}`) as Definitions[Format];
}

function toDefinable(tool: CustomTool): Definable {
  const { name, description, input_schema, output_schema } = definitionOf(tool);
  return {
    name,
    displayName: null,
    description: description ?? null,
    inputSchema: forModel(input_schema),
    outputSchema: output_schema ?? null,
    readOnly: isReadOnly(tool),
  };
}
