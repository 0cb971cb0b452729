import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Contract } from '../../contracts/contract.ts';
import { forModel } from '../../contracts/model-schema.ts';
import { isReadOnly } from '../../contracts/tool.ts';
import type { ConnectorDefinition } from '../config/types.ts';
import type { Connector } from '../state/connectors.ts';
import { type ListedTool, listedTool, type ToolList } from './tool-list.ts';

interface BuiltIn extends ToolList {
  /** What it was made of. */
  definition: ConnectorDefinition;
  contracts: ReadonlyMap<string, Contract>;
}

/** No state, but what is computed of a connector once: one whose definition was replaced is computed anew. */
const known = new WeakMap<Connector, BuiltIn>();

/** The tools that a connector's definition carries; undefined where it carries none. */
export function builtInTools(connector: Connector): BuiltIn | undefined {
  const { definition, identifier } = connector;
  if (definition.tools === undefined) return undefined;
  const found = known.get(connector);
  if (found?.definition === definition) return found;
  const builtIn = {
    definition,
    provider: identifier,
    tools: definition.tools.map((contract) => listed(connector, contract)),
    contracts: new Map(definition.tools.map((contract) => [contract.name, contract])),
  };
  known.set(connector, builtIn);
  return builtIn;
}

function listed({ identifier, updatedAt }: Connector, contract: Contract): ListedTool {
  const { name, description = '', input_schema, output_schema, scopes } = contract;
  const readOnly = isReadOnly({ kind: 'contract', contract, place: { file: '' } });
  return listedTool({
    name,
    displayName: inWords(name),
    description,
    provider: identifier,
    definition: {
      // Scalekit knows the user whom a tool is called for.
      input_schema: forModel(input_schema),
      output_schema,
      annotations: readOnly === null ? undefined : { read_only_hint: readOnly },
      scopes,
    },
    metadata: { source: 'connector' },
    tags: [identifier],
    updatedAt: timestampFromMs(updatedAt),
  });
}

/** `gmail_list_unread`: Gmail List Unread. The format has no other name for people. */
function inWords(name: string): string {
  return name
    .split(/[_-]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
