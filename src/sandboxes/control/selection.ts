import type { App } from '../../app.ts';
import { commandLine } from '../../terminal/command-line.ts';

/** ` of user_1 on notes`, as far as -c, -i and their variables say so. */
export async function ofWhom({ settings }: App): Promise<string> {
  const [connection, identifier] = [await settings.connectionName(), await settings.identifier()];
  return `${identifier ? ` of ${identifier}` : ''}${connection ? ` on ${connection}` : ''}`;
}

/** The command that authorizes whom -c and -i name, with places to fill in where they do not. */
export async function authorizeLine({ settings }: App, ...flags: string[]): Promise<string> {
  const connection = (await settings.connectionName()) ?? 'CONNECTION';
  const identifier = (await settings.identifier()) ?? 'IDENTIFIER';
  return commandLine({ sandbox: true }, 'authorize', '-c', connection, '-i', identifier, ...flags);
}
