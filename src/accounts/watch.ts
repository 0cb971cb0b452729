import type { App } from '../app.ts';
import { usageError } from '../errors.ts';
import type { ConnectedAccount } from '../scalekit/accounts.ts';
import { renderTable } from '../terminal/table.ts';
import { accountColumns } from './columns.ts';
import { poll } from './poll.ts';

/** Redraws the accounts in place until the signal aborts. */
export async function watchAccounts(app: App, list: () => Promise<ConnectedAccount[]>): Promise<void> {
  const { terminal, io } = app;
  if (!terminal.isForPerson) {
    throw usageError('--watch draws on a terminal, and stdout is none', 'Use --wait-for STATE in scripts.');
  }
  const { createLogUpdate } = await import('log-update');
  const screen = createLogUpdate(io.stdout as NodeJS.WriteStream);
  try {
    await poll({
      check: async () => {
        const accounts = await list();
        const table = await renderTable(terminal, accountColumns(terminal.outStyle), accounts);
        const time = new Date().toLocaleTimeString();
        screen(
          `${table || 'No connected accounts.\n'}\n${terminal.outStyle.dim(`${time} · Ctrl-C ends it`)}`,
        );
      },
      isDone: () => false,
      signal: app.signal,
      longestPauseMs: 2_000,
    });
  } finally {
    screen.done();
  }
}
