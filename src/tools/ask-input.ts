import type { App } from '../app.ts';
import type { JsonObject } from '../json/object.ts';
import { askText, confirm, pick } from '../terminal/ask.ts';
import { requiredInputs } from './columns.ts';
import { typeValue } from './input.ts';
import { propertySchema, typesOf } from './schema.ts';
import type { ListedTool } from './toolbox.ts';

/** Asks on the terminal for each required input that is missing. */
export async function askMissing(
  app: App,
  tool: Pick<ListedTool, 'inputSchema'>,
  input: JsonObject,
): Promise<JsonObject> {
  const complete = { ...input };
  for (const key of requiredInputs(tool)) {
    if (!Object.hasOwn(complete, key))
      complete[key] = await ask(app, key, propertySchema(tool.inputSchema, key));
  }
  return complete;
}

async function ask(app: App, key: string, schema: JsonObject | undefined): Promise<unknown> {
  const description = typeof schema?.['description'] === 'string' ? ` (${schema['description']})` : '';
  const message = `${key}${description}`;
  const enumeration = schema?.['enum'];
  if (Array.isArray(enumeration)) {
    return typeValue(
      key,
      await pick(
        app,
        message,
        enumeration.map((each) => ({ name: String(each) })),
      ),
      schema,
    );
  }
  const types = typesOf(schema);
  if (types.length === 1 && types[0] === 'boolean') return confirm(app, message);
  const kind = types.length === 0 ? '' : ` [${types.join(' or ')}]`;
  return typeValue(key, await askText(app, `${message}${kind}`), schema);
}
