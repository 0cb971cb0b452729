import { checkFault } from '../faults/check.ts';
import { faultSchema } from '../faults/schema.ts';
import type { SandboxControl } from '../interface/control.ts';
import { SandboxControlError } from '../interface/control-error.ts';
import type { FaultInput } from '../interface/faults.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { invalidRequest } from './control-error.ts';
import { parse } from './parse.ts';

type FaultOperations = Pick<SandboxControl, 'faults' | 'fault' | 'addFault' | 'removeFault' | 'clearFaults'>;

const MOST_FAULTS = 1000;

export function faultOperations({ faults }: SandboxState): FaultOperations {
  return {
    faults: () => faults.list().map((fault) => structuredClone(fault)),

    fault(id) {
      const fault = faults.get(id);
      if (fault) return structuredClone(fault);
      throw notFound(id);
    },

    addFault(input) {
      const fault = parse(faultSchema, input) as unknown as FaultInput;
      const findings = checkFault(fault);
      if (findings.length > 0) throw invalidRequest(findings);
      if (faults.list().length >= MOST_FAULTS) {
        throw new SandboxControlError(409, 'too_many_faults', `there are ${MOST_FAULTS} faults already`, {
          hint: 'DELETE /sandbox/v1/faults removes them.',
        });
      }
      return structuredClone(faults.add(structuredClone(fault)));
    },

    removeFault(id) {
      if (!faults.remove(id)) throw notFound(id);
    },

    clearFaults: () => faults.clear(),
  };
}

function notFound(id: string): SandboxControlError {
  return new SandboxControlError(404, 'fault_not_found', `there is no fault ${id}`, {
    hint: 'GET /sandbox/v1/faults has all of them.',
  });
}
