import type { ErrorObject } from 'ajv';
import { MASK } from '../redact.ts';
import { meantBy } from '../suggest.ts';
import { maskJson } from './mask.ts';
import { isJsonObject } from './object.ts';
import { pointerTo } from './pointer.ts';
import type { Violation } from './schema.ts';

/** An error of ajv in words: what was expected, and what came unless it looks like a secret. */
export function toViolation(error: ErrorObject, unknownProperty: string): Violation {
  const { instancePath: path, keyword, params, message = 'does not fit' } = error;
  switch (keyword) {
    case 'required':
      return { path: `${path}${pointerTo(params['missingProperty'])}`, message: 'is required' };
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      return { path: `${path}${pointerTo(name)}`, message: unknownProperty + suggestion(name, error) };
    }
    case 'enum':
      return { path, message: `must be one of ${JSON.stringify(params['allowedValues'])}, ${came(error)}` };
    case 'const':
      return { path, message: `must be ${JSON.stringify(params['allowedValue'])}, ${came(error)}` };
    case 'type':
      return { path, message: `must be ${[params['type']].flat().join(' or ')}, ${came(error)}` };
    default:
      return { path, message: `${message}, ${came(error)}` };
  }
}

function suggestion(name: string, { parentSchema }: ErrorObject): string {
  const properties: unknown = parentSchema?.['properties'];
  const meant = isJsonObject(properties) ? meantBy(name, Object.keys(properties)) : undefined;
  return meant === undefined ? '' : `: did you mean ${meant}?`;
}

function came({ data, instancePath, parentSchema }: ErrorObject): string {
  const name = instancePath.slice(instancePath.lastIndexOf('/') + 1);
  const isSecret = parentSchema?.['writeOnly'] === true || parentSchema?.['format'] === 'password';
  const entry = { [name]: isSecret && typeof data === 'string' ? MASK : data };
  const shown = maskJson(JSON.stringify(entry)).slice(JSON.stringify(name).length + 2, -1);
  return `not ${shown.length > 60 ? `${shown.slice(0, 57)}…` : shown}`;
}
