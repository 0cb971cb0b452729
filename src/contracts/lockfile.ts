import type { JsonObject } from '../json/object.ts';
import { violationText } from '../json/schema.ts';
import { misfits } from './fit.ts';

/** Tools as they were on a day: `tools.lock.json`. */
export interface Lockfile {
  lockfileVersion: 1;
  /** By Connection name. */
  connections: Record<string, LockedConnection>;
}

export interface LockedConnection {
  /** Empty where only custom tools are locked. */
  provider: string;
  tools: Record<string, LockedTool>;
}

export interface LockedTool {
  displayName: string | null;
  description: string | null;
  source: 'builtin' | 'mcp' | 'custom';
  readOnly: boolean | null;
  scopes: string[] | null;
  /** The same for schemas that take the same; see src/json/schema-compare. */
  inputSchemaHash: string | null;
  inputSchema: JsonObject | null;
  outputSchemaHash: string | null;
  outputSchema: JsonObject | null;
}

export const LOCKFILE_VERSION = 1;

/** Why a text is no lockfile that can be read. */
export class LockfileError extends Error {
  override readonly name = 'LockfileError';
  /** Written by a version after this one. */
  readonly isNewer: boolean;

  constructor(message: string, { isNewer = false } = {}) {
    super(message);
    this.isNewer = isNewer;
  }
}

/** Throws a LockfileError whose message goes after the file's name: `is not valid JSON: …`. */
export async function parseLockfile(text: string): Promise<Lockfile> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new LockfileError(`is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return requireLockfile(value);
}

async function requireLockfile(value: unknown): Promise<Lockfile> {
  const version: unknown = (value as Partial<Lockfile> | null)?.lockfileVersion;
  if (typeof version === 'number' && version > LOCKFILE_VERSION) {
    throw new LockfileError(`was written by a later sk-connect (lockfileVersion ${version})`, {
      isNewer: true,
    });
  }
  const [first] = await misfits(SHAPE, value);
  if (first !== undefined) throw new LockfileError(`is no lockfile: ${violationText(first, 'it')}`);
  return value as Lockfile;
}

const text = { type: 'string' };
const nullable = (type: string) => ({ type: [type, 'null'] });

/** Fields that a later version adds are passed over. */
const SHAPE: JsonObject = {
  type: 'object',
  required: ['lockfileVersion', 'connections'],
  properties: {
    lockfileVersion: { const: LOCKFILE_VERSION },
    connections: { type: 'object', additionalProperties: { $ref: '#/$defs/connection' } },
  },
  $defs: {
    connection: {
      type: 'object',
      required: ['provider', 'tools'],
      properties: {
        provider: text,
        tools: { type: 'object', additionalProperties: { $ref: '#/$defs/tool' } },
      },
    },
    tool: {
      type: 'object',
      required: ['description', 'inputSchema', 'outputSchema', 'readOnly'],
      properties: {
        displayName: nullable('string'),
        description: nullable('string'),
        source: { enum: ['builtin', 'mcp', 'custom'] },
        readOnly: nullable('boolean'),
        scopes: { type: ['array', 'null'], items: text },
        inputSchemaHash: nullable('string'),
        inputSchema: nullable('object'),
        outputSchemaHash: nullable('string'),
        outputSchema: nullable('object'),
      },
    },
  },
};
