import type { Finding } from '../config/problems.ts';
import type { ConnectionConfig } from '../config/types.ts';
import { findProblems } from '../config/validate.ts';
import type { SandboxControl } from '../interface/control.ts';
import { SandboxControlError } from '../interface/control-error.ts';
import type { Connection } from '../state/connections.ts';
import { removeAccount } from '../state/remove-account.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { invalidRequest } from './control-error.ts';
import { shownConnection } from './shown.ts';

type ConnectionOperations = Pick<
  SandboxControl,
  'connections' | 'connection' | 'addConnection' | 'removeConnection'
>;

export function connectionOperations(state: SandboxState): ConnectionOperations {
  return {
    connections: () => [...state.connections.values()].map(shownConnection),

    connection: (name) => shownConnection(requireConnection(state, name)),

    addConnection(input) {
      const config = checked(state, input);
      if (state.connections.get(config.name)) {
        throw new SandboxControlError(
          409,
          'connection_exists',
          `a connection is called ${config.name} already`,
          {
            hint: 'Remove that one first, with its accounts, or choose another name.',
          },
        );
      }
      return shownConnection(state.connections.create(structuredClone(config), state.config.tools_lock));
    },

    removeConnection(name) {
      const connection = requireConnection(state, name);
      for (const account of state.accounts.ofConnection(name).slice()) removeAccount(state, account);
      state.connections.remove(connection);
    },
  };
}

/** As if it stood in a config, beside the connectors that are there now. */
function checked(state: SandboxState, input: unknown): ConnectionConfig {
  const name = isObject(input) ? input['connector'] : undefined;
  const connector = typeof name === 'string' ? state.connectors.find(name) : undefined;
  if (!connector) throw invalid(findProblems({ connectors: [], connections: [input] }));
  const named = (connector: string) => ({ ...(input as object), connector });
  const { definition, identifier } = connector;
  const findings = findProblems({ connectors: [definition], connections: [named(definition.display_name)] });
  if (findings.length > 0) throw invalid(findings);
  return named(identifier) as ConnectionConfig;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Paths are those of the connection. */
function invalid(findings: readonly Finding[]): SandboxControlError {
  return invalidRequest(findings.map(({ path, message }) => ({ path: path.slice(2), message })));
}

function requireConnection(state: SandboxState, name: string): Connection {
  const connection = state.connections.get(name);
  if (connection) return connection;
  throw new SandboxControlError(404, 'connection_not_found', `there is no connection ${name}`, {
    hint: 'GET /sandbox/v1/connections has all of them.',
  });
}
