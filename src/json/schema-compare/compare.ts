import { hash } from 'node:crypto';
import { isJsonObject } from '../object.ts';
import { tidySchema } from '../tidy-schema.ts';
import { type AnnotationDifference, annotationDifferences } from './annotations.ts';
import { classify } from './classes.ts';
import { createDiffer } from './differ.ts';
import { type Difference, valueDifference } from './difference.ts';
import { type GraphOptions, SchemaTooLarge, schemaGraph } from './graph.ts';

export interface SchemaComparison {
  /** Of what they take. Empty where that is surely the same; `narrowed` or `widened` alone says that one is within the other. */
  differences: readonly Difference[];
  annotations: readonly AnnotationDifference[];
}

/** What became of a schema. By meaning: how it is written does not matter. */
export function compareSchemas(
  before: unknown,
  after: unknown,
  options: GraphOptions = {},
): SchemaComparison {
  try {
    const [old, now] = [schemaGraph(before, options), schemaGraph(after, options)];
    const differences = createDiffer(classify([old, now]))(old, now);
    return { differences, annotations: annotationDifferences(old, now) };
  } catch (error) {
    if (!(error instanceof SchemaTooLarge)) throw error;
    const isSame = bareText(before) === bareText(after);
    return { differences: isSame ? [] : [valueDifference('undecided', error.message)], annotations: [] };
  }
}

/** The same for schemas that say the same, however it is written; `sha256:` and hexadecimal. Descriptions do not count. */
export function schemaHash(schema: unknown, options: GraphOptions = {}): string {
  return `sha256:${digest(schema, options)}`;
}

function digest(schema: unknown, options: GraphOptions): string {
  try {
    const root = schemaGraph(schema, options);
    return classify([root]).digest(root);
  } catch (error) {
    if (!(error instanceof SchemaTooLarge)) throw error;
    return hash('sha256', bareText(schema));
  }
}

function bareText(schema: unknown): string {
  return JSON.stringify(isJsonObject(schema) ? tidySchema(schema, { isBare: true }) : schema);
}
