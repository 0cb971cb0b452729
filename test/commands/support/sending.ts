import { expect } from 'vitest';
import type { RunOptions } from '../run.ts';
import type { TestEnvironment } from './environment.ts';

export const ACCOUNT = ['-c', 'rest', '-i', 'user_1'];

/** `request` as user_1 on `rest`, looked at from the provider's side. */
export function sendingIn(environment: TestEnvironment) {
  /** Sends to `path` and gives what the provider received. */
  const sentTo = async (path: string, argv: readonly string[], options?: RunOptions) => {
    const { rest } = environment;
    rest.at(path, (_request, response) => response.end());
    rest.received.length = 0;
    const result = await environment.run(['request', ...argv, ...ACCOUNT], options);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(rest.received).toHaveLength(1);
    const [received] = rest.received;
    if (received === undefined) throw new Error('nothing was received');
    return { ...received, text: received.body.toString() };
  };
  /** Refused before anything is sent. */
  const refused = async (...argv: string[]) => {
    const { rest } = environment;
    rest.received.length = 0;
    const result = await environment.run(['request', ...argv, ...ACCOUNT, '--json']);
    expect(rest.received).toEqual([]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    return result.error();
  };
  return { sentTo, refused };
}
