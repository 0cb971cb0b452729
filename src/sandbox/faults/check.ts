import type { Finding } from '../config/problems.ts';
import type { Fault, FaultInput } from '../interface/faults.ts';
import { compileMatch } from './compile.ts';
import { madeUpStatus } from './effects.ts';

export const EXECUTE_TOOL = 'scalekit.v1.tools.ToolService/ExecuteTool';

/**
 * What the parts of a fault must be to each other; its shape is right.
 * @param spell a name of the control API as the one who wrote it has it
 */
export function checkFault(fault: FaultInput, spell: (key: string) => string = (key) => key): Finding[] {
  const { match = {}, effect } = fault;
  const findings: Finding[] = [];
  const finding = (path: string[], message: string) => findings.push({ path: path.map(spell), message });
  const answers = madeUpStatus(effect) !== undefined;

  if (Object.keys(effect).length === 0) finding(['effect'], 'says nothing that is to happen');
  if (effect.status !== undefined && effect.grpcCode !== undefined) {
    finding(
      ['effect', 'grpcCode'],
      'is Scalekit’s refusal and status the provider’s answer: it is one of them',
    );
  }
  for (const part of ['body', 'headers'] as const) {
    if (effect[part] !== undefined && !answers) finding(['effect', part], 'goes with status');
  }
  if (answers && !canAnswer(match)) {
    finding(
      ['effect', effect.status === undefined ? 'retryAfterSeconds' : 'status'],
      `is a provider’s answer, and this RPC asks no provider: give a ${spell('grpcCode')}`,
    );
  }
  if (effect.grpcCode !== undefined && match.kind === 'oauth') {
    finding(['effect', 'grpcCode'], 'the provider is asked for tokens, and it answers with a status');
  }
  if (fault.seed !== undefined && fault.probability === undefined) finding(['seed'], 'goes with probability');
  return findings;
}

/** Of the RPCs a tool's execution alone asks a provider. */
function canAnswer(match: Fault['match']): boolean {
  if (match.rpc === undefined) return true;
  return compileMatch({ rpc: match.rpc })({ kinds: ['tool', 'grpc'], rpc: EXECUTE_TOOL });
}
