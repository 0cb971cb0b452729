/** A sandbox with a state file in a process of its own, to be killed. Each line that it writes is JSON: its variables, then its warnings. */
import { startSandbox } from '../../../src/sandbox/start.ts';
import type { KeepOrder } from './order.ts';

const { config, state } = JSON.parse(process.argv[2] ?? '{}') as KeepOrder;
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
const sandbox = await startSandbox({ config, state, warn: say });
say(sandbox.env);
// The parent's end is this one's.
process.stdin.resume().once('end', () => void sandbox.close());
