import type { JsonObject } from '@bufbuild/protobuf';
import type { Tool } from '../descriptors.ts';

export interface DiscoveredTool {
  /** `c-<connection>_<tool>` */
  name: string;
  message: Tool;
}

export function toolPrefix(connectionName: string): string {
  return `c-${connectionName}_`;
}

/** Through text, so that what is undefined is gone: a protobuf Struct takes plain JSON only. */
export function plainJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
