import type { App } from '../../app.ts';
import type { SandboxOverview } from '../../sandbox/interface/control.ts';
import { openSandbox } from '../../sandbox-api.ts';

export async function resetSandbox(app: App): Promise<void> {
  const api = await openSandbox(app);
  await tellOverview(app, await api.call<SandboxOverview>('POST', '/reset'), 'is as its config has it');
}

export async function tellOverview(app: App, overview: SandboxOverview, what: string): Promise<void> {
  if (app.terminal.isJson) return app.terminal.printJson(overview);
  const { url, connections, accounts } = overview;
  app.terminal.notice(
    `The sandbox at ${url} ${what}: ${counted(connections, 'connection')}, ${counted(accounts, 'account')}.`,
  );
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
