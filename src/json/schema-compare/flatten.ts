import { canonicalText } from '../canonical.ts';
import { isJsonObject, type JsonObject } from '../object.ts';
import type { Condition, SchemaNode } from './model.ts';
import type { Document } from './resolve.ts';

/** Schemas that all have to hold, with what they refer to and are made of. */
export interface Flat {
  /** Their own keywords; the outermost first. */
  plain: JsonObject[];
  unions: Union[];
  conditions: Condition[];
  /** Nothing fits. */
  isNever: boolean;
  seen: Set<object>;
}

export interface Union {
  keyword: 'anyOf' | 'oneOf';
  members: readonly unknown[];
}

export interface Parts {
  document: Document;
  /** The node of schemas that all have to hold. */
  node: (schemas: readonly unknown[]) => SchemaNode;
}

/** Adds schemas to what was flattened before. A schema that holds already, as one that refers to itself does, adds nothing. */
export function flatten(parts: Parts, schemas: readonly unknown[], before?: Flat): Flat {
  const flat: Flat = {
    plain: [...(before?.plain ?? [])],
    unions: [],
    conditions: [...(before?.conditions ?? [])],
    isNever: false,
    seen: new Set(before?.seen),
  };
  const waiting = [...schemas];
  for (const schema of waiting) {
    if (schema === false) flat.isNever = true;
    else if (isJsonObject(schema)) add(parts, flat, schema, waiting);
    else if (schema !== true && schema !== undefined)
      flat.conditions.push(condition('schema', canonicalText(schema)));
  }
  return flat;
}

function add(parts: Parts, flat: Flat, schema: JsonObject, waiting: unknown[]): void {
  if (flat.seen.has(schema)) return;
  flat.seen.add(schema);
  flat.plain.push(schema);
  const { $ref, $dynamicRef, $recursiveRef, allOf } = schema;
  if (typeof $ref === 'string') {
    const target = parts.document.follow($ref);
    if (target !== undefined) waiting.push(target);
    else flat.conditions.push(condition('$ref', isRemote($ref) ? $ref : `${$ref} ${parts.document.text()}`));
  }
  const dynamic = $dynamicRef ?? $recursiveRef;
  if (dynamic !== undefined)
    flat.conditions.push(condition('$dynamicRef', `${canonicalText(dynamic)} ${parts.document.text()}`));
  if (Array.isArray(allOf)) waiting.push(...(allOf as unknown[]));
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const members: unknown = schema[keyword];
    if (!Array.isArray(members)) continue;
    if (members.length === 0) flat.isNever = true;
    else if (members.length === 1) waiting.push(members[0]);
    else flat.unions.push({ keyword, members });
  }
  flat.conditions.push(...conditionsOf(parts, schema));
}

function conditionsOf({ node }: Parts, schema: JsonObject): Condition[] {
  const { if: when, then, else: otherwise, not } = schema;
  const found: Condition[] = [];
  if (not !== undefined) found.push(condition('not', '', [['', node([not])]]));
  if (when !== undefined && (then !== undefined || otherwise !== undefined)) {
    found.push(
      condition('if', '', [
        ['if', node([when])],
        ['then', node([then])],
        ['else', node([otherwise])],
      ]),
    );
  }
  return found;
}

function isRemote(ref: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(ref);
}

export function condition(keyword: string, detail: string, schemas: Condition['schemas'] = []): Condition {
  return { keyword, detail, schemas };
}
