import type { Finding } from '../config/problems.ts';
import type { SandboxConfig } from '../config/types.ts';
import { checkFault } from './check.ts';
import { faultOfConfig, snakeCase } from './schema.ts';

export function checkFaults({ faults = [], connections }: SandboxConfig): Finding[] {
  const names = new Set(connections.map(({ name }) => name));
  return faults.flatMap((fault, index) => {
    const findings = checkFault(faultOfConfig(fault), snakeCase);
    const named = fault.match?.connection_name;
    if (named !== undefined && !names.has(named)) {
      findings.push({ path: ['match', 'connection_name'], message: `no connection is called ${named}` });
    }
    return findings.map(({ path, message }) => ({ path: ['faults', index, ...path], message }));
  });
}
